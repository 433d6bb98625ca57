import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endOfRun } from '../testing/pair-connector.js';
import { type PairHub, startPairHub } from '../testing/pair-hub.js';
import { type Json, request } from '../testing/test-hub.js';

describe('the dashboard’s numbers', () => {
  let hub: PairHub;

  beforeAll(async () => {
    hub = await startPairHub();
  });
  afterAll(() => hub.close());

  const stats = async (): Promise<Json> => (await hub.api('GET', '/api/dashboard/stats')).body;
  const run = async (id: string, script: unknown[] | undefined) => {
    if (script === undefined) hub.here.answers.delete('/script');
    else hub.here.answers.set('/script', script);
    const { body } = await hub.api('POST', `/api/connections/${id}/sync`);
    return endOfRun(hub, body.runId as string);
  };
  const ref = (instanceId: string, key: string) => ({ instanceId, projectId: '1', key });

  it('are zero in the beginning', async () => {
    expect(await stats()).toEqual({
      connections: { total: 0, enabled: 0, failing: 0 },
      events: { total: 0, last24h: 0 },
      links: { issues: 0 },
      conflicts: { open: 0 },
      items: { setAside: 0 },
      runs: { last24h: 0, failed24h: 0 },
      pairs: [],
      activity: [],
    });
  });

  it('count what runs did, pair by pair, and name what is wrong', async () => {
    const [good, bad, paused] = [
      await hub.connect({ name: 'Good' }),
      await hub.connect({ name: 'Bad' }),
      await hub.connect({ name: 'Paused', enabled: false }),
    ];
    const [one, two] = [randomUUID(), randomUUID()];
    const link = (id: string, left: string, right: string) => ({
      id,
      kind: 'issue',
      state: 'active',
      left: ref(hub.source, left),
      right: ref(hub.target, right),
    });
    const history = [
      { action: 'created', linkId: one, reason: 'New.' },
      { action: 'created', linkId: two, reason: 'New.' },
      { action: 'updated', linkId: one, fields: ['title', 'labels'], side: 'right', reason: 'Follows.' },
      { action: 'skipped', linkId: two, reason: 'Nothing to do.' },
    ];
    const conflicts = ['title', 'labels'].map((field) => ({
      linkId: two,
      field,
      base: 1,
      left: 2,
      right: 3,
      state: 'open',
    }));
    const ended = await run(good, [
      ['pair.commit', { links: [link(one, '1', '11'), link(two, '2', '12')], history, conflicts, fetched: 9 }],
    ]);
    expect(ended.counts).toMatchObject({
      fetched: 9,
      stored: 3,
      created: 2,
      updated: 1,
      skipped: 1,
      conflicts: 2,
      failed: 0,
    });
    await run(bad, undefined);
    const shown = await stats();
    expect(shown).toMatchObject({
      connections: { total: 3, enabled: 2, failing: 1 },
      links: { issues: 2 },
      conflicts: { open: 2 },
      runs: { last24h: 2, failed24h: 1 },
    });
    expect(shown.pairs).toEqual([
      {
        connectionId: bad,
        name: 'Bad',
        status: 'failing',
        lastSyncedAt: null,
        openConflicts: 0,
        setAside: 0,
        error: expect.objectContaining({ kind: 'permanent', message: 'The store answered 404.' }),
      },
      {
        connectionId: good,
        name: 'Good',
        status: 'ok',
        lastSyncedAt: expect.any(String),
        openConflicts: 2,
        setAside: 0,
      },
      { connectionId: paused, name: 'Paused', status: 'paused', lastSyncedAt: null, openConflicts: 0, setAside: 0 },
    ]);
    expect(shown.activity.map(({ connectionId, message }: Json) => [connectionId, message])).toEqual([
      [bad, 'The store answered 404.'],
      [good, '2 new, 1 updated'],
    ]);
    const { body } = await hub.api('GET', `/api/links/${one}`);
    expect(body.history).toMatchObject([
      { action: 'created', runId: ended.id, reason: 'New.' },
      { action: 'updated', side: 'right', field: 'title, labels' },
    ]);
  });

  it('say when a pair was last synced, also where some items of it are always set aside', async () => {
    const id = await hub.connect({ name: 'Never whole' });
    const item = { stream: 'left', item: '7', error: { kind: 'permanent', message: 'Too long.' } };
    const { status, finishedAt } = await run(id, [['pair.commit', { setAside: [item] }]]);
    expect(status).toBe('partial');
    const shown = async () => (await stats()).pairs.find(({ connectionId }: Json) => connectionId === id);
    expect(await shown()).toMatchObject({ status: 'needs_attention', lastSyncedAt: finishedAt, setAside: 1 });
    expect((await shown()).error).toEqual({ kind: 'permanent', message: 'Item 7 failed: Too long.' });
    // One that fails reads nothing to its end.
    await run(id, undefined);
    expect(await shown()).toMatchObject({ status: 'failing', lastSyncedAt: finishedAt });
    await hub.api('DELETE', `/api/connections/${id}`);
  });

  it('leave out what belongs to connections that were deleted, and plans', async () => {
    const id = await hub.connect({ name: 'Gone' });
    const [link] = [randomUUID()];
    await run(id, [
      [
        'pair.commit',
        {
          links: [
            { id: link, kind: 'issue', state: 'active', left: ref(hub.source, '5'), right: ref(hub.target, '6') },
          ],
          conflicts: [{ linkId: link, field: 'title', base: 1, left: 2, right: 3, state: 'open' }],
        },
      ],
    ]);
    const before = await stats();
    await hub.api('DELETE', `/api/connections/${id}`);
    const after = await stats();
    expect(after.conflicts.open).toBe(before.conflicts.open - 1);
    expect(after.links.issues).toBe(before.links.issues - 1);
    expect(after.pairs.map(({ name }: Json) => name)).not.toContain('Gone');
    const [{ connectionId }] = after.pairs;
    hub.here.answers.set('/script', []);
    const { body } = await hub.api('POST', `/api/connections/${connectionId}/plan`);
    await endOfRun(hub, body.runId as string);
    expect((await stats()).runs).toEqual(after.runs);
    expect((await request(`${hub.url}/api/dashboard/stats`)).status).toBe(401);
  });
});
