import { jsonReply, noContent } from '../../gitlab-simulator/http/reply.js';
import { readsCode, writesCode, type AzureCall, type AzureLocation } from '../http/azure-call.js';
import { azureDate, azureError, collectionReply } from '../http/azure-reply.js';
import type { AzureProject } from '../model/repository.js';
import { identityShape, repositoryShape } from './shapes.js';
import { updateRefs } from './update-refs.js';

async function readRepositories(call: AzureCall) {
  if (call.part('repositoryId') !== undefined) return jsonReply(await repositoryShape(call, call.repository()));
  const projects =
    call.part('project') === undefined ? (call.world.collections.get(call.collection) ?? []) : [call.project()];
  const all = projects.flatMap((project) => [...project.repositories.values()]);
  return collectionReply(await Promise.all(all.map((one) => repositoryShape(call, one))));
}

async function createRepository(call: AzureCall) {
  const { name, project: named } = call.fields();
  const project = projectOf(call, named);
  if (typeof name !== 'string' || name.trim() === '' || /[\\/:*?"<>|;#${},+=[\]]/.test(name)) {
    throw azureError(400, 'InvalidArgumentValueException', 'TF401024: The repository name is invalid.');
  }
  if (!call.token.user.permissions.has('createRepository')) {
    throw azureError(
      403,
      'GitNeedsPermissionException',
      "TF401027: You need the Git 'CreateRepository' permission to perform this action.",
    );
  }
  if (call.world.findRepository(call.collection, name, project) !== undefined) {
    const message = `TF400948: A Git repository with the name ${name} already exists.`;
    throw azureError(409, 'GitRepositoryNameAlreadyExistsException', message);
  }
  return jsonReply(await repositoryShape(call, await call.world.createRepository(project, name)), 201);
}

function projectOf(call: AzureCall, named: unknown): AzureProject {
  if (call.part('project') !== undefined) return call.project();
  const id = typeof named === 'object' && named !== null && 'id' in named ? String(named.id) : '';
  const project = call.world.findProject(call.collection, id);
  if (project === undefined) throw azureError(400, 'ArgumentException', 'TF401003: a project is needed.');
  return project;
}

async function changeRepository(call: AzureCall) {
  const repository = call.repository();
  const { name, defaultBranch, isDisabled } = call.fields();
  if (typeof name === 'string') repository.name = name;
  if (typeof isDisabled === 'boolean') repository.isDisabled = isDisabled;
  if (typeof defaultBranch === 'string') {
    if ((await repository.git.ref(defaultBranch)) === undefined) {
      throw azureError(400, 'InvalidArgumentValueException', `TF401027: there is no branch ${defaultBranch}.`);
    }
    repository.defaultBranch = defaultBranch;
    await repository.git.setDefaultBranch(defaultBranch.replace(/^refs\/heads\//, ''));
  }
  return jsonReply(await repositoryShape(call, repository));
}

async function removeRepository(call: AzureCall) {
  const repository = call.repository();
  repository.project.repositories.delete(repository.id);
  await repository.git.remove();
  return noContent;
}

async function readRefs(call: AzureCall) {
  const repository = call.repository();
  const refs = [...(await repository.git.refs(`refs/${call.query.get('filter') ?? ''}`.replace(/\/$/, '')))].sort();
  const top = Number(call.query.get('$top') ?? '0') || refs.length;
  const from = Number(call.query.get('continuationToken') ?? '0');
  const page = refs.slice(from, from + top);
  const peels = call.query.get('peelTags') === 'true';
  const value = await Promise.all(
    page.map(async ([name, objectId]) => {
      const peeled = peels && name.startsWith('refs/tags/') ? await repository.git.ref(`${name}^{commit}`) : undefined;
      return { name, objectId, ...(peeled === undefined || peeled === objectId ? {} : { peeledObjectId: peeled }) };
    }),
  );
  const next = from + top;
  return collectionReply(value, next < refs.length ? { 'x-ms-continuationtoken': String(next) } : {});
}

function readPushes(call: AzureCall) {
  const repository = call.repository();
  const ref = call.query.get('searchCriteria.refName');
  const found = repository.pushes.filter(({ updates }) => ref === null || updates.some((update) => update.ref === ref));
  const skip = Number(call.query.get('$skip') ?? '0');
  const top = Number(call.query.get('$top') ?? '100');
  const value = [...found]
    .reverse()
    .slice(skip, skip + top)
    .map(({ pushId, date, by, updates }) => ({
      pushId,
      date: azureDate(date),
      pushedBy: identityShape(call, by),
      refUpdates: updates.map(({ ref: name, before, after }) => ({ name, oldObjectId: before, newObjectId: after })),
      url: `${call.base}/${repository.project.id}/_apis/git/repositories/${repository.id}/pushes/${pushId}`,
    }));
  return collectionReply(value);
}

async function createStatus(call: AzureCall) {
  const repository = call.repository();
  const sha = call.part('commitId') ?? '';
  if ((await repository.git.ref(`${sha}^{commit}`)) === undefined) {
    throw azureError(
      404,
      'GitCommitDoesNotExistException',
      `TF401175: The version descriptor <Commit: ${sha}> could not be resolved.`,
    );
  }
  const { state, description, targetUrl, context } = call.fields();
  const { name, genre } = { name: '', genre: '', ...(typeof context === 'object' ? context : {}) };
  const status = {
    id: repository.statuses.length + 1,
    sha,
    state: String(state),
    description: typeof description === 'string' ? description : '',
    targetUrl: typeof targetUrl === 'string' ? targetUrl : '',
    context: { name, genre },
    creationDate: call.world.now(),
    createdBy: call.token.user,
  };
  repository.statuses.push(status);
  return jsonReply(
    { ...status, creationDate: azureDate(status.creationDate), createdBy: identityShape(call, status.createdBy) },
    201,
  );
}

export const repositoryLocations: readonly AzureLocation[] = [
  {
    id: '225f7195-f9c7-4d14-ab28-a83f7ff77e1f',
    area: 'git',
    resourceName: 'repositories',
    routeTemplate: '{project}/_apis/{area}/{resource}/{repositoryId}',
    resourceVersion: 2,
    routes: [
      { method: 'GET', scopes: readsCode, handler: readRepositories },
      { method: 'POST', scopes: ['vso.code_manage'], handler: createRepository },
      { method: 'PATCH', scopes: ['vso.code_manage'], handler: changeRepository },
      { method: 'DELETE', scopes: ['vso.code_manage'], handler: removeRepository },
    ],
  },
  {
    id: '2d874a60-a811-4f62-9c9f-963a6ea0a55b',
    area: 'git',
    resourceName: 'refs',
    routeTemplate: '{project}/_apis/{area}/repositories/{repositoryId}/{resource}/{*filter}',
    resourceVersion: 2,
    routes: [
      { method: 'GET', scopes: readsCode, handler: readRefs },
      { method: 'POST', scopes: writesCode, handler: updateRefs },
    ],
  },
  {
    id: 'ea98d07b-3c87-4971-8ede-a613694ffb55',
    area: 'git',
    resourceName: 'pushes',
    routeTemplate: '{project}/_apis/{area}/repositories/{repositoryId}/{resource}/{pushId}',
    resourceVersion: 3,
    routes: [{ method: 'GET', scopes: readsCode, handler: readPushes }],
  },
  {
    id: '428dd4fb-fda5-4722-af02-9313b80305da',
    area: 'git',
    resourceName: 'statuses',
    routeTemplate: '{project}/_apis/{area}/repositories/{repositoryId}/commits/{commitId}/{resource}',
    resourceVersion: 2,
    routes: [{ method: 'POST', scopes: ['vso.code_status', ...writesCode], handler: createStatus }],
  },
];
