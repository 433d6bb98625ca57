import { registryRepositoryEntity, registryTagDetail, registryTagEntity } from '../entities/registry.js';
import { isGroup } from '../model/project.js';
import type { RegistryRepository } from '../model/registry.js';
import type { Call } from '../http/call.js';
import { listArray } from '../http/listing.js';
import { pageReply } from '../http/pagination.js';
import { jsonReply, notFound, type Reply } from '../http/reply.js';
import type { Router } from '../http/router.js';
import { canRead, groupOf, projectWith } from './access.js';

const base = '/projects/:id/registry/repositories';

export function addRegistryRoutes(router: Router): void {
  const jobTokens = { jobTokens: true };
  router
    .get(base, listRepositories, jobTokens)
    .get(`${base}/:repository_id/tags`, listTags, jobTokens)
    .get(`${base}/:repository_id/tags/:tag`, oneTag, jobTokens)
    .get('/registry/repositories/:repository_id', oneRepository)
    .get('/groups/:id/registry/repositories', groupRepositories);
}

function listRepositories(call: Call): Reply {
  const project = projectWith(call, 'container_registry');
  const show = {
    tags: call.parameters.boolean('tags') ?? false,
    tagsCount: call.parameters.boolean('tags_count') ?? false,
  };
  return pageReply(call, listArray([...project.registry.values()]), (row) =>
    JSON.stringify(registryRepositoryEntity(call.site, row, show)),
  );
}

/** Tags are never listed by group. */
function groupRepositories(call: Call): Reply {
  const group = groupOf(call);
  const rows = [...call.world.projects.byId.values()]
    .filter(({ owner }) => isGroup(owner) && call.world.groups.within(owner, group))
    .filter((project) => canRead(call.world, project, call.user, 'container_registry'))
    .flatMap((project) => [...project.registry.values()]);
  return pageReply(call, listArray(rows), (row) => JSON.stringify(registryRepositoryEntity(call.site, row)));
}

function oneRepository(call: Call): Reply {
  const repository = call.world.registry.find(call.numericPart('repository_id'));
  const gone = repository === undefined || !call.world.projects.byId.has(repository.project.id);
  if (gone || !canRead(call.world, repository.project, call.user, 'container_registry')) {
    throw notFound();
  }
  const show = {
    tags: call.parameters.boolean('tags') ?? false,
    tagsCount: call.parameters.boolean('tags_count') ?? false,
  };
  return jsonReply(registryRepositoryEntity(call.site, repository, show));
}

function repositoryOf(call: Call): RegistryRepository {
  const project = projectWith(call, 'container_registry');
  const repository = project.registry.get(call.numericPart('repository_id'));
  if (repository === undefined) throw notFound('Repository');
  return repository;
}

function listTags(call: Call): Reply {
  const repository = repositoryOf(call);
  const rows = [...repository.tags.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  return pageReply(call, listArray(rows), (row) => JSON.stringify(registryTagEntity(call.site, repository, row)));
}

function oneTag(call: Call): Reply {
  const repository = repositoryOf(call);
  const tag = repository.tags.get(call.part('tag'));
  if (tag === undefined) throw notFound('Tag');
  return jsonReply(registryTagDetail(call.site, repository, tag));
}
