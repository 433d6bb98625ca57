import type { Project } from '../model/project.js';
import type { RegistryRepository, RegistryTag } from '../model/registry.js';
import type { WorldCore } from './world-core.js';

/** The container registry. It tells nobody anything: there is no hook for a push. */
export class Registry {
  private readonly byId = new Map<number, RegistryRepository>();

  constructor(private readonly core: WorldCore) {}

  /** An empty name is the project's root image. */
  createRepository(project: Project, name = ''): RegistryRepository {
    const repository: RegistryRepository = {
      id: this.core.nextId('registry_repository'),
      project,
      name,
      createdAt: this.core.clock.stamp(),
      status: null,
      tags: new Map(),
      lastPublishedAt: null,
    };
    project.registry.set(repository.id, repository);
    this.byId.set(repository.id, repository);
    return repository;
  }

  find(id: number): RegistryRepository | undefined {
    return this.byId.get(id);
  }

  /** Pushes an image. Where the tag exists its digest changes, and nothing in a list shows that. */
  pushTag(
    repository: RegistryRepository,
    name: string,
    options: { digest?: string; totalSize?: number | null; createdAt?: Date | null } = {},
  ): RegistryTag {
    const { random, clock } = this.core;
    const publishedAt = clock.stamp();
    const tag: RegistryTag = {
      name,
      digest: options.digest ?? `sha256:${random.sha256()}`,
      revision: random.sha256(),
      createdAt: options.createdAt === null ? null : (options.createdAt?.getTime() ?? publishedAt),
      totalSize: options.totalSize === undefined ? random.between(2_000_000, 90_000_000) : options.totalSize,
      publishedAt,
    };
    repository.tags.set(name, tag);
    repository.lastPublishedAt = Math.max(repository.lastPublishedAt ?? 0, publishedAt);
    return tag;
  }

  deleteTag(repository: RegistryRepository, name: string): void {
    repository.tags.delete(name);
  }

  deleteRepository(repository: RegistryRepository): void {
    repository.project.registry.delete(repository.id);
    this.byId.delete(repository.id);
  }
}
