import { ConnectorError, type ChangeEvent } from '@syncline/connector-sdk';
import type { ProjectRecord, RegistryRepositoryRecord, TagPage } from '@syncline/gitlab';
import { concurrently } from '../concurrently.js';
import { ItemFailures } from '../item-failures.js';
import { mapImage } from '../mapping/image.js';
import { filterOf, restore, save } from '../saved-cursor.js';
import type { SyncRun } from '../sync-run.js';
import { images } from './image-stream.js';
import { KnownTags } from './known-tags.js';
import { repositoriesOf, watchedRepositories } from './registry-repositories.js';
import type { Look, SavedTags } from './registry-looks.js';
import { rotate, type TagPlace } from './tag-rotation.js';
import { streamOf } from './walked-stream.js';

/** Known tags of a project that are read again at each poll, where lists hold names alone. */
const rotatingTags = 5;
/** A tag may be pushed again in the second in which it was read; clocks differ a little. */
const slackMs = 5_000;

/**
 * Registry images. Where GitLab tells when a repository was last pushed to, or lists tags with what they point to, nothing
 * more is asked. Else lists hold names alone, so each new name costs one request; known names are looked at in turn, to see
 * tags that were pushed again. A full pass looks at all of them.
 */
export async function readImages(run: SyncRun, project: ProjectRecord): Promise<void> {
  const places: TagPlace[] = [];
  const stream = streamOf(images, project);
  const repositories = await repositoriesOf(run, project);
  const looks = await watchedRepositories(run);
  for (const repository of repositories) {
    const look = looks === undefined ? {} : looks.get(repository.id);
    if (look === undefined) continue;
    try {
      const names = await readRepository(run, project, repository, look);
      places.push(...names.map((name) => ({ repositoryId: repository.id, name })));
    } catch (error) {
      const failure = ConnectorError.from(error);
      if (failure.kind !== 'permanent') throw failure;
      run.fail(`${stream}/${repository.id}`, failure);
    }
  }
  await readInTurn(run, project, repositories, places);
}

/** Reads what is new in one repository; returns the known names of which only the name was read. */
async function readRepository(
  run: SyncRun,
  project: ProjectRecord,
  repository: RegistryRepositoryRecord,
  { publishedAfter }: Look,
): Promise<string[]> {
  const { session } = run;
  const stream = `${streamOf(images, project)}/${repository.id}`;
  const filter = filterOf(run.settings, { byBranch: false });
  const saved = restore<SavedTags>(await session.checkpoint(stream), filter);
  const known = new KnownTags(saved?.tags);
  const all: string[] = [];
  const old: string[] = [];
  let hint: SavedTags['hint'];
  for await (const page of run.reader.registryTags(project.id, repository.id, undefined, { publishedAfter })) {
    run.counts.fetched += page.items.length;
    hint = hintOf(page, run) ?? hint;
    const tags = page.items.flatMap((item) => (item.ok ? [item.value] : []));
    const bare = tags.filter(({ detail }) => detail === undefined).map(({ name }) => name);
    const fresh = bare.filter((name) => !known.has(name) || session.request.mode === 'full');
    all.push(...tags.map(({ name }) => name));
    old.push(...bare.filter((name) => !fresh.includes(name)));
    const brought = await newImages(run, project, repository, page);
    const { events, ill } = await readDetails(run, project, repository, fresh);
    const isNew = tags.some(({ name }) => !known.has(name));
    for (const { name } of tags) if (!ill.has(name)) known.add(name);
    if (!isNew && events.length + brought.length === 0) continue;
    // What the pages tell of the repository as a whole holds once all of them are stored.
    const news = await run.commit(
      stream,
      { events: [...brought, ...events] },
      save(filter, { tags: known.toString() }),
    );
    if (news.created > 0) session.log.info(`${repository.path}: ${news.created} image tags are news`);
  }
  const forgot = publishedAfter === undefined && known.keepOnly(all);
  const stored = restore<SavedTags>(await session.checkpoint(stream), filter);
  const isHinted = hint !== undefined && hint.publishedAt !== stored?.hint?.publishedAt;
  if (forgot || isHinted) {
    await run.commit(stream, {}, save(filter, { tags: known.toString(), ...(hint === undefined ? {} : { hint }) }));
  }
  return old;
}

/** Where the last push is as young as the answer, the next poll is to find it younger than this. */
function hintOf({ lastPublishedAt }: TagPage, run: SyncRun): SavedTags['hint'] {
  if (lastPublishedAt === undefined) return undefined;
  if (lastPublishedAt === null) return { publishedAt: null };
  const settledMs = run.session.now().getTime() - slackMs;
  return { publishedAt: new Date(Math.min(lastPublishedAt.getTime(), settledMs)).toISOString() };
}

/** Images of tags that came with what they point to, those that are stored already left out. */
async function newImages(
  run: SyncRun,
  project: ProjectRecord,
  repository: RegistryRepositoryRecord,
  { items }: TagPage,
): Promise<ChangeEvent[]> {
  const events = items.flatMap((item) => {
    const detail = item.ok ? item.value.detail : undefined;
    const digest = detail?.digest ?? undefined;
    return detail === undefined || digest === undefined ? [] : [mapImage(detail, digest, repository, project)];
  });
  const recent = events.filter((event) => isRecent(event, run.settings.since));
  if (recent.length === 0 || run.session.request.mode === 'full') return recent;
  const known = await run.session.versions(recent.map(({ eventId }) => eventId));
  return recent.filter(({ eventId }) => !known.has(eventId));
}

/** A few known tags a poll, each in its turn. */
async function readInTurn(
  run: SyncRun,
  project: ProjectRecord,
  repositories: readonly RegistryRepositoryRecord[],
  places: readonly TagPlace[],
): Promise<void> {
  if (places.length === 0 || run.session.request.mode === 'full') return;
  const stream = streamOf(images, project);
  const { turn, cursor, polls } = rotate(places, await run.session.checkpoint(stream), rotatingTags);
  const events: ChangeEvent[] = [];
  for (const repository of repositories) {
    const names = turn.filter(({ repositoryId }) => repositoryId === repository.id).map(({ name }) => name);
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
