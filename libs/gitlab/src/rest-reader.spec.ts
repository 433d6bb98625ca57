import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type Answer,
  type Asked,
  clientFor,
  collect,
  mergeRequest,
  pageOf,
  type ScriptedGitLab,
  startScriptedGitLab,
} from '../test/scripted-gitlab.js';
import { createRestReader } from './rest-reader.js';
import type { Page, PageItem } from './stream-reader.js';

let server: ScriptedGitLab | undefined;
afterEach(() => server?.close());

async function reading(script: (asked: Asked) => Answer | undefined) {
  server = await startScriptedGitLab(script);
  return { asked: server.asked, reader: createRestReader(clientFor(server.baseUrl)) };
}

function values<T>(pages: readonly Page<T, unknown>[]): T[] {
  return pages.flatMap(({ items }) => items.flatMap((item: PageItem<T>) => (item.ok ? [item.value] : [])));
}

/** A list that is filtered and sorted by `updated_at`, as GitLab does it. */
function updatedList(rows: readonly { iid?: number; id: number; updated_at: string | null }[], asked: Asked): Answer {
  const after = asked.query.get('updated_after');
  const sign = asked.query.get('sort') === 'asc' ? 1 : -1;
  const time = (row: { updated_at: string | null }): number =>
    row.updated_at === null ? Number.MAX_SAFE_INTEGER : Date.parse(row.updated_at);
  const kept = rows.filter((row) => after === null || (row.updated_at !== null && time(row) >= Date.parse(after)));
  return pageOf(
    kept.sort((a, b) => sign * (time(a) - time(b) || a.id - b.id)),
    asked,
  );
}

const minute = (n: number): string => new Date(Date.parse('2026-01-01T00:00:00.123Z') + n * 60_000).toISOString();

describe('merge requests', () => {
  it('are all read page by page in the order of change, and one idle pass is one request', async () => {
    const rows = Array.from({ length: 230 }, (_, i) => mergeRequest(i + 1, minute(i)));
    const { asked, reader } = await reading((request) => updatedList(rows, request));
    const pages = await collect(reader.mergeRequests(7));
    expect(new Set(values(pages).map(({ iid }) => iid)).size).toBe(230);
    expect(asked.map(({ query }) => [query.get('page'), query.get('updated_after')])).toEqual([
      ['1', null],
      ['1', minute(99)],
      ['1', minute(198)],
    ]);
    const cursor = pages.at(-1)?.cursor;
    expect(cursor).toEqual({ mark: '2026-01-01T12:00:00.000Z' });
    asked.length = 0;
    await collect(reader.mergeRequests(7, cursor));
    expect(asked.map(({ query }) => query.get('updated_after'))).toEqual(['2026-01-01T11:58:00.000Z']);
  });

  it('go on where a stopped pass was, and not before', async () => {
    const rows = Array.from({ length: 150 }, (_, i) => mergeRequest(i + 1, minute(i)));
    const { asked, reader } = await reading((request) => updatedList(rows, request));
    for await (const page of reader.mergeRequests(7)) {
      asked.length = 0;
      const stored: typeof page.cursor = JSON.parse(JSON.stringify(page.cursor));
      const rest = await collect(reader.mergeRequests(7, stored));
      expect(values(rest).map(({ iid }) => iid)).toContain(150);
      break;
    }
    expect(asked.map(({ query }) => query.get('updated_after'))).toEqual([minute(99)]);
  });

  it('that cannot be read are named, and the others are read', async () => {
    const rows = [
      mergeRequest(1, minute(1)),
      { iid: 2, id: 3, updated_at: minute(2), title: 5 },
      mergeRequest(3, minute(3), { state: 'brand_new', author: null, labels: [{ name: 'bug' }] }),
    ];
    const { reader } = await reading((request) => updatedList(rows, request));
    const [page] = await collect(reader.mergeRequests(7));
    expect(page?.items.map((item) => (item.ok ? item.value.state : [item.id, item.error.kind]))).toEqual([
      'opened',
      ['2', 'permanent'],
      'brand_new',
    ]);
  });

  it('have their approvals and changed files, bounded', async () => {
    const files = Array.from({ length: 620 }, (_, i) => ({
      old_path: `f${i}`,
      new_path: `f${i}`,
      deleted_file: false,
    }));
    const { asked, reader } = await reading((request) => {
      if (request.path.endsWith('/approvals'))
        return {
          body: { approved: true, approved_by: [{ user: { id: 1, username: 'nora', name: 'N' } }, { user: null }] },
        };
      return request.path.endsWith('/diffs') ? pageOf(files, request) : undefined;
    });
    const details = await reader.mergeRequestDetails(7, 3);
    expect(details).toMatchObject({ approvedBy: [{ username: 'nora' }], changedFilesTruncated: true });
    expect(details.changedFiles).toHaveLength(500);
    expect(asked).toHaveLength(6);
  });

  it('that are gone are undefined when read one by one', async () => {
    const { reader } = await reading(() => ({ status: 404, body: { message: '404 Not found' } }));
    expect(await reader.mergeRequest(7, 1)).toBeUndefined();
    expect(await reader.release(7, 'v1/x')).toBeUndefined();
  });
});

describe('pipelines', () => {
  const pipeline = (id: number, updatedAt: string | null) => ({
    id,
    sha: 'a',
    ref: 'main',
    status: 'success',
    updated_at: updatedAt,
    created_at: minute(0),
  });

  it('without updated_at are read on the first pass and cost nothing later', async () => {
    const rows = [
      ...Array.from({ length: 120 }, (_, i) => pipeline(i + 1, minute(i))),
      ...Array.from({ length: 130 }, (_, i) => pipeline(i + 500, null)),
    ];
    const { asked, reader } = await reading((request) => updatedList(rows, request));
    const pages = await collect(reader.pipelines(7));
    expect(new Set(values(pages).map(({ id }) => id)).size).toBe(250);
    asked.length = 0;
    expect(values(await collect(reader.pipelines(7, pages.at(-1)?.cursor)))).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it('have their failed jobs only where they failed', async () => {
    const job = {
      id: 9,
      name: 'unit',
      stage: 'test',
      status: 'failed',
      allow_failure: true,
      failure_reason: 'script_failure',
    };
    const { asked, reader } = await reading((request) => {
      if (request.path.endsWith('/jobs')) return pageOf([job], request);
      return {
        body: {
          ...pipeline(1, minute(1)),
          status: request.path.endsWith('/1') ? 'failed' : 'success',
          duration: 12,
          user: null,
        },
      };
    });
    expect(await reader.pipelineDetails(7, 1)).toMatchObject({
      durationSeconds: 12,
      user: null,
      failedJobs: [{ name: 'unit', allowFailure: true }],
      failedJobsTruncated: false,
    });
    expect(asked[1]?.query.get('include_retried')).toBe('false');
    expect(await reader.pipelineDetails(7, 2)).toMatchObject({ failedJobs: [] });
    expect(asked).toHaveLength(3);
  });
});

describe('deployments', () => {
  it('are filtered by updated_at in the only order GitLab takes', async () => {
    const { asked, reader } = await reading((request) => pageOf([], request));
    await collect(reader.deployments(7, { mark: '2026-01-01T00:00:00.000Z' }));
    expect(Object.fromEntries(asked[0]?.query ?? [])).toMatchObject({
      order_by: 'updated_at',
      sort: 'asc',
      updated_after: '2025-12-31T23:58:00.000Z',
    });
  });
});

describe('releases and registry lists', () => {
  it('are read whole, page by page, and can be resumed', async () => {
    const rows = Array.from({ length: 201 }, (_, i) => ({ tag_name: `v${i}`, commit: { id: 'a' } }));
    const { asked, reader } = await reading((request) => pageOf(rows, request));
    const pages = await collect(reader.releases(7));
    expect(pages.map(({ cursor }) => cursor)).toEqual([{ page: 2 }, { page: 3 }, {}]);
    expect(values(await collect(reader.releases(7, pages[1]?.cursor))).map(({ tag }) => tag)).toEqual(['v200']);
    expect(asked).toHaveLength(4);
  });

  it('name a tag that cannot be read, and take a tag detail without time and size', async () => {
    const tag = { name: 'latest', path: 'a/b:latest', location: 'r/a/b:latest' };
    const { reader } = await reading((request) =>
      request.path.endsWith('/tags')
        ? pageOf([tag, { name: 'bad' }], request)
        : { body: { ...tag, digest: 'sha256:x', created_at: null } },
    );
    const [page] = await collect(reader.registryTags(7, 2));
    expect(page?.items.map((item) => (item.ok ? item.value.name : `! ${item.id}`))).toEqual(['latest', '! bad']);
    expect(await reader.registryTagDetail(7, 2, 'latest')).toMatchObject({
      digest: 'sha256:x',
      createdAt: null,
      sizeBytes: null,
    });
  });
});

describe('branches', () => {
  const branch = (name: string) => ({ name, commit: { id: `sha-${name}` } });
  const all = ['main', 'release/1.x', 'dev+x', 'other'].map(branch);

  it('are read in one request where GitLab understands a pattern', async () => {
    const { asked, reader } = await reading((request) => {
      const pattern = new RegExp(request.query.get('regex') ?? '');
      return pageOf(
        all.filter(({ name }) => pattern.test(name)),
        request,
      );
    });
    const heads = await reader.branchHeads(7, ['main', 'release/1.x', 'dev+x', 'deleted', 'main']);
    expect(heads.map(({ name, sha }) => [name, sha])).toEqual([
      ['main', 'sha-main'],
      ['release/1.x', 'sha-release/1.x'],
      ['dev+x', 'sha-dev+x'],
    ]);
    expect(asked).toHaveLength(1);
  });

  it('are read one by one where it does not, without trying again', async () => {
    const { asked, reader } = await reading((request) => {
      if (request.path.endsWith('/branches')) return pageOf(all, request);
      const name = decodeURIComponent(request.path.split('/').at(-1) ?? '');
      const found = all.find((one) => one.name === name);
      return found && { body: found };
    });
    for (let i = 0; i < 2; i += 1) {
      const heads = await reader.branchHeads(7, ['main', 'release/1.x', 'deleted']);
      expect(heads.map(({ name }) => name)).toEqual(['main', 'release/1.x']);
    }
    expect(asked).toHaveLength(7);
  });

  it('of an empty repository are none', async () => {
    const { reader } = await reading(() => ({ status: 404, body: { message: '404 Repository Not Found' } }));
    expect(await reader.branchHeads(7, ['main', 'dev'])).toEqual([]);
  });
});

describe('commits', () => {
  const commit = (n: number) => ({
    id: `c${n}`,
    title: `Commit ${n}`,
    stats: { additions: 1, deletions: 0, total: 1 },
  });

  it('are read between two heads with their numbers, and nothing is asked without news', async () => {
    const { asked, reader } = await reading((request) => pageOf([commit(3), commit(2)], request));
    const pages = await collect(reader.commits(7, { branch: 'main', head: 'c3' }, { head: 'c1' }));
    expect(values(pages)).toMatchObject([{ sha: 'c3', stats: { total: 1 } }, { sha: 'c2' }]);
    expect(Object.fromEntries(asked[0]?.query ?? [])).toMatchObject({ ref_name: 'c1..c3', with_stats: 'true' });
    expect(pages.at(-1)?.cursor).toEqual({ head: 'c3' });
    expect(await collect(reader.commits(7, { branch: 'main', head: 'c3' }, pages.at(-1)?.cursor))).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it('finish an interrupted read to its own end before they go on', async () => {
    const rows = Array.from({ length: 150 }, (_, i) => commit(i));
    const { asked, reader } = await reading((request) =>
      pageOf(request.query.get('ref_name') === 'old..mid' ? rows : [commit(999)], request),
    );
    const pages = await collect(
      reader.commits(7, { branch: 'main', head: 'new' }, { head: 'old', pass: { to: 'mid', page: 2 } }),
    );
    expect(asked.map(({ query }) => [query.get('ref_name'), query.get('page')])).toEqual([
      ['old..mid', '2'],
      ['mid..new', '1'],
    ]);
    expect(pages.map(({ cursor }) => cursor)).toEqual([{ head: 'mid' }, { head: 'new' }]);
  });

  it('are read from the new head alone when the old one is gone after a force push', async () => {
    const { asked, reader } = await reading((request) =>
      request.query.get('ref_name')?.includes('..') ? undefined : pageOf([commit(1)], request),
    );
    const since = new Date('2026-01-01T00:00:00Z');
    const pages = await collect(reader.commits(7, { branch: 'main', head: 'new' }, { head: 'gone' }, { since }));
    expect(values(pages)).toHaveLength(1);
    expect(asked[1]?.query.get('since')).toBe('2026-01-01T00:00:00.000Z');
    expect(pages.at(-1)?.cursor).toEqual({ head: 'new' });
  });
});
