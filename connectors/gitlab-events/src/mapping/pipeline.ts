import type { ChangeEvent, Transition } from '@syncline/connector-sdk';
import type { JobRecord, PipelineDetails, PipelineRecord, ProjectRecord } from '@syncline/gitlab';
import { eventIds } from './event-ids.js';
import { projectOf, timeText, usernameOf } from './parts.js';

const endStatuses = new Set(['success', 'failed', 'canceled', 'skipped']);

/** Has the pipeline ended? It may come back to life when a job is retried. Unknown statuses count as going on. */
export function hasEnded(status: string): boolean {
  return endStatuses.has(status);
}

/** iid of the merge request whose pipeline this ref belongs to: `refs/merge-requests/<iid>/head` (or merge, train). */
export function mergeRequestIidOf(ref: string): number | undefined {
  const iid = /^refs\/merge-requests\/(\d+)\//.exec(ref)?.[1];
  return iid === undefined ? undefined : Number(iid);
}

/**
 * `knownStatus` is what was stored of it. A pipeline that ended and runs again keeps the start of its first run, so the
 * beginning of such a second run is only bounded.
 */
export function mapPipeline(
  pipeline: PipelineRecord,
  details: PipelineDetails,
  project: ProjectRecord,
  knownStatus?: string,
): ChangeEvent {
  const iid = mergeRequestIidOf(pipeline.ref);
  const { at, exact } = beginOfStatus(pipeline, details, knownStatus);
  return {
    eventId: eventIds.pipeline(project.id, pipeline.id),
    version: { updatedAt: pipeline.updatedAt },
    eventType: 'pipeline',
    title: `Pipeline for ${iid === undefined ? pipeline.ref : `!${iid}`}`,
    status: pipeline.status,
    author: usernameOf(details.user),
    project: projectOf(project),
    url: `${project.url}/-/pipelines/${pipeline.id}`,
    occurredAt: at,
    occurredAtPrecision: exact ? 'exact' : 'at_least',
    transitions: transitionsOf(pipeline, details, exact ? at : undefined),
    metadata: {
      id: pipeline.id,
      iid: pipeline.iid,
      ref: pipeline.ref,
      sha: pipeline.sha,
      source: pipeline.source,
      mergeRequestIid: iid ?? null,
      durationSeconds: details.durationSeconds,
      queuedSeconds: details.queuedSeconds,
      coverage: details.coverage,
      createdAt: timeText(pipeline.createdAt),
      startedAt: timeText(details.startedAt),
      finishedAt: timeText(details.finishedAt),
      failedJobs: [...details.failedJobs].sort((a, b) => a.id - b.id).map((job) => mapFailedJob(job, project)),
      failedJobsCount: details.failedJobs.length,
      failedJobsTruncated: details.failedJobsTruncated,
    },
  };
}

function mapFailedJob(job: JobRecord, project: ProjectRecord): ChangeEvent['metadata'] {
  return {
    name: job.name,
    stage: job.stage,
    // GitLab keeps no number for an unknown reason, and old versions show none then.
    reason: job.failureReason ?? 'unknown_failure',
    allowFailure: job.allowFailure,
    startedAt: timeText(job.startedAt),
    finishedAt: timeText(job.finishedAt),
    url: `${project.url}/-/jobs/${job.id}`,
  };
}

/** When the current status began, and whether GitLab says so or only that it was not earlier. */
function beginOfStatus(
  pipeline: PipelineRecord,
  details: PipelineDetails,
  knownStatus: string | undefined,
): { readonly at: Date; readonly exact: boolean } {
  const { startedAt, finishedAt } = details;
  const earliest = pipeline.createdAt ?? pipeline.updatedAt ?? new Date(0);
  if (hasEnded(pipeline.status)) {
    if (finishedAt !== null) return { at: finishedAt, exact: true };
    return { at: pipeline.updatedAt ?? earliest, exact: false };
  }
  const runsAgain = finishedAt !== null || (knownStatus !== undefined && hasEnded(knownStatus));
  if (runsAgain) return { at: finishedAt ?? startedAt ?? earliest, exact: false };
  if (pipeline.status === 'running' && startedAt !== null) return { at: startedAt, exact: true };
  return { at: startedAt ?? earliest, exact: false };
}

function transitionsOf(pipeline: PipelineRecord, details: PipelineDetails, since: Date | undefined): Transition[] {
  const transitions: Transition[] = [];
  if (pipeline.createdAt !== null) transitions.push({ status: 'created', at: pipeline.createdAt });
  if (details.startedAt !== null) transitions.push({ status: 'running', at: details.startedAt });
  if (since !== undefined && pipeline.status !== 'running') transitions.push({ status: pipeline.status, at: since });
  return transitions;
}
