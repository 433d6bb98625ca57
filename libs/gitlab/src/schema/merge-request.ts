import { z } from 'zod';
import type { MergeRequestRecord } from '../records.js';
import { count, flag, isTrue, requiredTime, text, time, user, users } from './parts.js';

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
    created_at: requiredTime,
    updated_at: time,
    merged_at: time,
    closed_at: time,
    author: user,
    merged_by: user,
    merge_user: user,
    closed_by: user,
    assignees: users,
    reviewers: users,
    source_branch: z.string(),
    target_branch: z.string(),
    sha: text,
    merge_commit_sha: text,
    squash_commit_sha: text,
    labels: z.array(label).nullish(),
    milestone: z.object({ title: z.string() }).nullish(),
    merge_status: text,
    detailed_merge_status: text,
    has_conflicts: flag,
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
    closedBy: mr.closed_by,
    assignees: mr.assignees,
    reviewers: mr.reviewers,
    sourceBranch: mr.source_branch,
    targetBranch: mr.target_branch,
    sha: mr.sha,
    mergeCommitSha: mr.merge_commit_sha,
    squashCommitSha: mr.squash_commit_sha,
    labels: mr.labels ?? [],
    milestone: mr.milestone?.title ?? null,
    mergeStatus: mr.merge_status,
    detailedMergeStatus: mr.detailed_merge_status,
    hasConflicts: mr.has_conflicts,
    userNotesCount: mr.user_notes_count,
    upvotes: mr.upvotes,
    downvotes: mr.downvotes,
    url: mr.web_url,
  }));

/** `GET .../approvals`; the same core in all editions. */
export const approvalsSchema = z.object({
  approved: flag,
  approved_by: z.array(z.object({ user })).nullish(),
});

/** `GET .../diffs` */
export const diffFileSchema = z.object({ new_path: z.string(), old_path: text, deleted_file: isTrue });
