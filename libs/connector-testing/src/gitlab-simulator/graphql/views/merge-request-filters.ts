import type { MergeRequest } from '../../model/merge-request.js';
import type { Project } from '../../model/project.js';

export interface MergeRequestFilters {
  readonly approvedBy?: readonly string[] | null;
  readonly authorUsername?: string | null;
  readonly createdAfter?: number | null;
  readonly createdBefore?: number | null;
  readonly draft?: boolean | null;
  readonly iids?: readonly string[] | null;
  readonly labelName?: readonly (string | null)[] | null;
  readonly mergedAfter?: number | null;
  readonly mergedBefore?: number | null;
  readonly milestoneTitle?: string | null;
  readonly reviewerUsername?: string | null;
  readonly sourceBranches?: readonly string[] | null;
  readonly state?: 'all' | 'closed' | 'locked' | 'merged' | 'opened' | null;
  readonly targetBranches?: readonly string[] | null;
  readonly updatedAfter?: number | null;
  readonly updatedBefore?: number | null;
}

/** What the filters leave, in no particular order. Both ends of a time are inclusive; an empty list leaves nothing. */
export function selectMergeRequests(project: Project, filters: MergeRequestFilters): MergeRequest[] {
  const { approvedBy, iids, labelName, sourceBranches, targetBranches, updatedAfter, updatedBefore } = filters;
  const lists = [approvedBy, iids, labelName, sourceBranches, targetBranches];
  if (lists.some((list) => list?.length === 0)) return [];
  const { rows, from, to } = project.mergeRequestsByUpdate.range(updatedAfter ?? undefined, updatedBefore ?? undefined);
  return rows.slice(from, to).filter((row) => matches(row, filters));
}

function matches(row: MergeRequest, filters: MergeRequestFilters): boolean {
  const { draft, milestoneTitle, state } = filters;
  const usernames = row.approvals.map(({ user }) => user.username);
  return (
    (typeof state !== 'string' || state === 'all' || row.state === state) &&
    (typeof draft !== 'boolean' || row.draft === draft) &&
    (typeof milestoneTitle !== 'string' || row.milestone?.title === milestoneTitle) &&
    (filters.iids?.includes(String(row.iid)) ?? true) &&
    (filters.sourceBranches?.includes(row.sourceBranch) ?? true) &&
    (filters.targetBranches?.includes(row.targetBranch) ?? true) &&
    (filters.labelName?.every((label) => label === null || row.labels.includes(label)) ?? true) &&
    (filters.approvedBy?.every((username) => usernames.includes(username)) ?? true) &&
    (typeof filters.authorUsername !== 'string' || row.author?.username === filters.authorUsername) &&
    (typeof filters.reviewerUsername !== 'string' ||
      row.reviewers.some(({ username }) => username === filters.reviewerUsername)) &&
    within(row.createdAt, filters.createdAfter, filters.createdBefore) &&
    within(row.mergedAt, filters.mergedAfter, filters.mergedBefore)
  );
}

function within(time: number | null, after: number | null | undefined, before: number | null | undefined): boolean {
  const bounded = typeof after === 'number' || typeof before === 'number';
  if (time === null) return !bounded;
  return time >= (after ?? Number.MIN_SAFE_INTEGER) && time <= (before ?? Number.MAX_SAFE_INTEGER);
}
