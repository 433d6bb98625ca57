import { z } from 'zod';
import type { MergeRequestDetails, MergeRequestRecord } from '../records.js';
import { count, flag, requiredSecond, text, second, user, users } from './parts.js';

/** With `with_labels_details` labels are objects. */
const label = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);

/** List item and single read. */
export const mergeRequestSchema = z
  .object({
    id: z.number(),
    iid: z.number(),
    project_id: z.number(),
    title: z.string(),
    description: text,
    state: z.string(),
    draft: flag,
    work_in_progress: flag,
    created_at: requiredSecond,
    updated_at: second,
    merged_at: second,
    closed_at: second,
    author: user,
    merged_by: user,
    merge_user: user,
    assignees: users,
    reviewers: users,
    source_branch: z.string(),
    target_branch: z.string(),
    sha: text,
    merge_commit_sha: text,
    labels: z.array(label).nullish(),
    milestone: z.object({ title: z.string() }).nullish(),
    merge_status: text,
    detailed_merge_status: text,
    user_notes_count: count,
    upvotes: count,
    downvotes: count,
    web_url: z.string(),
  })
  .transform((mr): MergeRequestRecord => ({
    id: mr.id,
    iid: mr.iid,
    projectId: mr.project_id,
    title: mr.title,
    description: mr.description,
    state: mr.state,
    draft: mr.draft ?? mr.work_in_progress ?? false,
    createdAt: mr.created_at,
    updatedAt: mr.updated_at,
    mergedAt: mr.merged_at,
    closedAt: mr.closed_at,
    author: mr.author,
    // Before the merge `merge_user` is whoever armed the automatic merge.
    mergedBy: mr.merged_by ?? (mr.merged_at === null ? null : mr.merge_user),
    assignees: mr.assignees,
    reviewers: mr.reviewers,
    sourceBranch: mr.source_branch,
    targetBranch: mr.target_branch,
    sha: mr.sha,
    mergeCommitSha: mr.merge_commit_sha,
    labels: mr.labels ?? [],
    milestone: mr.milestone?.title ?? null,
    mergeStatus: mr.merge_status,
    detailedMergeStatus: mr.detailed_merge_status,
    userNotesCount: mr.user_notes_count,
    upvotes: mr.upvotes,
    downvotes: mr.downvotes,
    url: mr.web_url,
  }));

/** `GET .../approvals`; the same core in all editions. */
export const approvalsSchema = z.object({
  approved_by: z.array(z.object({ user })).nullish(),
});

/** `GET .../diffs` */
export const diffFileSchema = z.object({ new_path: z.string() });

/** Files of a merge request that are kept. */
export const mostFiles = 500;

/** Paths in the order of the diff, cut where there are too many; REST stops asking there. */
export function changedFilesOf(
  paths: readonly string[],
): Pick<MergeRequestDetails, 'changedFiles' | 'changedFilesTruncated'> {
  return { changedFiles: paths.slice(0, mostFiles), changedFilesTruncated: paths.length > mostFiles };
}
