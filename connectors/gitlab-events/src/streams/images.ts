import { ConnectorError, type ChangeEvent } from '@syncline/connector-sdk';
import type { ProjectRecord, RegistryRepositoryRecord } from '@syncline/gitlab';
import { concurrently } from '../concurrently.js';
import { ItemFailures } from '../item-failures.js';
import { mapImage } from '../mapping/image.js';
import { filterOf, restore, save } from '../saved-cursor.js';
import type { SyncRun } from '../sync-run.js';
import { KnownTags } from './known-tags.js';
import { rotate, type TagPlace } from './tag-rotation.js';
import { streamOf } from './walked-stream.js';

export const images = { name: 'images' } as const;

/** Known tags of a project that are read again at each poll. No list and no webhook tells of a re-pushed tag. */
const rotatingTags = 5;

/**
 * Registry images. Lists hold names alone, so each new name costs one request; known names are looked at in turn, to see
 * tags that were pushed again. A full pass looks at all of them.
 */
export async function readImages(run: SyncRun, project: ProjectRecord): Promise<void> {
  const places: TagPlace[] = [];
  const repositories = new Map<number, RegistryRepositoryRecord>();
  const stream = streamOf(images, project);
  for await (const page of run.reader.registryRepositories(project.id)) {
    run.guard();
    for (const item of page.items) {
      if (item.ok) repositories.set(item.value.id, item.value);
      else run.fail(`${stream}/${item.id}`, item.error);
    }
  }
  for (const repository of repositories.values()) {
    if (repository.status !== null) continue;
    try {
      const names = await readRepository(run, project, repository);
      places.push(...names.map((name) => ({ repositoryId: repository.id, name })));
    } catch (error) {
      const failure = ConnectorError.from(error);
      if (failure.kind !== 'permanent') throw failure;
      run.fail(`${stream}/${repository.id}`, failure);
    }
  }
  await readInTurn(run, project, repositories, places);
}

/** Reads what is new in one repository; returns the names that were known before. */
async function readRepository(
  run: SyncRun,
  project: ProjectRecord,
  repository: RegistryRepositoryRecord,
): Promise<string[]> {
  const { session } = run;
  const stream = `${streamOf(images, project)}/${repository.id}`;
  const filter = filterOf(run.settings, { byBranch: false });
  const known = new KnownTags(restore<{ tags: string }>(await session.checkpoint(stream), filter)?.tags);
  const all: string[] = [];
  const old: string[] = [];
  for await (const page of run.reader.registryTags(project.id, repository.id)) {
    run.counts.fetched += page.items.length;
    const tags = page.items.flatMap((item) => (item.ok ? [item.value.name] : []));
    const fresh = tags.filter((name) => !known.has(name) || session.request.mode === 'full');
    all.push(...tags);
    old.push(...tags.filter((name) => !fresh.includes(name)));
    if (fresh.length === 0) continue;
    const { events, ill } = await readDetails(run, project, repository, fresh);
    for (const name of fresh) if (!ill.has(name)) known.add(name);
    await run.commit(stream, { events }, save(filter, { tags: known.toString() }));
    session.log.info(`${repository.path}: ${events.length} image tags read`);
  }
  if (known.keepOnly(all)) await run.commit(stream, {}, save(filter, { tags: known.toString() }));
  return old;
}

/** A few known tags a poll, each in its turn. */
async function readInTurn(
  run: SyncRun,
  project: ProjectRecord,
  repositories: ReadonlyMap<number, RegistryRepositoryRecord>,
  places: readonly TagPlace[],
): Promise<void> {
  if (places.length === 0 || run.session.request.mode === 'full') return;
  const stream = streamOf(images, project);
  const { turn, cursor, polls } = rotate(places, await run.session.checkpoint(stream), rotatingTags);
  const events: ChangeEvent[] = [];
  for (const [id, repository] of repositories) {
    const names = turn.filter(({ repositoryId }) => repositoryId === id).map(({ name }) => name);
    events.push(...(await readDetails(run, project, repository, names)).events);
  }
  await run.commit(stream, { events }, cursor);
  run.session.log.debug(
    `${project.path}: looked again at ${turn.length} of ${places.length} known image tags; ` +
      `a tag that is pushed again is noticed within ${polls} ${polls === 1 ? 'poll' : 'polls'}`,
  );
}

/**
 * A tag that cannot be read fails by itself. It is not set aside as an item, because its event's id needs the digest that
 * could not be read: `ill` ones are new again at the next poll, the others are looked at again in their turn.
 */
async function readDetails(
  run: SyncRun,
  project: ProjectRecord,
  repository: RegistryRepositoryRecord,
  names: readonly string[],
): Promise<{ readonly events: ChangeEvent[]; readonly ill: ReadonlySet<string> }> {
  const failures = new ItemFailures();
  const mapped = await concurrently(names, async (name) => {
    run.guard();
    try {
      const detail = await run.reader.registryTagDetail(project.id, repository.id, name);
      if (detail === undefined) return undefined;
      if (detail.digest === null) throw new ConnectorError('permanent', 'The registry tells no digest for this tag');
      return mapImage(detail, detail.digest, repository, project);
    } catch (error) {
      failures.add(name, error);
      return undefined;
    }
  });
  const ill = new Set<string>();
  for (const { item, error } of failures.setAside) {
    if (error.kind === 'transient') ill.add(item);
    run.session.failStream(`${streamOf(images, project)}/${repository.id}/${item}`, error);
  }
  const events = mapped.filter((event) => event !== undefined).filter((event) => isRecent(event, run.settings.since));
  return { events, ill };
}

/** Where the time is only a lower bound, the image may be as recent as it likes. */
function isRecent({ occurredAt, occurredAtPrecision }: ChangeEvent, since: Date | undefined): boolean {
  return since === undefined || occurredAtPrecision === 'at_least' || occurredAt >= since;
}
