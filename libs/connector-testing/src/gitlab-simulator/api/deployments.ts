import { deploymentEntity, environmentEntity } from '../entities/deployment.js';
import { mergeRequestEntity } from '../entities/merge-request.js';
import { cachedJson } from '../model/cached-json.js';
import type { Deployment } from '../model/deployment.js';
import type { Project } from '../model/project.js';
import type { Call } from '../http/call.js';
import { listArray, listRange, type Listing } from '../http/listing.js';
import { pageReply } from '../http/pagination.js';
import type { Parameters } from '../http/parameters.js';
import { badRequest, jsonReply, notFound, type Reply } from '../http/reply.js';
import type { Router } from '../http/router.js';
import { projectWith } from './access.js';

const base = '/projects/:id/deployments';
const statuses = ['created', 'running', 'success', 'failed', 'canceled', 'skipped', 'blocked'] as const;

export function addDeploymentRoutes(router: Router): void {
  const jobTokens = { jobTokens: true };
  router
    .get(base, listDeployments, jobTokens)
    .get(`${base}/:deployment_id`, (call) => jsonReply(deploymentEntity(call.site, deploymentOf(call))), jobTokens)
    .get(`${base}/:deployment_id/merge_requests`, (call) => {
      const deployment = deploymentOf(call);
      const rows = [...deployment.project.mergeRequests.values()].filter(
        (row) => row.mergeCommitSha === deployment.sha || (row.state === 'merged' && row.sha === deployment.sha),
      );
      return pageReply(call, listArray(rows), (row) => JSON.stringify(mergeRequestEntity(call.site, row)));
    })
    .get('/projects/:id/environments', listEnvironments, jobTokens)
    .get('/projects/:id/environments/:environment_id', oneEnvironment, jobTokens);
}

function deploymentOf(call: Call): Deployment {
  const deployment = projectWith(call, 'environments').deployments.get(call.numericPart('deployment_id'));
  if (deployment === undefined) throw notFound('Deployment');
  return deployment;
}

function listDeployments(call: Call): Reply {
  const project = projectWith(call, 'environments');
  const listing = selected(project, call.parameters);
  // The answer shows the job, which changes without the deployment.
  return pageReply(call, listing, (row) =>
    row.deployable === null
      ? cachedJson(row, call.world.core.epoch, () => deploymentEntity(call.site, row))
      : JSON.stringify(deploymentEntity(call.site, row)),
  );
}

/** A filter by a time needs the order by the same time. Source: app/finders/deployments_finder.rb */
function selected(project: Project, parameters: Parameters): Listing<Deployment> {
  const orders = ['id', 'iid', 'created_at', 'updated_at', 'ref', 'finished_at'] as const;
  const orderBy = parameters.choice('order_by', orders) ?? 'id';
  const direction = parameters.choice('sort', ['asc', 'desc']) ?? 'asc';
  const status = parameters.choice('status', statuses);
  const updatedAfter = parameters.time('updated_after');
  const updatedBefore = parameters.time('updated_before');
  const finishedAfter = parameters.time('finished_after');
  const finishedBefore = parameters.time('finished_before');
  const byUpdate = updatedAfter !== undefined || updatedBefore !== undefined;
  const byFinish = finishedAfter !== undefined || finishedBefore !== undefined;
  if (byUpdate && byFinish) throw badRequest('Both `updated_at` filter and `finished_at` filter can not be specified');
  if (byUpdate && orderBy !== 'updated_at') throw badRequest('`updated_at` filter requires `updated_at` sort');
  if (byFinish !== (orderBy === 'finished_at')) {
    throw badRequest('`finished_at` filter and `finished_at` sorting must be paired');
  }
  if (byFinish && status !== 'success') {
    throw badRequest('`finished_at` filter must be combined with `success` status filter.');
  }
  const environment = parameters.string('environment');
  const filters: ((row: Deployment) => boolean)[] = [];
  if (status !== undefined) filters.push((row) => row.status === status);
  if (environment !== undefined) filters.push((row) => row.environment.name === environment);
  if (byFinish) {
    filters.push(
      ({ finishedAt }) =>
        finishedAt !== null &&
        finishedAt >= (finishedAfter ?? 0) &&
        finishedAt <= (finishedBefore ?? Number.MAX_SAFE_INTEGER),
    );
  }
  if (orderBy === 'updated_at') {
    return listRange(project.deploymentsByUpdate.range(updatedAfter, updatedBefore), direction, filters);
  }
  const byId = listRange(project.deploymentsByCreation.range(), direction, filters);
  if (orderBy !== 'ref' && orderBy !== 'finished_at') return byId;
  const sign = direction === 'asc' ? 1 : -1;
  const rows = [...byId.slice(0, byId.count)];
  rows.sort((left, right) =>
    orderBy === 'ref'
      ? sign * left.ref.localeCompare(right.ref)
      : sign * ((left.finishedAt ?? 0) - (right.finishedAt ?? 0)),
  );
  return listArray(rows);
}

function listEnvironments(call: Call): Reply {
  const project = projectWith(call, 'environments');
  const name = call.parameters.string('name');
  const search = call.parameters.string('search')?.toLowerCase();
  const state = call.parameters.choice('states', ['available', 'stopping', 'stopped']);
  const rows = [...project.environments.values()]
    .filter(
      (environment) =>
        (name === undefined || environment.name === name) &&
        (search === undefined || environment.name.toLowerCase().includes(search)) &&
        (state === undefined || environment.state === state),
    )
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  return pageReply(call, listArray(rows), (row) => JSON.stringify(environmentEntity(row)));
}

function oneEnvironment(call: Call): Reply {
  const project = projectWith(call, 'environments');
  const id = call.numericPart('environment_id', 'Environment');
  const environment = [...project.environments.values()].find((candidate) => candidate.id === id);
  if (environment === undefined) throw notFound('Environment');
  const last = [...project.deployments.values()].filter((deployment) => deployment.environment === environment).at(-1);
  return jsonReply({
    ...environmentEntity(environment),
    last_deployment: last === undefined ? null : deploymentEntity(call.site, last),
  });
}
