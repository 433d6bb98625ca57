import { createHash } from 'node:crypto';
import { ConnectorError, type Cursor } from '@syncline/connector-sdk';
import type { PageItem, ProjectRecord, ReleaseRecord } from '@syncline/gitlab';
import { concurrently } from '../concurrently.js';
import { ItemFailures } from '../item-failures.js';
import { eventIds } from '../mapping/event-ids.js';
import { mapRelease } from '../mapping/release.js';
import { isOverdue } from '../patience.js';
import type { SyncRun } from '../sync-run.js';
import { streamOf } from './walked-stream.js';

export const releases = { name: 'releases' } as const;

/** So many releases share a digest: what a shared answer holds of a project. */
const perDigest = 10;

/**
 * Releases have no time of their last change, so they are compared. The checkpoint holds a digest of each ten as they were
 * stored. Where those on the first page are the same, older ones are looked at once an hour: GitLab lists the newest first.
 */
export async function readReleases(run: SyncRun, project: ProjectRecord): Promise<void> {
  const stream = streamOf(releases, project);
  const saved = savedReleases(await run.session.checkpoint(stream));
  const prefix = eventIds.release(project.id, '');
  const due = (await run.session.dueItems(stream)).map((item) => item.slice(prefix.length));
  const again = due.length === 0 ? [] : await fetchTags(run, project, due);
  const gone = again.flatMap((item) => (!item.ok && item.error.status === 404 ? [prefix + item.id] : []));
  const there = again.filter((item) => item.ok || item.error.status !== 404);
  if (there.length > 0) await storeReleases(run, project, there, undefined);
  await compareReleases(run, project, saved);
  // The list could be read, so what GitLab does not know is gone for good.
  if (gone.length > 0) await run.commit(stream, { settled: gone }, undefined);
}

async function compareReleases(run: SyncRun, project: ProjectRecord, saved: SavedReleases): Promise<void> {
  const { session, settings } = run;
  const now = session.now();
  const isDue = saved.at === undefined || session.request.mode === 'full' || isOverdue(now, saved.at, project);
  const digests = [...saved.pages];
  let place = 0;
  let isChanged = false;
  let waiting: PageItem<ReleaseRecord>[] = [];
  for await (const page of run.reader.releases(project.id)) {
    run.guard();
    run.counts.fetched += page.items.length;
    const isLast = page.cursor.page === undefined && page.cursor.after === undefined;
    waiting.push(...page.items);
    const news: PageItem<ReleaseRecord>[] = [];
    while (waiting.length >= perDigest || (isLast && waiting.length > 0)) {
      const items = waiting.slice(0, perDigest);
      waiting = waiting.slice(perDigest);
      const digest = digestOf(items, project, settings.since);
      if (digests[place] !== digest || session.request.mode === 'full') news.push(...items);
      if (digests[place] !== digest) isChanged = true;
      digests[place] = digest;
      place += 1;
    }
    if (isLast) {
      if (digests.length > place) isChanged = true;
      if (!isChanged && !isDue) return;
      await storeReleases(run, project, news, { pages: digests.slice(0, place), at: now.toISOString() });
    } else if (news.length > 0) {
      await storeReleases(run, project, news, {
        pages: [...digests],
        ...(saved.at === undefined ? {} : { at: saved.at }),
      });
    }
    if (!isChanged && !isDue) return;
  }
}

/** Exactly these tags, as webhooks named them. A tag without a release is no loss. */
export async function readReleasesNamed(run: SyncRun, project: ProjectRecord, tags: readonly string[]): Promise<void> {
  const items = await fetchTags(run, project, tags);
  const found = items.filter((item) => item.ok || item.error.status !== 404);
  run.counts.fetched += found.length;
  if (found.length > 0) await storeReleases(run, project, found, undefined);
}

function fetchTags(
  run: SyncRun,
  project: ProjectRecord,
  tags: readonly string[],
): Promise<readonly PageItem<ReleaseRecord>[]> {
  return concurrently(tags, async (tag): Promise<PageItem<ReleaseRecord>> => {
    run.guard();
    try {
      const value = await run.reader.release(project.id, tag);
      if (value !== undefined) return { ok: true, value };
      const error = new ConnectorError('permanent', `${project.path} has no release ${tag} any more`, { status: 404 });
      return { ok: false, id: tag, error };
    } catch (error) {
      return { ok: false, id: tag, error: ConnectorError.from(error) };
    }
  });
}

async function storeReleases(
  run: SyncRun,
  project: ProjectRecord,
  items: readonly PageItem<ReleaseRecord>[],
  cursor: Cursor | undefined,
): Promise<void> {
  const failures = new ItemFailures();
  const readable = failures.readable(items, (tag) => eventIds.release(project.id, tag));
  const since = run.settings.since;
  const events = readable
    .map((release) => mapRelease(release, project))
    .filter(({ occurredAt }) => since === undefined || occurredAt >= since);
  const stored = await run.commit(streamOf(releases, project), { events, setAside: failures.setAside }, cursor);
  const news = stored.created + stored.updated;
  if (news > 0) run.session.log.info(`${project.path}: ${news} of ${items.length} releases are news`);
}

/** Of the events, because that is what is compared: a way of reading may list the links of a release in another order. */
function digestOf(items: readonly PageItem<ReleaseRecord>[], project: ProjectRecord, since: Date | undefined): string {
  const content = [since, ...items.map((item) => (item.ok ? mapRelease(item.value, project) : item.id))];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 20);
}

interface SavedReleases {
  readonly pages: readonly string[];
  /** When all of them were looked at. */
  readonly at?: string;
}

function savedReleases(checkpoint: Cursor | undefined): SavedReleases {
  const { pages, at } = checkpoint ?? {};
  return {
    pages: Array.isArray(pages) ? pages.filter((page): page is string => typeof page === 'string') : [],
    ...(typeof at === 'string' ? { at } : {}),
  };
}
