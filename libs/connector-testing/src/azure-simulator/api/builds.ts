import { jsonReply } from '../../gitlab-simulator/http/reply.js';
import { readsBuilds, type AzureCall, type AzureLocation } from '../http/azure-call.js';
import { azureError, collectionReply } from '../http/azure-reply.js';
import type { Build, BuildDefinition } from '../model/repository.js';
import { buildShape, definitionShape, runShape } from './shapes.js';

function buildOf(call: AzureCall, id: number): Build {
  const build = call.project().builds.get(id);
  if (build !== undefined) return build;
  throw azureError(404, 'BuildNotFoundException', `The requested build ${id} could not be found.`);
}

function definitionOf(call: AzureCall, id: number): BuildDefinition {
  const definition = call.project().definitions.get(id);
  if (definition !== undefined) return definition;
  throw azureError(404, 'DefinitionNotFoundException', `The definition with id ${id} could not be found.`);
}

function readBuilds(call: AzureCall) {
  const id = call.part('buildId');
  if (id !== undefined) return jsonReply(buildShape(call, buildOf(call, Number(id))));
  const { query } = call;
  const definitions = query.get('definitions')?.split(',').map(Number);
  const branch = query.get('branchName');
  const repository = query.get('repositoryId');
  const ids = query.get('buildIds')?.split(',').map(Number);
  const statuses = query.get('statusFilter')?.split(',');
  const since = query.get('minTime');
  const found = [...call.project().builds.values()].filter(
    (build) =>
      (definitions?.includes(build.definition.id) ?? true) &&
      (branch === null || build.sourceBranch === branch) &&
      (repository === null || build.definition.repository.id === repository) &&
      (ids?.includes(build.id) ?? true) &&
      (statuses === undefined || statuses.includes('all') || statuses.includes(call.world.builds.statusOf(build))) &&
      (since === null || build.queueTime >= new Date(since)),
  );
  const top = Number(query.get('$top') ?? '1000');
  return collectionReply(
    found
      .reverse()
      .slice(0, top)
      .map((build) => buildShape(call, build)),
  );
}

async function queueBuild(call: AzureCall) {
  const { definition, sourceBranch, sourceVersion } = call.fields();
  const id = typeof definition === 'object' && definition !== null && 'id' in definition ? Number(definition.id) : 0;
  const build = await start(call, definitionOf(call, id), sourceBranch, sourceVersion);
  return jsonReply(buildShape(call, build));
}

async function runPipeline(call: AzureCall) {
  const { resources } = call.fields();
  const self: unknown = deep(deep(deep(resources, 'repositories'), 'self'), 'refName');
  const version: unknown = deep(deep(deep(resources, 'repositories'), 'self'), 'version');
  const build = await start(call, definitionOf(call, call.number('pipelineId')), self, version);
  return jsonReply(runShape(call, build));
}

function deep(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

async function start(call: AzureCall, definition: BuildDefinition, branch: unknown, version: unknown): Promise<Build> {
  const { git, defaultBranch } = definition.repository;
  const sourceBranch = typeof branch === 'string' && branch !== '' ? branch : (defaultBranch ?? 'refs/heads/main');
  const head = await git.ref(typeof version === 'string' && version !== '' ? `${version}^{commit}` : sourceBranch);
  if (head === undefined || !sourceBranch.startsWith('refs/')) {
    throw azureError(
      400,
      'PipelineValidationException',
      `Could not find valid pipeline YAML file for this branch/tag: ${sourceBranch}`,
    );
  }
  return call.world.builds.queue(definition, { branch: sourceBranch, sha: head, by: call.token.user });
}

function readDefinitions(call: AzureCall) {
  const id = call.part('definitionId');
  if (id === undefined) {
    return collectionReply([...call.project().definitions.values()].map((one) => definitionShape(call, one)));
  }
  const definition = definitionOf(call, Number(id));
  const { repository, ciBranches } = definition;
  const branchFilters = (ciBranches ?? ['*']).map((one) => `+${one.endsWith('/') ? `${one}*` : one}`);
  // A pipeline that nobody's push starts has no trigger at all.
  const triggers =
    ciBranches?.length === 0 ? [] : [{ triggerType: 'continuousIntegration', branchFilters, settingsSourceType: 1 }];
  return jsonReply({
    ...definitionShape(call, definition),
    repository: { id: repository.id, type: 'TfsGit', name: repository.name },
    triggers,
    process: { type: 2, yamlFilename: 'azure-pipelines.yml' },
  });
}

function readPipelines(call: AzureCall) {
  const id = call.part('pipelineId');
  const shape = ({ id: number, name }: BuildDefinition) => ({ id: number, name, revision: 1, folder: '\\' });
  if (id === undefined) return collectionReply([...call.project().definitions.values()].map(shape));
  return jsonReply(shape(definitionOf(call, Number(id))));
}

function readRuns(call: AzureCall) {
  const definition = definitionOf(call, call.number('pipelineId'));
  const id = call.part('runId');
  if (id !== undefined) return jsonReply(runShape(call, buildOf(call, Number(id))));
  const runs = [...call.project().builds.values()].filter((build) => build.definition === definition);
  return collectionReply(runs.map((build) => runShape(call, build)));
}

export const buildLocations: readonly AzureLocation[] = [
  {
    id: '0cd358e1-9217-4d94-8269-1c1ee6f93dcf',
    area: 'build',
    resourceName: 'builds',
    routeTemplate: '{project}/_apis/{area}/{resource}/{buildId}',
    resourceVersion: 7,
    routes: [
      { method: 'GET', scopes: readsBuilds, handler: readBuilds },
      { method: 'POST', scopes: ['vso.build_execute'], handler: queueBuild },
    ],
  },
  {
    id: 'dbeaf647-6167-421a-bda9-c9327b25e2e6',
    area: 'build',
    resourceName: 'definitions',
    routeTemplate: '{project}/_apis/{area}/{resource}/{definitionId}',
    resourceVersion: 7,
    routes: [{ method: 'GET', scopes: readsBuilds, handler: readDefinitions }],
  },
  {
    id: '28e1305e-2afe-47bf-abaf-cbb0e6a91988',
    area: 'pipelines',
    resourceName: 'pipelines',
    routeTemplate: '{project}/_apis/{resource}/{pipelineId}',
    resourceVersion: 1,
    routes: [{ method: 'GET', scopes: readsBuilds, handler: readPipelines }],
  },
  {
    id: '7859261e-d2e9-4a68-b820-a5d84cc5bb3d',
    area: 'pipelines',
    resourceName: 'runs',
    routeTemplate: '{project}/_apis/pipelines/{pipelineId}/{resource}/{runId}',
    resourceVersion: 1,
    routes: [
      { method: 'GET', scopes: readsBuilds, handler: readRuns },
      { method: 'POST', scopes: ['vso.build_execute'], handler: runPipeline },
    ],
  },
];
