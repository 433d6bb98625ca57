import type { MergeRequestRecord } from '@syncline/gitlab';
import { eventIds } from '../mapping/event-ids.js';
import { extrasOf, mapMergeRequest, storedExtras } from '../mapping/merge-request.js';
import type { WalkedStream } from './walked-stream.js';

/** Merge requests, with approvals and changed files of those that changed: two requests each where the list has them not. */
export const mergeRequests: WalkedStream<MergeRequestRecord> = {
  name: 'merge_requests',
  byBranch: true,
  pages: (reader, projectId, cursor, options) => reader.mergeRequests(projectId, cursor, options),
  one: (reader, projectId, iid) => reader.mergeRequest(projectId, iid),
  keyOf: (mr) => mr.iid,
  statusOf: (mr) => mr.state,
  eventId: (projectId, iid) => eventIds.mergeRequest(projectId, iid),
  matches: ({ settings }, _project, mr) =>
    Promise.resolve(settings.branches.length === 0 || settings.branches.includes(mr.targetBranch)),
  toEvent: async ({ reader }, project, mr, known) => {
    // A full pass finds what moves no `updated_at`, such as a renamed label; approvals and files do move it.
    const stored =
      known?.isCurrent === true && mr.details === undefined ? storedExtras(known.version.metadata) : undefined;
    const extras = stored ?? extrasOf(mr.details ?? (await reader.mergeRequestDetails(project.id, mr.iid)));
    return mapMergeRequest(mr, extras, project);
  },
};
