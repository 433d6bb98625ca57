import { bridgeEntity, jobEntity, pipelineDetail, pipelineEntity } from '../entities/pipeline.js';
import { cachedJson } from '../model/cached-json.js';
import { finalStatuses, jobsOf, type Job, type Pipeline } from '../model/pipeline.js';
import type { Project } from '../model/project.js';
import type { Call } from '../http/call.js';
import { listArray, listRange, type Listing } from '../http/listing.js';
import { pageReply } from '../http/pagination.js';
import type { Parameters } from '../http/parameters.js';
import { jsonReply, notFound, textReply, type Reply } from '../http/reply.js';
import type { Router } from '../http/router.js';
import { projectWith } from './access.js';

const base = '/projects/:id/pipelines';

export function addPipelineRoutes(router: Router): void {
  router
    .get(base, listPipelines)
    .get(`${base}/latest`, latest)
    .get(`${base}/:pipeline_id`, (call) => jsonReply(pipelineDetail(call.site, pipelineOf(call))))
    .get(`${base}/:pipeline_id/jobs`, listJobs)
    .get(`${base}/:pipeline_id/bridges`, (call) =>
      pageReply(call, listArray(newestFirst(pipelineOf(call).bridges)), (row) =>
        JSON.stringify(bridgeEntity(call.site, row)),
      ),
    )
    .get('/projects/:id/jobs', projectJobs)
    .get('/projects/:id/jobs/:job_id', (call) => jsonReply(jobEntity(call.site, jobOf(call))))
    .get('/projects/:id/jobs/:job_id/trace', (call) => textReply(jobOf(call).trace));
}

function pipelineOf(call: Call): Pipeline {
  const pipeline = projectWith(call, 'builds').pipelines.get(call.numericPart('pipeline_id'));
  if (pipeline === undefined) throw notFound();
  return pipeline;
}

function jobOf(call: Call): Job {
  const project = projectWith(call, 'builds');
  const job = call.world.jobs.find(call.numericPart('job_id'));
  if (job?.pipeline.project !== project) throw notFound();
  return job;
}

function listPipelines(call: Call): Reply {
  const listing = selected(projectWith(call, 'builds'), call.parameters);
  return pageReply(call, listing, (row) =>
    cachedJson(row, call.world.core.epoch, () => pipelineEntity(call.site, row)),
  );
}

function latest(call: Call): Reply {
  const project = projectWith(call, 'builds');
  const ref = call.parameters.string('ref') ?? project.defaultBranch;
  const [found] = listRange(project.pipelinesByCreation.range(), 'desc', [
    (row) => row.ref === ref && row.parent === null,
  ]).slice(0, 1);
  if (found === undefined) throw notFound();
  return jsonReply(pipelineDetail(call.site, found));
}

function selected(project: Project, parameters: Parameters): Listing<Pipeline> {
  const orderBy = parameters.choice('order_by', ['id', 'status', 'ref', 'updated_at', 'user_id']) ?? 'id';
  const direction = parameters.choice('sort', ['asc', 'desc']) ?? 'desc';
  const filters = filtersOf(parameters);
  const after = parameters.time('updated_after');
  const before = parameters.time('updated_before');
  if (orderBy === 'updated_at') return listRange(project.pipelinesByUpdate.range(after, before), direction, filters);
  if (after !== undefined) filters.push((row) => row.updatedAt !== null && row.updatedAt >= after);
  if (before !== undefined) filters.push((row) => row.updatedAt !== null && row.updatedAt <= before);
  const byId = listRange(project.pipelinesByCreation.range(), direction, filters);
  if (orderBy === 'id') return byId;
  const key = (row: Pipeline): string =>
    orderBy === 'status' ? row.status : orderBy === 'ref' ? row.ref : String(row.user?.id);
  const sign = direction === 'asc' ? 1 : -1;
  return listArray([...byId.slice(0, byId.count)].sort((left, right) => sign * key(left).localeCompare(key(right))));
}

function filtersOf(parameters: Parameters): ((row: Pipeline) => boolean)[] {
  const filters: ((row: Pipeline) => boolean)[] = [];
  const source = parameters.string('source');
  // Child pipelines are never listed unless asked for by their source.
  if (source !== 'parent_pipeline') filters.push(isTopLevel);
  if (source !== undefined) filters.push((row) => row.source === source);
  const status = parameters.string('status');
  if (status !== undefined) filters.push((row) => row.status === status);
  const scope = parameters.choice('scope', ['running', 'pending', 'finished', 'branches', 'tags']);
  if (scope === 'running' || scope === 'pending') filters.push((row) => row.status === scope);
  if (scope === 'finished') filters.push((row) => finalStatuses.has(row.status));
  if (scope === 'branches' || scope === 'tags') filters.push((row) => row.tag === (scope === 'tags'));
  const ref = parameters.string('ref');
  if (ref !== undefined) filters.push((row) => row.ref === ref);
  const sha = parameters.string('sha');
  if (sha !== undefined) filters.push((row) => row.sha === sha);
  const username = parameters.string('username');
  if (username !== undefined) filters.push((row) => row.user?.username === username);
  const name = parameters.string('name');
  if (name !== undefined) filters.push((row) => row.name === name);
  const yamlErrors = parameters.boolean('yaml_errors');
  if (yamlErrors !== undefined) filters.push((row) => (row.yamlErrors !== null) === yamlErrors);
  const createdAfter = parameters.time('created_after');
  if (createdAfter !== undefined) filters.push((row) => row.createdAt >= createdAfter);
  const createdBefore = parameters.time('created_before');
  if (createdBefore !== undefined) filters.push((row) => row.createdAt <= createdBefore);
  return filters;
}

function isTopLevel(row: Pipeline): boolean {
  return row.parent === null;
}

function listJobs(call: Call): Reply {
  const pipeline = pipelineOf(call);
  const scope = call.parameters.list('scope');
  const retried = call.parameters.boolean('include_retried') ?? false;
  const rows = jobsOf(pipeline).filter(
    (job) => (retried || !job.retried) && (scope === undefined || scope.includes(job.status)),
  );
  return pageReply(call, listArray(newestFirst(rows)), (row) => JSON.stringify(jobEntity(call.site, row)));
}

function projectJobs(call: Call): Reply {
  const project = projectWith(call, 'builds');
  const scope = call.parameters.list('scope');
  const rows = [...project.pipelines.values()]
    .flatMap(jobsOf)
    .filter((job) => scope === undefined || scope.includes(job.status));
  return pageReply(call, listArray(newestFirst(rows)), (row) => JSON.stringify(jobEntity(call.site, row)), {
    totals: false,
  });
}

function newestFirst<T extends Job>(jobs: readonly T[]): T[] {
  return [...jobs].sort((left, right) => right.id - left.id);
}
