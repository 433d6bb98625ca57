import { GraphQLError } from 'graphql';
import { registryHost } from '../../entities/project.js';
import { registryPath } from '../../entities/registry.js';
import type { Project } from '../../model/project.js';
import type { RegistryRepository, RegistryTag } from '../../model/registry.js';
import { connection, shortConnection } from '../connection/connection.js';
import { sorted, type Order } from '../connection/order.js';
import type { PageArguments } from '../connection/page.js';
import type { GraphQlCall } from '../graphql-call.js';
import { globalId } from '../schema/global-id.js';

export type RepositorySort = `${'CREATED' | 'UPDATED' | 'NAME'}_${'ASC' | 'DESC'}`;
type TagSort = `${'NAME' | 'PUBLISHED_AT'}_${'ASC' | 'DESC'}`;

/** Tags per page at most. */
const tagPageMaximum = 20;

/** Null where the registry is off or the role too low. */
export function repositoriesView(
  call: GraphQlCall,
  project: Project,
  args: PageArguments & { name?: string | null; sort: RepositorySort | null },
) {
  if (!call.viewer.reads(project, 'container_registry')) return null;
  const sort = args.sort ?? 'CREATED_DESC';
  const direction = sort.endsWith('_ASC') ? 'asc' : 'desc';
  const order: Order<RegistryRepository> = [
    sort.startsWith('NAME')
      ? { name: 'name', of: (row) => row.name, direction }
      : { name: 'created_at', of: (row) => row.createdAt, direction },
    { name: 'id', of: (row) => row.id, direction },
  ];
  const { name } = args;
  const rows = [...project.registry.values()].filter(
    (row) => typeof name !== 'string' || registryPath(row).includes(name.toLowerCase()),
  );
  return connection(call, { rows: sorted(rows, order), order, args, view: (row) => repositoryView(call, row) });
}

function repositoryView(call: GraphQlCall, repository: RegistryRepository) {
  const path = registryPath(repository);
  return {
    createdAt: repository.createdAt,
    id: globalId('ContainerRepository', repository.id),
    location: `${registryHost(call.site)}/${path}`,
    name: repository.name,
    path,
    project: () => call.views.project(call, repository.project),
    status: repository.status?.toUpperCase() ?? null,
    tagsCount: repository.tags.size,
    // The row in the database: a push does not touch it.
    updatedAt: repository.createdAt,
  };
}

/** With what only the registry itself knows. */
export function repositoryDetailsView(call: GraphQlCall, repository: RegistryRepository) {
  return {
    ...repositoryView(call, repository),
    lastPublishedAt: call.registry === 'database' ? repository.lastPublishedAt : null,
    size: null,
    tags: (args: PageArguments & { name?: string | null; sort?: TagSort | null }) => tagsView(call, repository, args),
  };
}

function tagsView(
  call: GraphQlCall,
  repository: RegistryRepository,
  args: PageArguments & { name?: string | null; sort?: TagSort | null },
) {
  const { name } = args;
  const sort = args.sort ?? 'NAME_ASC';
  const direction = sort.endsWith('_ASC') ? 'asc' : 'desc';
  const byName = { name: 'name', of: (row: RegistryTag) => row.name, direction } as const;
  const byTime = { name: 'published_at', of: (row: RegistryTag) => row.publishedAt, direction } as const;
  const view = (row: RegistryTag) => tagView(call, repository, row);
  const rows = [...repository.tags.values()].filter((row) => typeof name !== 'string' || row.name.includes(name));
  if (call.registry === 'database') {
    const order: Order<RegistryTag> = sort.startsWith('NAME') ? [byName] : [byTime, byName];
    return connection(call, { rows: sorted(rows, order), order, args, maximum: tagPageMaximum, view });
  }
  if (call.registry === 'refusing' && sort.startsWith('PUBLISHED_AT')) {
    throw new GraphQLError('Sorting by published_at needs the metadata database of the container registry');
  }
  return shortConnection(call, sorted(rows, [byName]), args, view, tagPageMaximum);
}

function tagView(call: GraphQlCall, repository: RegistryRepository, tag: RegistryTag) {
  const path = `${registryPath(repository)}:${tag.name}`;
  return {
    createdAt: tag.createdAt,
    digest: tag.digest,
    location: `${registryHost(call.site)}/${path}`,
    // A list of manifests has no build time of its own.
    mediaType: `application/vnd.oci.image.${tag.createdAt === null ? 'index' : 'manifest'}.v1+json`,
    name: tag.name,
    path,
    publishedAt: call.registry === 'database' ? tag.publishedAt : null,
    revision: tag.revision,
    shortRevision: tag.revision.slice(0, 9),
    totalSize: tag.totalSize,
  };
}
