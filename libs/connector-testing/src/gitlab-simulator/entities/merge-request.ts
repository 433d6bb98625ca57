import { milestoneEntity } from '../issues/entities/milestone.js';
import type { MergeRequest } from '../model/merge-request.js';
import type { User } from '../model/people.js';
import { isMergeRequestPipeline, type Pipeline } from '../model/pipeline.js';
import { pipelineDetail, pipelineEntity } from './pipeline.js';
import { isoTime, isoTimeOrNull, projectUrl, type Site } from './site.js';
import { userEntity, userOrNull } from './user.js';

const timeStats = { time_estimate: 0, total_time_spent: 0, human_time_estimate: null, human_total_time_spent: null };

/** An item of the list. */
export function mergeRequestEntity(site: Site, mergeRequest: MergeRequest) {
  const { project, iid } = mergeRequest;
  const mergeUser = userOrNull(site, mergeRequest.mergeUser);
  const assignees = mergeRequest.assignees.map((user) => userEntity(site, user));
  return {
    id: mergeRequest.id,
    iid,
    project_id: project.id,
    title: mergeRequest.title,
    description: mergeRequest.description,
    state: mergeRequest.state,
    created_at: isoTime(mergeRequest.createdAt),
    updated_at: isoTime(mergeRequest.updatedAt),
    merged_by: mergeUser,
    merge_user: mergeUser,
    merged_at: isoTimeOrNull(mergeRequest.mergedAt),
    closed_by: userOrNull(site, mergeRequest.closedBy),
    closed_at: isoTimeOrNull(mergeRequest.closedAt),
    target_branch: mergeRequest.targetBranch,
    source_branch: mergeRequest.sourceBranch,
    user_notes_count: mergeRequest.userNotesCount,
    upvotes: 0,
    downvotes: 0,
    author: userOrNull(site, mergeRequest.author),
    assignees,
    assignee: assignees[0] ?? null,
    reviewers: mergeRequest.reviewers.map((user) => userEntity(site, user)),
    source_project_id: project.id,
    target_project_id: project.id,
    labels: mergeRequest.labels,
    draft: mergeRequest.draft,
    imported: false,
    imported_from: 'none',
    work_in_progress: mergeRequest.draft,
    milestone: mergeRequest.milestone === null ? null : milestoneEntity(site, mergeRequest.milestone),
    merge_when_pipeline_succeeds: false,
    merge_status: mergeRequest.hasConflicts ? 'cannot_be_merged' : 'can_be_merged',
    detailed_merge_status: mergeRequest.hasConflicts ? 'conflict' : mergeRequest.detailedMergeStatus,
    merge_after: null,
    sha: mergeRequest.sha,
    merge_commit_sha: mergeRequest.mergeCommitSha,
    squash_commit_sha: mergeRequest.squashCommitSha,
    discussion_locked: null,
    should_remove_source_branch: null,
    force_remove_source_branch: true,
    prepared_at: isoTime(mergeRequest.createdAt),
    reference: `!${iid}`,
    references: { short: `!${iid}`, relative: `!${iid}`, full: `${project.fullPath}!${iid}` },
    web_url: `${projectUrl(site, project)}/-/merge_requests/${iid}`,
    time_stats: timeStats,
    squash: mergeRequest.squashCommitSha !== null,
    squash_on_merge: false,
    task_completion_status: { count: 0, completed_count: 0 },
    has_conflicts: mergeRequest.hasConflicts,
    blocking_discussions_resolved: true,
    ...(site.edition === 'ee' ? { approvals_before_merge: null } : {}),
  };
}

export function mergeRequestDetail(site: Site, mergeRequest: MergeRequest, canMerge: boolean) {
  const head = headPipeline(mergeRequest);
  return {
    ...mergeRequestEntity(site, mergeRequest),
    subscribed: false,
    changes_count: mergeRequest.changedFiles.length > 1000 ? '1000+' : String(mergeRequest.changedFiles.length),
    latest_build_started_at: isoTimeOrNull(head?.startedAt ?? null),
    latest_build_finished_at: isoTimeOrNull(head?.finishedAt ?? null),
    first_deployed_to_production_at: null,
    pipeline: head === undefined ? null : pipelineEntity(site, head),
    head_pipeline: head === undefined ? null : pipelineDetail(site, head),
    diff_refs: { base_sha: mergeRequest.baseSha, head_sha: mergeRequest.sha, start_sha: mergeRequest.baseSha },
    merge_error: null,
    user: { can_merge: canMerge },
    first_contribution: false,
  };
}

/** Pipelines of its commit or of its merge-request ref, newest first. */
export function mergeRequestPipelines(mergeRequest: MergeRequest): Pipeline[] {
  const found: Pipeline[] = [];
  for (const pipeline of mergeRequest.project.pipelines.values()) {
    const own = pipeline.ref === `refs/merge-requests/${mergeRequest.iid}/head`;
    if (own || (pipeline.sha === mergeRequest.sha && !isMergeRequestPipeline(pipeline))) found.push(pipeline);
  }
  return found.sort((left, right) => right.id - left.id);
}

function headPipeline(mergeRequest: MergeRequest): Pipeline | undefined {
  return mergeRequestPipelines(mergeRequest).find((pipeline) => pipeline.sha === mergeRequest.sha);
}

/** The Free shape: approved as soon as one person did. The paid editions add the rest. */
export function approvalsEntity(site: Site, mergeRequest: MergeRequest, user: User) {
  const approved = mergeRequest.approvals.length > 0;
  const base = {
    user_has_approved: mergeRequest.approvals.some((approval) => approval.user === user),
    user_can_approve: mergeRequest.author !== user && mergeRequest.state === 'opened',
    approved,
    approved_by: mergeRequest.approvals.map((approval) => ({
      user: userEntity(site, approval.user),
      approved_at: isoTime(approval.at),
    })),
  };
  if (site.edition === 'free') return base;
  return {
    id: mergeRequest.id,
    iid: mergeRequest.iid,
    project_id: mergeRequest.project.id,
    title: mergeRequest.title,
    state: mergeRequest.state,
    merge_status: 'can_be_merged',
    approvals_required: 1,
    approvals_left: approved ? 0 : 1,
    approval_rules_left: [],
    has_approval_rules: true,
    suggested_approvers: [],
    ...base,
  };
}

export function diffEntity(path: string) {
  return {
    old_path: path,
    new_path: path,
    a_mode: '100644',
    b_mode: '100644',
    diff: '@@ -1 +1 @@\n-before\n+after\n',
    new_file: false,
    renamed_file: false,
    deleted_file: false,
    generated_file: false,
    collapsed: false,
    too_large: false,
  };
}

export function reviewerEntity(site: Site, mergeRequest: MergeRequest, user: User) {
  const approved = mergeRequest.approvals.some((approval) => approval.user === user);
  return {
    user: userEntity(site, user),
    state: approved ? 'approved' : 'unreviewed',
    created_at: isoTime(mergeRequest.createdAt),
  };
}
