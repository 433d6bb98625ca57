import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { answersOf, endOfRun } from '../testing/pair-connector.js';
import { type PairHub, startPairHub } from '../testing/pair-hub.js';

const setAside = (stream: string, item: string, message = 'The title is too long.') => ({
  stream,
  item,
  error: { kind: 'permanent', message, hint: 'Shorten it.' },
});

describe('single items', () => {
  let hub: PairHub;
  let connectionId: string;

  beforeAll(async () => {
    hub = await startPairHub();
  });
  afterAll(() => hub.close());
  beforeEach(async () => {
    connectionId = await hub.connect();
    hub.here.answers.set('/script', []);
  });

  const bring = (body: unknown, id = connectionId) => hub.api('POST', `/api/connections/${id}/items`, body);
  const list = async (query = '') => (await hub.api('GET', `/api/connections/${connectionId}/items${query}`)).body;
  const run = async (script: unknown[]) => {
    hub.here.answers.set('/script', script);
    const { body } = await hub.api('POST', `/api/connections/${connectionId}/sync`);
    return endOfRun(hub, body.runId as string);
  };
  const requestOf = async (runId: string) => (await answersOf(hub, runId))['request'];

  it('are brought over by the next run, which is told their keys', async () => {
    const { status, body } = await bring({ key: '42' });
    expect(status).toBe(202);
    expect(await endOfRun(hub, body.runId as string)).toMatchObject({
      status: 'succeeded',
      mode: 'wake',
      trigger: 'manual',
    });
    expect(await requestOf(body.runId as string)).toMatchObject({
      kind: 'sync',
      mode: 'wake',
      items: [{ side: 'left', key: '42' }],
    });
    expect((await list()).items).toEqual([]);
    const other = await bring({ key: 'a/b#7', side: 'right' });
    await endOfRun(hub, other.body.runId as string);
    expect((await requestOf(other.body.runId as string)).items).toEqual([{ side: 'right', key: 'a/b#7' }]);
  });

  it('are asked for together, and again after a run that failed', async () => {
    hub.here.answers.delete('/script');
    const first = await bring({ key: '1' });
    expect((await endOfRun(hub, first.body.runId as string)).status).toBe('failed');
    expect((await list('?state=requested')).items).toMatchObject([
      { key: '1', state: 'requested', stream: 'left', attempts: 1 },
    ]);
    hub.here.answers.set('/script', []);
    const second = await bring({ key: '2' });
    await endOfRun(hub, second.body.runId as string);
    expect((await requestOf(second.body.runId as string)).items).toEqual([
      { side: 'left', key: '1' },
      { side: 'left', key: '2' },
    ]);
    expect((await list()).items).toEqual([]);
  });

  it('that are set aside are listed with their cause and next try, page by page', async () => {
    const done = await run([
      ['pair.commit', { setAside: [setAside('left', '7'), setAside('right', '7'), setAside('left', '8')] }],
    ]);
    expect(done).toMatchObject({ status: 'partial', counts: { failed: 3 } });
    const { items } = await list('?state=set_aside');
    expect(items).toMatchObject([
      {
        key: '7',
        state: 'set_aside',
        stream: 'left',
        attempts: 1,
        error: { kind: 'permanent', message: 'The title is too long.', hint: 'Shorten it.' },
      },
      { key: '8', stream: 'left' },
      { key: '7', stream: 'right' },
    ]);
    expect(new Date(items[0].nextTryAt as string).getTime()).toBeGreaterThan(
      new Date(items[0].since as string).getTime(),
    );
    const first = await list('?limit=2');
    const last = await list(`?limit=2&cursor=${first.nextCursor}`);
    expect([...first.items, ...last.items]).toEqual(items);
    expect((await list('?state=requested')).items).toEqual([]);
  });

  it('that have a link are shown with it', async () => {
    const id = randomUUID();
    const ref = (instanceId: string, key: string, title: string) => ({
      instanceId,
      projectId: '1',
      key,
      title,
      url: `https://remote.example/issues/${key}`,
    });
    const links = [
      {
        id,
        kind: 'issue',
        state: 'active',
        left: ref(hub.source, '7', 'Ours'),
        right: ref(hub.target, '70', 'Theirs'),
      },
    ];
    const items = [setAside('left', '7'), setAside('right', '70'), setAside('right', '7')];
    await run([['pair.commit', { links, setAside: items }]]);
    expect((await list()).items).toEqual([
      expect.objectContaining({ key: '7', linkId: id, title: 'Ours', url: 'https://remote.example/issues/7' }),
      expect.not.objectContaining({ linkId: expect.anything() }),
      expect.objectContaining({ key: '70', linkId: id, title: 'Theirs' }),
    ]);
  });

  it('that are set aside are due at once when somebody asks, and gone when they are settled', async () => {
    await run([['pair.commit', { setAside: [setAside('left', '7')] }]]);
    hub.here.answers.set('/script', [['dueItems', 'left']]);
    const asked = await bring({ key: '7' });
    await endOfRun(hub, asked.body.runId as string);
    expect((await answersOf(hub, asked.body.runId as string))['dueItems']).toEqual(['7']);
    expect(await run([['pair.commit', { settled: [{ stream: 'left', item: '7' }] }]])).toMatchObject({
      status: 'succeeded',
    });
    expect((await list()).items).toEqual([]);
  });

  it('are refused where they cannot be', async () => {
    expect((await bring({})).body.errors).toMatchObject([{ path: '/key' }]);
    expect((await bring({ key: '' })).status).toBe(422);
    expect((await bring({ key: '1', side: 'up' })).status).toBe(422);
    for (const id of ['7', randomUUID()]) {
      expect((await bring({ key: '1' }, id)).status).toBe(404);
      expect((await hub.api('GET', `/api/connections/${id}/items`)).status).toBe(404);
    }
    for (const query of ['state=x', 'limit=0', 'cursor=x']) {
      expect((await hub.api('GET', `/api/connections/${connectionId}/items?${query}`)).status).toBe(400);
    }
    await hub.api('PATCH', `/api/connections/${connectionId}`, { enabled: false });
    expect((await bring({ key: '1' })).status).toBe(409);
  });

  it('of a connector without them are tried again in a whole run, if they are set aside', async () => {
    await run([['pair.commit', { setAside: [setAside('left', '7')] }]]);
    await hub.database.query(`update connection set connector_id = 'gone' where id = $1`, [connectionId]);
    expect((await bring({ key: '8' })).body.detail).toMatch(/"8" is not set aside/);
    const asked = await bring({ key: '7' });
    expect(asked.status).toBe(202);
    expect((await endOfRun(hub, asked.body.runId as string)).mode).toBe('incremental');
    await hub.database.query(`update connection set connector_id = 'pairs' where id = $1`, [connectionId]);
  });
});
