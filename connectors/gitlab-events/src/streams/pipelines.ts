import type { PipelineRecord, ProjectRecord } from '@syncline/gitlab';
import { eventIds } from '../mapping/event-ids.js';
import { mapPipeline, mergeRequestIidOf } from '../mapping/pipeline.js';
import type { SyncRun } from '../sync-run.js';
import type { WalkedStream } from './walked-stream.js';

/** Source branches of merge requests, asked for once a run: several pipelines belong to one merge request. */
const sourceBranches = new WeakMap<SyncRun, Map<string, Promise<string | undefined>>>();

/**
 * Pipelines, with duration, author and failed jobs of those that changed: where the list has them not, one request each, two
 * for a failed one.
 */
export const pipelines: WalkedStream<PipelineRecord> = {
  name: 'pipelines',
  byBranch: true,
  pages: (reader, projectId, cursor, options) => reader.pipelines(projectId, cursor, options),
  one: (reader, projectId, id) => reader.pipeline(projectId, id),
  keyOf: (pipeline) => pipeline.id,
  statusOf: (pipeline) => pipeline.status,
  eventId: (projectId, id) => eventIds.pipeline(projectId, id),
  matches: async (run, project, { ref, sourceBranch }) => {
    const { branches } = run.settings;
    if (branches.length === 0 || branches.includes(ref)) return true;
    const iid = mergeRequestIidOf(ref);
    if (iid === undefined) return false;
    const branch = sourceBranch ?? (await sourceBranchOf(run, project, iid));
    return branch !== undefined && branches.includes(branch);
  },
  toEvent: async ({ reader }, project, pipeline, known) => {
    // Nothing about a pipeline changes without its `updated_at`, so a full pass needs no details of a current one.
    if (known?.isCurrent === true) return undefined;
    const details = pipeline.details ?? (await reader.pipelineDetails(project.id, pipeline.id));
    return mapPipeline(pipeline, details, project, known?.version.status);
  },
};

function sourceBranchOf(run: SyncRun, project: ProjectRecord, iid: number): Promise<string | undefined> {
  const branches = sourceBranches.get(run) ?? new Map<string, Promise<string | undefined>>();
  sourceBranches.set(run, branches);
  const key = `${project.id}!${iid}`;
  const known = branches.get(key) ?? run.reader.mergeRequest(project.id, iid).then((mr) => mr?.sourceBranch);
  branches.set(key, known);
  return known;
}
