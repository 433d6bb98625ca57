import { ConnectorError, type ChangeEvent, type StoredVersion } from '@syncline/connector-sdk';
import type { GitLabReader, Page, PageItem, ProjectRecord, ReadOptions, WalkCursor } from '@syncline/gitlab';
import { concurrently } from '../concurrently.js';
import { ItemFailures } from '../item-failures.js';
import { hasStoodStill } from '../patience.js';
import { filterOf, save, savedWalk } from '../saved-cursor.js';
import type { SyncRun } from '../sync-run.js';

/** Objects with a time of their last change: merge requests, pipelines, deployments. */
export interface WalkedStream<T extends { readonly updatedAt: Date | null }> {
  /** First part of the stream's name, and the name by which webhooks wake it. */
  readonly name: string;
  readonly byBranch: boolean;
  pages(
    reader: GitLabReader,
    projectId: number,
    cursor: WalkCursor | undefined,
    options: ReadOptions,
  ): AsyncIterable<Page<T, WalkCursor>>;
  one(reader: GitLabReader, projectId: number, key: number): Promise<T | undefined>;
  /** What names the object in its project: iid or id. */
  keyOf(record: T): number;
  statusOf(record: T): string;
  eventId(projectId: number, key: string | number): string;
  /** Is it on one of the configured branches? */
  matches(run: SyncRun, project: ProjectRecord, record: T): Promise<boolean>;
  /** Asks for details where they are needed. `known`: what is stored of it. Undefined: nothing new can be said. */
  toEvent(
    run: SyncRun,
    project: ProjectRecord,
    record: T,
    known: { readonly version: StoredVersion; readonly isCurrent: boolean } | undefined,
  ): Promise<ChangeEvent | undefined>;
}

export function streamOf(stream: { readonly name: string }, project: Pick<ProjectRecord, 'id'>): string {
  return `${stream.name}/${project.id}`;
}

/**
 * What is new since the checkpoint, page by page. A checkpoint where nothing happens is moved every few hours, not at each poll,
 * unless the caller wants it to (`settles`). A pass over everything, or from a given time, comes before it and moves
 * no checkpoint, because it may begin later than the checkpoint or end early.
 */
export async function readWalked<T extends { readonly updatedAt: Date | null }>(
  run: SyncRun,
  project: ProjectRecord,
  stream: WalkedStream<T>,
  options: { readonly settles?: boolean } = {},
): Promise<void> {
  const { session, settings, reader } = run;
  const name = streamOf(stream, project);
  const filter = filterOf(settings, stream);
  const saved = await savedWalk(run, project, stream);
  const gone = await retryDue(run, project, stream);
  const doubtFrom = doubtfulFrom(saved);
  const again = session.request.mode === 'full' || session.request.since !== undefined;
  if (saved?.mark !== undefined && again) {
    const since = session.request.since ?? settings.since;
    for await (const page of stream.pages(reader, project.id, undefined, { since })) {
      await storeItems(run, project, stream, page.items, { doubtFrom });
    }
  }
  let isStill = saved?.position === undefined && options.settles !== true;
  for await (const page of stream.pages(reader, project.id, saved, { since: settings.since })) {
    // A checkpoint within a pass has to leave it at its end, or the next run would go on there and see nothing newer.
    isStill &&= page.cursor.position === undefined;
    const isIdle = isStill && saved?.mark !== undefined && !hasStoodStill(session.now(), saved.mark, project);
    const cursor = { next: save(filter, page.cursor), isIdle };
    await storeItems(run, project, stream, page.items, { cursor, doubtFrom });
  }
  if (gone.length > 0) await run.commit(name, { settled: gone }, undefined);
}

/** Clocks of a cluster's machines differ a little. */
const slackMs = 5_000;

/**
 * Times are whole seconds. What changed before this was read after its second had passed, so that an equal time means an
 * equal object; later ones may have changed again in the second in which they were read.
 */
function doubtfulFrom(saved: WalkCursor | undefined): Date | undefined {
  const readFrom = saved?.mark ?? saved?.position?.startedAt;
  return readFrom === undefined ? undefined : new Date(Date.parse(readFrom) - slackMs);
}

/** Exactly these objects, as a webhook named them. One that is gone meanwhile is no loss. */
export async function readKeys<T extends { readonly updatedAt: Date | null }>(
  run: SyncRun,
  project: ProjectRecord,
  stream: WalkedStream<T>,
  keys: readonly string[],
): Promise<void> {
  const items = await fetchKeys(run, project, stream, keys);
  await storeItems(
    run,
    project,
    stream,
    items.filter((item) => item.ok || item.error.status !== 404),
    // The webhook may tell of a second change in one second.
    { doubtFrom: new Date(0) },
  );
}

/**
 * Objects that could not be read before, when their time has come; those that fail again wait longer.
 * @returns those that GitLab does not know: gone, if it turns out that it still knows the project.
 */
async function retryDue<T extends { readonly updatedAt: Date | null }>(
  run: SyncRun,
  project: ProjectRecord,
  stream: WalkedStream<T>,
): Promise<readonly string[]> {
  const due = await run.session.dueItems(streamOf(stream, project));
  if (due.length === 0) return [];
  const prefix = stream.eventId(project.id, '');
  const keys = due.filter((item) => item.startsWith(prefix)).map((item) => item.slice(prefix.length));
  const items = await fetchKeys(run, project, stream, keys);
  const gone = items.flatMap((item) => (!item.ok && item.error.status === 404 ? [prefix + item.id] : []));
  const there = items.filter((item) => item.ok || item.error.status !== 404);
  await storeItems(run, project, stream, there, { due: due.filter((item) => !gone.includes(item)) });
  return gone;
}

function fetchKeys<T extends { readonly updatedAt: Date | null }>(
  run: SyncRun,
  project: ProjectRecord,
  stream: WalkedStream<T>,
  keys: readonly string[],
): Promise<readonly PageItem<T>[]> {
  return concurrently(keys, async (key): Promise<PageItem<T>> => {
    run.guard();
    try {
      const value = /^\d+$/.test(key) ? await stream.one(run.reader, project.id, Number(key)) : undefined;
      return value === undefined ? { ok: false, id: key, error: gone(project) } : { ok: true, value };
    } catch (error) {
      return { ok: false, id: key, error: ConnectorError.from(error) };
    }
  });
}

function gone(project: ProjectRecord): ConnectorError {
  const message = `It is not in ${project.path} any more, or the token may not see it`;
  return new ConnectorError('permanent', message, { status: 404 });
}

interface StoreOptions {
  /** Where the stream stands after this page. `isIdle`: it may as well stay where it was, if there is nothing to store. */
  readonly cursor?: { readonly next: ReturnType<typeof save>; readonly isIdle: boolean };
  readonly due?: readonly string[];
  /** An object of this time or later may have changed though its time is the known one. */
  readonly doubtFrom?: Date;
}

/**
 * One page: what is known and unchanged needs no details and no write. Of the items `due` for another attempt, those that do
 * not fail again are settled, also where nothing is to be stored of them.
 */
async function storeItems<T extends { readonly updatedAt: Date | null }>(
  run: SyncRun,
  project: ProjectRecord,
  stream: WalkedStream<T>,
  items: readonly PageItem<T>[],
  { cursor, due = [], doubtFrom }: StoreOptions,
): Promise<void> {
  run.guard();
  run.counts.fetched += items.length;
  const failures = new ItemFailures();
  const eventIdOf = (record: T): string => stream.eventId(project.id, stream.keyOf(record));
  const records = failures.readable(items, (key) => stream.eventId(project.id, key));
  const known = await run.session.versions(records.map(eventIdOf));
  const isDoubtful = ({ updatedAt }: T): boolean =>
    doubtFrom !== undefined && updatedAt !== null && updatedAt >= doubtFrom;
  const mapped = await concurrently(records, async (record) => {
    run.guard();
    try {
      const version = known.get(eventIdOf(record));
      const status = stream.statusOf(record);
      const isCurrent = version !== undefined && !isNews(record, status, version, isDoubtful(record));
      if (isCurrent && run.session.request.mode !== 'full') return undefined;
      // What is stored is followed, also where it goes to another branch: else an open one would stay open for ever.
      if (version === undefined && !(await stream.matches(run, project, record))) return undefined;
      return await stream.toEvent(run, project, record, version && { version, isCurrent });
    } catch (error) {
      failures.add(eventIdOf(record), error);
      return undefined;
    }
  });
  const events = mapped.filter((event) => event !== undefined);
  const { setAside } = failures;
  const settled = due.filter((id) => !setAside.some(({ item }) => item === id));
  const isNothing = events.length + setAside.length + settled.length === 0;
  // The checkpoint moves past objects in doubt, or each idle poll would ask for them again.
  if (isNothing && (cursor === undefined || (cursor.isIdle && !records.some(isDoubtful)))) return;
  const stored = await run.commit(streamOf(stream, project), { events, setAside, settled }, cursor?.next);
  const news = stored.created + stored.updated;
  if (news === 0) return;
  run.session.log.info(`${project.path}: ${news} of ${items.length} ${stream.name.replace('_', ' ')} are news`);
}

function isNews(
  record: { readonly updatedAt: Date | null },
  status: string,
  known: StoredVersion,
  isDoubtful: boolean,
): boolean {
  if (record.updatedAt === null || known.updatedAt === null) return status !== known.status;
  if (record.updatedAt > known.updatedAt) return true;
  const isSame = record.updatedAt.getTime() === Math.floor(known.updatedAt.getTime() / 1000) * 1000;
  return isSame && (isDoubtful || status !== known.status);
}
