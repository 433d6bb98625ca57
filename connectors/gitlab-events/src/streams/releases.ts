import { createHash } from 'node:crypto';
import { ConnectorError, type Cursor } from '@syncline/connector-sdk';
import type { PageItem, ProjectRecord, ReleaseRecord } from '@syncline/gitlab';
import { concurrently } from '../concurrently.js';
import { ItemFailures } from '../item-failures.js';
import { eventIds } from '../mapping/event-ids.js';
import { mapRelease } from '../mapping/release.js';
import type { SyncRun } from '../sync-run.js';
import { streamOf } from './walked-stream.js';

export const releases = { name: 'releases' } as const;

/**
 * Releases have no time of their last change, so all are listed every time. The checkpoint holds a digest of each page as
 * it was stored: a page that is the same needs no write.
 */
export async function readReleases(run: SyncRun, project: ProjectRecord): Promise<void> {
  const stream = streamOf(releases, project);
  const digests = digestsOf(await run.session.checkpoint(stream));
  const prefix = eventIds.release(project.id, '');
  const due = (await run.session.dueItems(stream)).map((item) => item.slice(prefix.length));
  const again = due.length === 0 ? [] : await fetchTags(run, project, due);
  const gone = again.flatMap((item) => (!item.ok && item.error.status === 404 ? [prefix + item.id] : []));
  const there = again.filter((item) => item.ok || item.error.status !== 404);
  if (there.length > 0) await storeReleases(run, project, there, undefined);
  let number = 0;
  for await (const page of run.reader.releases(project.id)) {
    const digest = digestOf(page.items, run.settings.since);
    const isKnown = digests[number] === digest && run.session.request.mode !== 'full';
    digests[number] = digest;
    number += 1;
    run.counts.fetched += page.items.length;
    if (!isKnown) await storeReleases(run, project, page.items, { pages: [...digests] });
  }
  // The list could be read, so what GitLab does not know is gone for good.
  if (gone.length > 0) await run.commit(stream, { settled: gone }, undefined);
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

function digestOf(items: readonly PageItem<ReleaseRecord>[], since: Date | undefined): string {
  const content = [since, ...items.map((item) => (item.ok ? item.value : [item.id, item.error.message]))];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 20);
}

function digestsOf(checkpoint: Cursor | undefined): string[] {
  const pages = checkpoint?.['pages'];
  return Array.isArray(pages) ? pages.filter((page): page is string => typeof page === 'string') : [];
}
