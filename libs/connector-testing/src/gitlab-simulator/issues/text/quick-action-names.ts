/**
 * The names that GitLab knows as quick actions, of whatever kind of object: their lines vanish from the text even where
 * they do nothing. Source: doc/user/project/quick_actions.md, lib/gitlab/quick_actions/*.rb
 */
export const quickActionNames: readonly string[] = [
  'add_child add_contacts add_email approve assign assign_reviewer award blocked_by blocks board_move',
  'checkin_reminder clear_health_status clear_weight clone close confidential convert_to_ticket copy_metadata',
  'create_merge_request done draft due due_date duplicate epic estimate estimate_time health_status invite_email',
  'iteration label labels link lock merge milestone move page parent_epic promote promote_to promote_to_incident publish',
  'react ready reassign reassign_reviewer rebase relabel relate remove_child remove_child_epic remove_contacts',
  'remove_due_date remove_email remove_epic remove_estimate remove_iteration remove_label remove_labels',
  'remove_milestone remove_parent remove_parent_epic remove_reviewer remove_time_estimate remove_time_spent',
  'remove_zoom reopen request_changes request_review reviewer set_parent severity ship spend spend_time spent',
  'status submit_review subscribe tag target_branch timeline title todo type unapprove unassign',
  'unassign_reviewer unlabel unlink unlock unsubscribe weight wip zoom',
].flatMap((line) => line.split(' '));

/** What these put in place of themselves. */
export const substitutions: Readonly<Record<string, string>> = {
  shrug: '¯\\_(ツ)_/¯',
  tableflip: '(╯°□°)╯︵ ┻━┻',
};
