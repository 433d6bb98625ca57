import { isoTime, isoTimeOrNull, projectUrl, type Site } from '../../entities/site.js';
import { userEntity, userOrNull } from '../../entities/user.js';
import type { User } from '../../model/people.js';
import type { Issue } from '../model/issue.js';
import { spokenTime } from '../world/issue-history.js';
import { milestoneEntity } from './milestone.js';

const types = { issue: 'ISSUE', incident: 'INCIDENT', task: 'TASK', test_case: 'TEST_CASE' } as const;

/** An item of a list. */
export function issueEntity(site: Site, issue: Issue) {
  const { project, iid } = issue;
  const self = `${site.url}/api/v4/projects/${project.id}`;
  const assignees = issue.assignees.map((user) => userEntity(site, user));
  const tasks = taskCounts(issue.description);
  return {
    id: issue.id,
    iid,
    project_id: project.id,
    title: issue.title,
    description: issue.description,
    state: issue.state,
    created_at: isoTime(issue.createdAt),
    updated_at: isoTime(issue.updatedAt),
    closed_at: isoTimeOrNull(issue.closedAt),
    closed_by: userOrNull(site, issue.closedBy),
    labels: issue.labels.map(({ name }) => name),
    milestone: issue.milestone === null ? null : milestoneEntity(site, issue.milestone),
    assignees,
    author: userEntity(site, issue.author),
    type: types[issue.issueType],
    assignee: assignees[0] ?? null,
    user_notes_count: issue.notes.filter((note) => !note.system).length,
    merge_requests_count: 0,
    upvotes: 0,
    downvotes: 0,
    due_date: issue.dueDate,
    confidential: issue.confidential,
    discussion_locked: issue.discussionLocked,
    issue_type: issue.issueType,
    web_url: issueUrl(site, issue),
    time_stats: timeStats(issue),
    task_completion_status: { count: tasks.count, completed_count: tasks.completed },
    ...(site.edition === 'ee' ? { weight: issue.weight } : {}),
    blocking_issues_count: 0,
    has_tasks: tasks.count > 0,
    ...(tasks.count > 0 ? { task_status: `${tasks.completed} of ${tasks.count} checklist items completed` } : {}),
    _links: {
      self: `${self}/issues/${iid}`,
      notes: `${self}/issues/${iid}/notes`,
      award_emoji: `${self}/issues/${iid}/award_emoji`,
      project: self,
      closed_as_duplicate_of:
        issue.duplicatedTo === null
          ? null
          : `${site.url}/api/v4/projects/${issue.duplicatedTo.project.id}/issues/${issue.duplicatedTo.iid}`,
    },
    references: { short: `#${iid}`, relative: `#${iid}`, full: `${project.fullPath}#${iid}` },
    severity: 'UNKNOWN',
    moved_to_id: issue.movedTo?.id ?? null,
    imported: false,
    imported_from: 'none',
    service_desk_reply_to: null,
    ...(site.edition === 'ee' ? { epic_iid: null, epic: null, iteration: null, health_status: null } : {}),
  };
}

/** A single one. */
export function issueDetail(site: Site, issue: Issue, user: User) {
  const subscribed = issue.subscribers.has(user) || issue.author === user || issue.assignees.includes(user);
  return { ...issueEntity(site, issue), subscribed };
}

export function issueUrl(site: Site, issue: Issue): string {
  return `${projectUrl(site, issue.project)}/-/issues/${issue.iid}`;
}

export function timeStats({ timeEstimate, totalTimeSpent }: Issue) {
  return {
    time_estimate: timeEstimate,
    total_time_spent: totalTimeSpent,
    human_time_estimate: timeEstimate === 0 ? null : spokenTime(timeEstimate),
    human_total_time_spent: totalTimeSpent === 0 ? null : spokenTime(totalTimeSpent),
  };
}

function taskCounts(description: string | null): { count: number; completed: number } {
  const boxes = description?.match(/^\s*(?:[-*+]|\d+[.)])\s+\[[ xX~]\]\s/gm) ?? [];
  return { count: boxes.length, completed: boxes.filter((box) => /\[[xX]\]/.test(box)).length };
}
