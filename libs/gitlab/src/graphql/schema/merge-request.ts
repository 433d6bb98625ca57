import { z } from 'zod';
import type { MergeRequestRecord } from '../../records.js';
import { changedFilesOf } from '../../schema/merge-request.js';
import { count, requiredSecond, text, second } from '../../schema/parts.js';
import { gid, lower, lowerOrNull, nodesOf, numberText, user, users } from './parts.js';

/** A merge request with its approvals and files, as REST tells it by three requests. */
export function mergeRequestNode(projectId: number) {
  return z
    .object({
      id: gid,
      iid: numberText,
      title: z.string(),
      description: text,
      state: lower,
      draft: z.boolean(),
      createdAt: requiredSecond,
      updatedAt: second,
      mergedAt: second,
      closedAt: second,
      sourceBranch: z.string(),
      targetBranch: z.string(),
      webUrl: z.string(),
      diffHeadSha: text,
      mergeCommitSha: text,
      detailedMergeStatus: lowerOrNull,
      userNotesCount: count,
      upvotes: count,
      downvotes: count,
      author: user,
      mergeUser: user,
      assignees: users,
      reviewers: users,
      approvedBy: users,
      labels: nodesOf(z.object({ title: z.string() })),
      milestone: z.object({ title: z.string() }).nullish(),
      diffStats: z.array(z.object({ path: z.string() })).nullish(),
      diffStatsSummary: z.object({ fileCount: z.number() }).nullish(),
    })
    .transform((mr): MergeRequestRecord => {
      const files = mr.diffStats?.map(({ path }) => path);
      // A list that was cut, or that Gitaly could not make, is asked for by REST.
      const isWhole = files !== undefined && files.length >= (mr.diffStatsSummary?.fileCount ?? 0);
      return {
        id: mr.id,
        iid: mr.iid,
        projectId,
        title: mr.title,
        description: mr.description,
        state: mr.state,
        draft: mr.draft,
        createdAt: mr.createdAt,
        updatedAt: mr.updatedAt,
        mergedAt: mr.mergedAt,
        closedAt: mr.closedAt,
        author: mr.author,
        // Before the merge this is whoever armed the automatic merge.
        mergedBy: mr.mergedAt === null ? null : mr.mergeUser,
        assignees: mr.assignees,
        reviewers: mr.reviewers,
        sourceBranch: mr.sourceBranch,
        targetBranch: mr.targetBranch,
        sha: mr.diffHeadSha,
        mergeCommitSha: mr.mergeCommitSha,
        labels: mr.labels.map(({ title }) => title),
        milestone: mr.milestone?.title ?? null,
        mergeStatus: null,
        detailedMergeStatus: mr.detailedMergeStatus,
        userNotesCount: mr.userNotesCount,
        upvotes: mr.upvotes,
        downvotes: mr.downvotes,
        url: mr.webUrl,
        ...(isWhole ? { details: { approvedBy: mr.approvedBy, ...changedFilesOf(files) } } : {}),
      };
    });
}
