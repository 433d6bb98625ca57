import { mergeRequestStateIds, type MergeRequest } from '../model/merge-request.js';
import type { FieldChanges } from './world-event.js';

/** What differs between two states of a merge request, by the names that the hook's `changes` uses. */
export function changesOf(before: MergeRequest, after: MergeRequest): FieldChanges {
  const fields = {
    title: [before.title, after.title],
    description: [before.description, after.description],
    draft: [before.draft, after.draft],
    target_branch: [before.targetBranch, after.targetBranch],
    state_id: [mergeRequestStateIds[before.state], mergeRequestStateIds[after.state]],
    milestone_id: [before.milestone?.id ?? null, after.milestone?.id ?? null],
    labels: [before.labels, after.labels],
    assignees: [before.assignees.map(({ id }) => id), after.assignees.map(({ id }) => id)],
    reviewers: [before.reviewers.map(({ id }) => id), after.reviewers.map(({ id }) => id)],
    updated_at: [before.updatedAt, after.updatedAt],
  };
  const changed: Record<string, { previous: unknown; current: unknown }> = {};
  for (const [field, [previous, current]] of Object.entries(fields)) {
    if (JSON.stringify(previous) !== JSON.stringify(current)) changed[field] = { previous, current };
  }
  return changed;
}
