import { secondsBetween, secondsExactly } from '../../entities/site.js';
import { finalStatuses, jobsOf, type Bridge, type Job, type Pipeline } from '../../model/pipeline.js';
import type { Project } from '../../model/project.js';
import { connection } from '../connection/connection.js';
import { sorted, type Order } from '../connection/order.js';
import type { PageArguments } from '../connection/page.js';
import type { GraphQlCall } from '../graphql-call.js';
import { globalId } from '../schema/global-id.js';
import { commitViewBySha } from './commit.js';
import { failureMessage } from './failure-message.js';
import { userViewOrNull } from './user.js';

const newestFirst: Order<{ readonly id: number }> = [{ name: 'id', of: (row) => row.id, direction: 'desc' }];

export interface PipelineFilters {
  readonly ref?: string | null;
  readonly scope?: 'BRANCHES' | 'FINISHED' | 'PENDING' | 'RUNNING' | 'TAGS' | null;
  readonly sha?: string | null;
  readonly source?: string | null;
  readonly status?: string | null;
  readonly updatedAfter?: number | null;
  readonly updatedBefore?: number | null;
  readonly username?: string | null;
}

/** Always by descending id: there is no other order. */
export function pipelinesView(call: GraphQlCall, project: Project, args: PageArguments & PipelineFilters) {
  const bounded = typeof args.updatedAfter === 'number' || typeof args.updatedBefore === 'number';
  const { rows, from, to } = bounded
    ? project.pipelinesByUpdate.range(args.updatedAfter ?? 0, args.updatedBefore ?? undefined)
    : project.pipelinesByCreation.range();
  const readable = call.viewer.reads(project, 'builds') ? rows.slice(from, to) : [];
  const kept = readable.filter((row) => matches(row, args));
  return connection(call, {
    rows: sorted(kept, newestFirst),
    order: newestFirst,
    args,
    view: (row) => pipelineView(call, row),
  });
}

/** Child pipelines are hidden unless asked for by their source. */
function matches(row: Pipeline, { ref, scope, sha, source, status, username }: PipelineFilters): boolean {
  if (row.parent !== null && source !== 'parent_pipeline') return false;
  if (typeof ref === 'string' && row.ref !== ref) return false;
  if (typeof sha === 'string' && row.sha !== sha) return false;
  if (typeof source === 'string' && row.source !== source) return false;
  if (typeof status === 'string' && row.status.toUpperCase() !== status) return false;
  if (typeof username === 'string' && row.user?.username !== username) return false;
  switch (scope) {
    case 'RUNNING':
    case 'PENDING':
      return row.status === scope.toLowerCase();
    case 'FINISHED':
      return finalStatuses.has(row.status);
    case 'BRANCHES':
    case 'TAGS':
      return row.tag === (scope === 'TAGS');
    default:
      return true;
  }
}

export function pipelineView(call: GraphQlCall, pipeline: Pipeline) {
  const { project, id } = pipeline;
  return {
    beforeSha: pipeline.beforeSha,
    commit: () => commitViewBySha(call, project, pipeline.sha),
    committedAt: null,
    coverage: pipeline.coverage,
    createdAt: pipeline.createdAt,
    duration: secondsBetween(pipeline.startedAt, pipeline.finishedAt),
    failureReason: pipeline.yamlErrors === null ? null : 'config_error',
    finishedAt: pipeline.finishedAt,
    id: globalId('Ci::Pipeline', id),
    iid: String(pipeline.iid),
    jobs: (args: PageArguments & JobFilters) => jobsView(call, pipeline, args),
    mergeRequest: () => mergeRequestOf(call, pipeline),
    name: pipeline.name,
    path: `/${project.fullPath}/-/pipelines/${id}`,
    project: () => call.views.project(call, project),
    queuedDuration: secondsBetween(pipeline.createdAt, pipeline.startedAt),
    ref: pipeline.ref,
    sha: pipeline.sha,
    source: pipeline.source,
    startedAt: pipeline.startedAt,
    status: pipeline.status,
    totalJobs: () => jobsOf(pipeline).length + pipeline.bridges.length,
    updatedAt: pipeline.updatedAt,
    user: () => userViewOrNull(call, pipeline.user),
  };
}

/** The merge request that the pipeline was made for, for those who may see merge requests. */
function mergeRequestOf(call: GraphQlCall, { project, ref }: Pipeline) {
  const iid = /^refs\/merge-requests\/(\d+)\/(?:head|merge|train)$/.exec(ref)?.[1];
  const found = iid === undefined ? undefined : project.mergeRequests.get(Number(iid));
  return found === undefined || !call.viewer.reads(project, 'merge_requests')
    ? null
    : call.views.mergeRequest(call, found);
}

interface JobFilters {
  readonly jobKind?: 'BRIDGE' | 'BUILD' | null;
  readonly retried?: boolean | null;
  readonly statuses?: readonly string[] | null;
}

function jobsView(call: GraphQlCall, pipeline: Pipeline, args: PageArguments & JobFilters) {
  const { jobKind, retried, statuses } = args;
  const builds = jobKind === 'BRIDGE' ? [] : jobsOf(pipeline);
  const bridges: readonly Bridge[] = jobKind === 'BUILD' ? [] : pipeline.bridges;
  const rows = [...builds, ...bridges].filter(
    (job) =>
      (typeof retried !== 'boolean' || job.retried === retried) &&
      (!Array.isArray(statuses) || statuses.includes(job.status.toUpperCase())),
  );
  return connection(call, {
    rows: sorted(rows, newestFirst),
    order: newestFirst,
    args,
    view: (row: Job) =>
      jobView(
        row,
        bridges.some((bridge) => bridge === row),
      ),
  });
}

function jobView(job: Job, bridge: boolean) {
  const ran = secondsExactly(job.startedAt, job.finishedAt);
  return {
    allowFailure: job.allowFailure,
    coverage: job.coverage,
    createdAt: job.createdAt,
    duration: ran === null ? null : Math.floor(ran),
    failureMessage: job.status === 'failed' ? failureMessage(job.failureReason) : null,
    finishedAt: job.finishedAt,
    id: globalId(bridge ? 'Ci::Bridge' : 'Ci::Build', job.id),
    kind: bridge ? 'BRIDGE' : 'BUILD',
    name: job.name,
    queuedDuration: secondsExactly(job.createdAt, job.startedAt),
    retried: job.retried,
    stage: { name: job.stage },
    startedAt: job.startedAt,
    status: job.status,
    webPath: bridge ? null : `/${job.pipeline.project.fullPath}/-/jobs/${job.id}`,
  };
}
