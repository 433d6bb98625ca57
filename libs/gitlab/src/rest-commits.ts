import { ConnectorError } from '@syncline/connector-sdk';
import type { GitLabClient, Paging } from './client.js';
import { parseItems, type RawPage } from './page.js';
import type { CommitRecord } from './records.js';
import { commitSchema } from './schema/repository.js';
import type { CommitCursor, CommitRange, Page, ReadOptions } from './stream-reader.js';

/**
 * Commits from the known head (excluded) to the branch's head, newest first. An interrupted read is finished first, to
 * the end it had, because its pages are numbered from there.
 */
export async function* readCommits(
  client: GitLabClient,
  projectId: number,
  range: CommitRange,
  from: CommitCursor | undefined,
  options: ReadOptions,
): AsyncIterable<Page<CommitRecord, CommitCursor>> {
  let cursor: CommitCursor = from ?? {};
  while (cursor.head !== range.head || cursor.pass !== undefined) {
    const pass = cursor.pass ?? { to: range.head, page: 1 };
    const raw = await readPage(client, projectId, { from: cursor.head, ...pass }, options);
    const known = cursor.head === undefined ? {} : { head: cursor.head };
    cursor = raw.nextPage === undefined ? { head: pass.to } : { ...known, pass: { to: pass.to, page: raw.nextPage } };
    yield { items: parseItems(raw.items, commitSchema, 'id', `a commit of project ${projectId}`), cursor };
  }
}

async function readPage(
  client: GitLabClient,
  projectId: number,
  { from, to, page }: { from?: string; to: string; page: number },
  { since }: ReadOptions,
): Promise<RawPage> {
  const read = (query: { refName: string; since?: string }): Promise<RawPage> =>
    client.page(page, (paging: Paging) => client.commits.all(projectId, { ...query, withStats: true, ...paging }));
  const start = { refName: to, ...(since === undefined ? {} : { since: since.toISOString() }) };
  if (from === undefined) return read(start);
  try {
    return await read({ refName: `${from}..${to}` });
  } catch (error) {
    // After a force push GitLab may have removed the old head: then everything from the new one counts, repeats and all.
    if (error instanceof ConnectorError && (error.status === 404 || error.status === 400)) return read(start);
    throw error;
  }
}
