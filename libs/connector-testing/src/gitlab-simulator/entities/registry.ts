import type { RegistryRepository, RegistryTag } from '../model/registry.js';
import { registryHost } from './project.js';
import { isoTime, type Site } from './site.js';

export function registryPath(repository: RegistryRepository): string {
  const project = repository.project.fullPath.toLowerCase();
  return repository.name === '' ? project : `${project}/${repository.name}`;
}

/** In a list, and in a detail without `size`: that needs a registry with a database, which this is not. */
export function registryRepositoryEntity(
  site: Site,
  repository: RegistryRepository,
  show: { tags?: boolean; tagsCount?: boolean } = {},
) {
  const path = registryPath(repository);
  const tags = [...repository.tags.values()];
  return {
    id: repository.id,
    name: repository.name,
    path,
    project_id: repository.project.id,
    location: `${registryHost(site)}/${path}`,
    created_at: isoTime(repository.createdAt),
    cleanup_policy_started_at: null,
    status: repository.status,
    ...(show.tagsCount === true ? { tags_count: tags.length } : {}),
    ...(show.tags === true ? { tags: tags.map((tag) => registryTagEntity(site, repository, tag)) } : {}),
  };
}

/** A list item: nothing in it tells that an image was pushed again. */
export function registryTagEntity(site: Site, repository: RegistryRepository, tag: RegistryTag) {
  const path = `${registryPath(repository)}:${tag.name}`;
  return { name: tag.name, path, location: `${registryHost(site)}/${path}` };
}

export function registryTagDetail(site: Site, repository: RegistryRepository, tag: RegistryTag) {
  return {
    ...registryTagEntity(site, repository, tag),
    revision: tag.revision,
    short_revision: tag.revision.slice(0, 9),
    digest: tag.digest,
    created_at: tag.createdAt === null ? null : isoTime(tag.createdAt).replace('Z', '+00:00'),
    total_size: tag.totalSize,
  };
}
