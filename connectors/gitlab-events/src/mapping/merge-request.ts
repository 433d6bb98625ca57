import type { ChangeEvent, JsonObject, Transition } from '@syncline/connector-sdk';
import type { MergeRequestDetails, MergeRequestRecord, ProjectRecord } from '@syncline/gitlab';
import { eventIds } from './event-ids.js';
import { descriptionOf, projectOf, sorted, timeText, titleOf, usernameOf, usernames } from './parts.js';

/** What lists of merge requests do not hold, as it is kept in an event's metadata. */
export interface MergeRequestExtras {
  readonly approvedBy: readonly string[];
  readonly changedFiles: readonly string[];
  readonly changedFilesTruncated: boolean;
}

export function extrasOf(details: MergeRequestDetails): MergeRequestExtras {
  return {
    approvedBy: usernames(details.approvedBy),
    changedFiles: sorted(details.changedFiles),
    changedFilesTruncated: details.changedFilesTruncated,
  };
}

/** The extras of an event that is already stored: what has not changed need not be asked for again. */
export function storedExtras(metadata: JsonObject): MergeRequestExtras | undefined {
  const { approvedBy, changedFiles, changedFilesTruncated } = metadata;
  if (!isTexts(approvedBy) || !isTexts(changedFiles)) return undefined;
  return { approvedBy, changedFiles, changedFilesTruncated: changedFilesTruncated === true };
}

/** An open merge request shows when it was created, not when it was opened again: its time is only a lower bound. */
export function mapMergeRequest(
  mr: MergeRequestRecord,
  extras: MergeRequestExtras,
  project: ProjectRecord,
): ChangeEvent {
  const ended = endOf(mr);
  const opened: Transition = { status: 'opened', at: mr.createdAt };
  return {
    eventId: eventIds.mergeRequest(project.id, mr.iid),
    version: { updatedAt: mr.updatedAt },
    eventType: 'merge_request',
    title: titleOf(mr.title, `!${mr.iid}`),
    description: descriptionOf(mr.description),
    status: mr.state,
    author: usernameOf(mr.author),
    project: projectOf(project),
    url: mr.url,
    occurredAt: ended ?? mr.createdAt,
    occurredAtPrecision: ended === undefined ? 'at_least' : 'exact',
    transitions: ended === undefined ? [opened] : [opened, { status: mr.state, at: ended }],
    metadata: {
      iid: mr.iid,
      sourceBranch: mr.sourceBranch,
      targetBranch: mr.targetBranch,
      labels: sorted(mr.labels),
      draft: mr.draft,
      merged: mr.state === 'merged',
      mergedAt: timeText(mr.mergedAt),
      mergedBy: usernameOf(mr.mergedBy) ?? null,
      closedAt: timeText(mr.closedAt),
      approvedBy: extras.approvedBy,
      approvedCount: extras.approvedBy.length,
      changedFiles: extras.changedFiles,
      changedFilesTruncated: extras.changedFilesTruncated,
      mergeable: mergeableOf(mr),
      detailedMergeStatus: mr.detailedMergeStatus,
      reviewers: usernames(mr.reviewers),
      assignees: usernames(mr.assignees),
      milestone: mr.milestone,
      userNotesCount: mr.userNotesCount,
      upvotes: mr.upvotes,
      downvotes: mr.downvotes,
      sha: mr.sha,
      mergeCommitSha: mr.mergeCommitSha,
      createdAt: timeText(mr.createdAt),
    },
  };
}

function endOf(mr: MergeRequestRecord): Date | undefined {
  if (mr.state === 'merged') return mr.mergedAt ?? undefined;
  if (mr.state === 'closed') return mr.closedAt ?? undefined;
  return undefined;
}

/** Null while GitLab has not worked it out, and once it no longer matters. */
function mergeableOf(mr: MergeRequestRecord): boolean | null {
  if (mr.state !== 'opened') return null;
  const status = mr.detailedMergeStatus ?? mr.mergeStatus;
  if (status === null || ['unchecked', 'checking', 'preparing', 'approvals_syncing'].includes(status)) return null;
  return status === 'mergeable' || status === 'can_be_merged';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
