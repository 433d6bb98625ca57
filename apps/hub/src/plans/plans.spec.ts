import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answersOf, endOfRun } from '../testing/pair-connector.js';
import { type PairHub, startPairHub } from '../testing/pair-hub.js';
import { type Json, request } from '../testing/test-hub.js';

const item = (n: number, changes: object = {}) => ({
  op: 'create',
  kind: 'issue',
  side: 'right',
  ref: { instanceId: 'A', projectId: '1', key: String(n), url: `https://a/${n}` },
  title: `Issue ${n}`,
  reason: 'It has no copy yet.',
  ...changes,
});

describe('plans', () => {
  let hub: PairHub;
  let connectionId: string;

  beforeAll(async () => {
    hub = await startPairHub();
    connectionId = await hub.connect();
  });
  afterAll(() => hub.close());

  const plan = async (script: unknown[], body?: unknown, id = connectionId) => {
    hub.here.answers.set('/script', script);
    const { status, body: planned } = await hub.api('POST', `/api/connections/${id}/plan`, body);
    expect(status).toBe(202);
    return endOfRun(hub, planned.runId as string);
  };
  const planOf = (run: Json, query = '') => hub.api('GET', `/api/runs/${run.id}/plan${query}`);

  it('is a run that tells what a sync would do, page by page', async () => {
    const run = await plan(
      [
        ['planned', [item(1), item(2, { kind: 'comment' })]],
        [
          'planned',
          [item(3, { op: 'update', fields: ['title', 'labels'] }), { ...item(4), op: 'skip', ref: undefined }],
        ],
      ],
      { mode: 'full' },
    );
    expect(run).toMatchObject({ kind: 'plan', status: 'succeeded', mode: 'full', trigger: 'manual' });
    const { status, body } = await planOf(run);
    expect(status).toBe(200);
    expect(body.summary).toEqual({
      total: 4,
      byOp: { create: 2, update: 1, link: 0, close: 0, reopen: 0, delete: 0, skip: 1, conflict: 0 },
      byKind: { issue: 3, comment: 1 },
      writes: 3,
      truncated: false,
    });
    expect(body.items[0]).toEqual(item(1));
    expect(body.items[2].fields).toEqual(['title', 'labels']);
    expect(body.items[3].ref).toBeUndefined();
    const first = await planOf(run, '?limit=3');
    const last = await planOf(run, `?limit=3&cursor=${first.body.nextCursor}`);
    expect([...first.body.items, ...last.body.items]).toEqual(body.items);
    expect(last.body.nextCursor).toBeNull();
    expect((await planOf(run, '?op=create&op=skip&kind=issue')).body.items.length).toBe(2);
    for (const query of ['?op=x', '?limit=0', '?cursor=x']) expect((await planOf(run, query)).status).toBe(400);
  });

  it('says so where there is nothing to do', async () => {
    const { body } = await planOf(await plan([]));
    expect(body).toMatchObject({ summary: { total: 0, writes: 0, truncated: false }, items: [], nextCursor: null });
  });

  it.each([
    ['stores records', ['commit', 'issues', {}, { at: 1 }], 'A plan writes nothing.'],
    ['stores links', ['pair.commit', { cursors: { left: { at: 1 } } }], 'A plan writes nothing.'],
    ['claims a copy', ['pair.claim', []], 'A plan writes nothing.'],
    ['intends a link', ['links.intend', []], 'A plan writes nothing.'],
    [
      'sends a write',
      ['source.request', { method: 'POST', path: '/issues' }],
      'A plan writes nothing, but POST /issues was about to be sent.',
    ],
  ])('is stopped where it %s', async (_what, call, message) => {
    hub.here.requests.length = 0;
    const run = await plan([call]);
    expect(run).toMatchObject({ status: 'failed', error: { kind: 'permanent', message } });
    expect(hub.here.requests.filter((line) => !line.startsWith('GET '))).toEqual([]);
    const stored: unknown[] = await hub.database.query('select 1 from checkpoint where connection_id = $1', [
      connectionId,
    ]);
    expect(stored).toEqual([]);
  });

  it('keeps what it has found when it fails, and stores in few transactions', async () => {
    const run = await plan([...Array.from({ length: 1_200 }, (_, n) => ['planned', [item(n)]]), ['pair.claim', []]]);
    expect(run.status).toBe('failed');
    const { body } = await planOf(run, '?limit=500');
    expect(body.summary.total).toBe(1_200);
    expect(body.items.map(({ title }: Json) => title)).toEqual(Array.from({ length: 500 }, (_, n) => `Issue ${n}`));
  });

  it('may send what only reads', async () => {
    hub.here.answers.set('/graphql', { data: 7 });
    const run = await plan([['source.request', { method: 'POST', path: '/graphql', readsOnly: true }]]);
    expect(run.status).toBe('succeeded');
    expect((await answersOf(hub, run.id as string))['source.request']).toMatchObject({
      status: 200,
      body: { data: 7 },
    });
  });

  it('leaves the connection as it is, even when it fails', async () => {
    const state = async () => {
      const { body } = await hub.api('GET', `/api/connections/${connectionId}`);
      return body.health;
    };
    const before = await state();
    await plan([['pair.claim', []]]);
    expect(await state()).toEqual(before);
  });

  it('takes neither deliveries nor items that wait for a run', async () => {
    await hub.database.query(`insert into item_request (connection_id, side, key) values ($1, 'left', '7')`, [
      connectionId,
    ]);
    const run = await plan([]);
    expect((await answersOf(hub, run.id as string))['request']).toMatchObject({ kind: 'plan', items: [], wakes: [] });
    const waiting: unknown[] = await hub.database.query('select 1 from item_request where connection_id = $1', [
      connectionId,
    ]);
    expect(waiting).toHaveLength(1);
    await hub.database.query('delete from item_request');
  });

  it('can be made of a connection that is paused, before its first sync', async () => {
    const id = await hub.connect({ enabled: false });
    const run = await plan([['planned', [item(1)]]], undefined, id);
    expect((await planOf(run)).body.summary.total).toBe(1);
    expect((await hub.api('POST', `/api/connections/${id}/sync`)).status).toBe(409);
  });

  it('keeps what can be looked at of a huge plan, and counts all of it', async () => {
    const many = Array.from({ length: 7_000 }, (_, n) => item(n));
    const run = await plan([many, many, many].map((items) => ['planned', items]));
    expect((await planOf(run, '?limit=1')).body.summary).toMatchObject({ total: 21_000, truncated: true });
    const [{ n }]: [{ n: number }] = await hub.database.query(
      'select count(*)::int as n from plan_item where run_id = $1',
      [run.id],
    );
    expect(n).toBe(20_000);
  });

  it('goes when newer ones of its connection come', async () => {
    const id = await hub.connect();
    const runs: Json[] = [];
    for (let n = 0; n < 6; n++) runs.push(await plan([['planned', [item(n)]]], undefined, id));
    expect((await planOf(runs[0])).body.items).toEqual([]);
    expect((await planOf(runs[1])).body.items.length).toBe(1);
  });

  it('is told from syncs where runs are listed', async () => {
    await plan([]);
    const sync = await hub.api('POST', `/api/connections/${connectionId}/sync`);
    await endOfRun(hub, sync.body.runId as string);
    for (const kind of ['plan', 'sync']) {
      const { body } = await hub.api('GET', `/api/runs?kind=${kind}`);
      expect([kind, new Set(body.items.map((item: Json) => item.kind))]).toEqual([kind, new Set([kind])]);
    }
  });

  it('is refused where it cannot be', async () => {
    const sync = await hub.api('POST', `/api/connections/${connectionId}/sync`);
    await endOfRun(hub, sync.body.runId as string);
    expect((await hub.api('GET', `/api/runs/${sync.body.runId}/plan`)).body.detail).toMatch(/it is no plan/);
    for (const id of ['7', randomUUID()]) {
      expect((await hub.api('GET', `/api/runs/${id}/plan`)).status).toBe(404);
      expect((await hub.api('POST', `/api/connections/${id}/plan`)).status).toBe(404);
    }
    expect((await hub.api('POST', `/api/connections/${connectionId}/plan`, { mode: 'wake' })).status).toBe(422);
    expect((await hub.api('POST', `/api/connections/${connectionId}/plan`, { dry: true })).status).toBe(422);
    expect((await request(`${hub.url}/api/connections/${connectionId}/plan`, 'POST', {})).status).toBe(401);
    await hub.database.query(`update connection set connector_id = 'gone' where id = $1`, [connectionId]);
    const gone = await hub.api('POST', `/api/connections/${connectionId}/plan`);
    expect(gone).toMatchObject({ status: 409, body: { detail: 'The connector of this connection makes no plans.' } });
    await hub.database.query(`update connection set connector_id = 'pairs' where id = $1`, [connectionId]);
  });
});
