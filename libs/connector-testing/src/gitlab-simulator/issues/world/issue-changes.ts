import type { FieldChanges } from '../../world/world-event.js';
import { issueStateIds, type Issue } from '../model/issue.js';

/** Before and after of what a hook tells. Times are numbers and labels are labels; the payload renders them. */
export function issueChanges(before: Issue, after: Issue): FieldChanges {
  const pairs: Readonly<Record<string, readonly [unknown, unknown]>> = {
    title: [before.title, after.title],
    description: [before.description, after.description],
    state_id: [issueStateIds[before.state], issueStateIds[after.state]],
    closed_at: [before.closedAt, after.closedAt],
    milestone_id: [before.milestone?.id ?? null, after.milestone?.id ?? null],
    due_date: [before.dueDate, after.dueDate],
    confidential: [before.confidential, after.confidential],
    discussion_locked: [before.discussionLocked, after.discussionLocked],
    weight: [before.weight, after.weight],
    time_estimate: [before.timeEstimate, after.timeEstimate],
    total_time_spent: [before.totalTimeSpent, after.totalTimeSpent],
    moved_to_id: [before.movedTo?.id ?? null, after.movedTo?.id ?? null],
    last_edited_at: [before.lastEditedAt, after.lastEditedAt],
    last_edited_by_id: [before.lastEditedBy?.id ?? null, after.lastEditedBy?.id ?? null],
    updated_at: [before.updatedAt, after.updatedAt],
    updated_by_id: [before.updatedBy?.id ?? null, after.updatedBy?.id ?? null],
    labels: [before.labels, after.labels],
    assignees: [before.assignees, after.assignees],
  };
  return Object.fromEntries(
    Object.entries(pairs)
      .filter(([, [previous, current]]) => !same(previous, current))
      .map(([field, [previous, current]]) => [field, { previous, current }]),
  );
}

function same(left: unknown, right: unknown): boolean {
  if (!Array.isArray(left) || !Array.isArray(right)) return left === right;
  return left.length === right.length && left.every((item, at) => item === right[at]);
}
