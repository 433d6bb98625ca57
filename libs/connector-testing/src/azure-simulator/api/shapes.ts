import { azureDate } from '../http/azure-reply.js';
import type { AzureCall } from '../http/azure-call.js';
import type { AzureUser } from '../model/identity.js';
import type { AzureProject, AzureRepository, Build, BuildDefinition } from '../model/repository.js';

export function projectShape(call: AzureCall, project: AzureProject) {
  return {
    id: project.id,
    name: project.name,
    url: `${call.base}/_apis/projects/${project.id}`,
    state: 'wellFormed',
    revision: 11,
    visibility: 'private',
    lastUpdateTime: '2026-01-05T08:00:00.123Z',
  };
}

export function identityShape(call: AzureCall, user: AzureUser) {
  const { id, displayName, uniqueName } = user;
  return { id, displayName, uniqueName, url: `${call.base}/_apis/Identities/${id}`, descriptor: `aad.${id}` };
}

export async function repositoryShape(call: AzureCall, repository: AzureRepository) {
  const { id, name, project, defaultBranch, isDisabled } = repository;
  const path = `${encodeURIComponent(project.name)}/_git/${encodeURIComponent(name)}`;
  const { protocol, host } = new URL(call.site.url);
  // The hosted service puts the organisation before the host, as a user name that nobody asked for.
  const remoteUrl =
    call.site.layout === 'services'
      ? `${protocol}//${encodeURIComponent(call.collection)}@${host}/${encodeURIComponent(call.collection)}/${path}`
      : `${call.base}/${path}`;
  return {
    id,
    name,
    url: `${call.base}/${project.id}/_apis/git/repositories/${id}`,
    project: projectShape(call, project),
    ...(defaultBranch === undefined ? {} : { defaultBranch }),
    size: await repository.git.size(),
    remoteUrl,
    sshUrl: `git@ssh.dev.azure.com:v3/${call.collection}/${path.replace('/_git/', '/')}`,
    webUrl: `${call.base}/${path}`,
    isDisabled,
    isInMaintenance: false,
  };
}

export function definitionShape(call: AzureCall, definition: BuildDefinition) {
  const { id, name, project } = definition;
  return {
    id,
    name,
    url: `${call.base}/${project.id}/_apis/build/Definitions/${id}?revision=1`,
    path: '\\',
    type: 'build',
    queueStatus: 'enabled',
    revision: 1,
    project: projectShape(call, project),
  };
}

export function buildShape(call: AzureCall, build: Build) {
  const status = call.world.builds.statusOf(build);
  const { definition, requestedFor, startTime, finishTime } = build;
  const { project, repository } = definition;
  return {
    id: build.id,
    buildNumber: build.buildNumber,
    status,
    ...(build.result === undefined ? {} : { result: build.result }),
    queueTime: azureDate(build.queueTime),
    ...(startTime === undefined ? {} : { startTime: azureDate(startTime) }),
    ...(finishTime === undefined ? {} : { finishTime: azureDate(finishTime) }),
    url: `${call.base}/${project.id}/_apis/build/Builds/${build.id}`,
    definition: definitionShape(call, definition),
    project: projectShape(call, project),
    repository: { id: repository.id, type: 'TfsGit', name: repository.name },
    sourceBranch: build.sourceBranch,
    sourceVersion: build.sourceVersion,
    priority: 'normal',
    reason: build.reason,
    requestedFor: identityShape(call, requestedFor),
    requestedBy: identityShape(call, requestedFor),
    lastChangedDate: azureDate(finishTime ?? startTime ?? build.queueTime),
    tags: [],
    triggerInfo:
      build.reason === 'individualCI'
        ? { 'ci.sourceBranch': build.sourceBranch, 'ci.sourceSha': build.sourceVersion }
        : {},
    _links: {
      web: { href: `${call.base}/${encodeURIComponent(project.name)}/_build/results?buildId=${build.id}` },
    },
  };
}

/** A run is the same thing as a build, in the words of the newer interface. */
export function runShape(call: AzureCall, build: Build) {
  const status = call.world.builds.statusOf(build);
  const state = status === 'completed' ? 'completed' : status === 'cancelling' ? 'canceling' : 'inProgress';
  const { definition, finishTime } = build;
  return {
    id: build.id,
    name: build.buildNumber,
    state,
    ...(build.result === undefined
      ? {}
      : { result: build.result === 'partiallySucceeded' ? 'succeeded' : build.result }),
    createdDate: azureDate(build.queueTime),
    ...(finishTime === undefined ? {} : { finishedDate: azureDate(finishTime) }),
    url: `${call.base}/${definition.project.id}/_apis/pipelines/${definition.id}/runs/${build.id}`,
    pipeline: { id: definition.id, name: definition.name, revision: 1, folder: '\\' },
    templateParameters: {},
    resources: { repositories: { self: { refName: build.sourceBranch, version: build.sourceVersion } } },
    _links: { web: { href: `${call.base}/${definition.project.id}/_build/results?buildId=${build.id}` } },
  };
}
