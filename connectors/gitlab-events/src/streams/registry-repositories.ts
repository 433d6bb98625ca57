import { ConnectorError } from '@syncline/connector-sdk';
import type { ProjectRecord, RegistryRepositoryRecord } from '@syncline/gitlab';
import { concurrently } from '../concurrently.js';
import type { SyncRun } from '../sync-run.js';
import { images } from './image-stream.js';
import { type Look, registryLooks } from './registry-looks.js';
import { streamOf } from './walked-stream.js';

type Repositories = readonly RegistryRepositoryRecord[];

interface RunMemory {
  readonly repositories: Map<number, Promise<Repositories>>;
  looks?: Promise<ReadonlyMap<number, Look> | undefined>;
}

const memories = new WeakMap<SyncRun, RunMemory>();

/** A project's registry repositories, without those that are being deleted; read once a run. */
export function repositoriesOf(run: SyncRun, project: ProjectRecord): Promise<Repositories> {
  const memory = memoryOf(run);
  const known = memory.repositories.get(project.id) ?? readRepositories(run, project);
  memory.repositories.set(project.id, known);
  return known;
}

/** Which repositories this run reads, decided once for all its projects, because one request answers for many. */
export function watchedRepositories(run: SyncRun): Promise<ReadonlyMap<number, Look> | undefined> {
  const memory = memoryOf(run);
  memory.looks ??= lookAtAll(run);
  return memory.looks;
}

async function lookAtAll(run: SyncRun): Promise<ReadonlyMap<number, Look> | undefined> {
  if (run.reader.registryWatch === undefined) return undefined;
  const all = await concurrently(
    run.projects.filter(({ features }) => features.containerRegistry !== 'disabled'),
    async (project) => {
      try {
        return { project, repositories: await repositoriesOf(run, project) };
      } catch (error) {
        // The project's own stream meets the same error and reports it; the others are looked at.
        if (ConnectorError.from(error).kind === 'interrupted') throw error;
        return { project, repositories: [] };
      }
    },
  );
  return registryLooks(run, all);
}

async function readRepositories(run: SyncRun, project: ProjectRecord): Promise<Repositories> {
  const repositories = new Map<number, RegistryRepositoryRecord>();
  for await (const page of run.reader.registryRepositories(project.id)) {
    run.guard();
    for (const item of page.items) {
      if (!item.ok) run.fail(`${streamOf(images, project)}/${item.id}`, item.error);
      else if (item.value.status === null) repositories.set(item.value.id, item.value);
    }
  }
  return [...repositories.values()];
}

function memoryOf(run: SyncRun): RunMemory {
  const memory = memories.get(run) ?? { repositories: new Map<number, Promise<Repositories>>() };
  memories.set(run, memory);
  return memory;
}
