import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { answersOf, endOfRun, Status } from '../testing/pair-connector.js';
import { type PairHub, startPairHub } from '../testing/pair-hub.js';

describe('links that people make by the keys of two items', () => {
  let hub: PairHub;
  let project: string;
  let connectionId: string;

  beforeAll(async () => {
    hub = await startPairHub();
  });
  afterAll(() => hub.close());
  beforeEach(async () => {
    project = randomUUID();
    connectionId = await connect(project, '2');
    hub.here.answers.set('/script', []);
    for (const [store, keys] of [
      [hub.here, ['1', '2']],
      [hub.there, ['11', '12']],
    ] as const) {
      for (const key of keys) store.answers.set(`/issue/${key}`, { url: `https://x/${key}`, title: `Issue ${key}` });
    }
  });

  const side = (of: 'source' | 'target', inProject: string) => ({ instance: hub[of], project: inProject });
  const connect = (from: string, to: string, changes: object = {}) =>
    hub.connect({ config: { source: side('source', from), target: side('target', to) }, ...changes });
  const link = (left: object, right: object, id = connectionId) =>
    hub.api('POST', '/api/links', { connectionId: id, kind: 'issue', left, right });
  const placeOf = (of: 'here' | 'there', inProject: string) => `${hub[of].url} ${inProject}`;
  const copyOf = (origin: string, place: string, left: string, right: string | undefined) => ({
    id: randomUUID(),
    kind: 'issue',
    state: right === undefined ? 'intended' : 'active',
    left: { instanceId: hub.source, projectId: 'x', key: left },
    ...(right === undefined ? {} : { right: { instanceId: hub.target, projectId: 'y', key: right } }),
    origin: { key: origin, side: 'left', place, data: { from: 'elsewhere' } },
  });
  const commit = async (id: string, ...links: unknown[]) => {
    hub.here.answers.set('/script', [['pair.commit', { links }]]);
    const { body } = await hub.api('POST', `/api/connections/${id}/sync`);
    expect((await endOfRun(hub, body.runId as string)).status).toBe('succeeded');
    hub.here.answers.set('/script', []);
  };

  it('need no more than the keys, and are looked at by a run at once', async () => {
    const { status, body } = await link({ key: '1' }, { key: '11' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      state: 'active',
      left: { instanceId: hub.source, projectId: project, key: '1', url: 'https://x/1', title: 'Issue 1' },
      right: { instanceId: hub.target, projectId: '2', key: '11' },
    });
    const { body: runs } = await hub.api('GET', `/api/runs?connectionId=${connectionId}`);
    expect(runs.items).toMatchObject([{ mode: 'wake', trigger: 'manual' }]);
    await endOfRun(hub, runs.items[0].id as string);
    expect((await answersOf(hub, runs.items[0].id as string))['request'].items).toEqual([{ side: 'left', key: '1' }]);
    const again = await link({ key: '1' }, { key: '12' });
    expect(again).toMatchObject({ status: 409, body: { detail: 'issue 1 is already linked.' } });
  });

  it('are known to the whole hub: their copy is not made again', async () => {
    await link({ key: '1' }, { key: '11' });
    const other = await connect(randomUUID(), '3');
    const rival = copyOf(`${placeOf('here', project)} 1`, placeOf('there', '2'), '99', undefined);
    hub.here.answers.set('/script', [['pair.claim', [rival]]]);
    const { body } = await hub.api('POST', `/api/connections/${other}/sync`);
    await endOfRun(hub, body.runId as string);
    expect((await answersOf(hub, body.runId as string))['pair.claim']).toMatchObject({
      [rival.id]: { connectionId, key: '11', origin: { from: 'left' } },
    });
  });

  it('are refused where an item does not exist or cannot be asked for', async () => {
    const missing = await link({ key: '7' }, { key: '8' });
    expect(missing.status).toBe(422);
    expect(missing.body.errors).toEqual([
      { path: '/left/key', message: 'is no issue on the left side' },
      { path: '/right/key', message: 'is no issue on the right side' },
    ]);
    const wrong = await link({ key: '1', instanceId: hub.target, projectId: 'z' }, { key: '11' });
    expect(wrong.body.errors.map(({ path }: { path: string }) => path)).toEqual([
      '/left/instanceId',
      '/left/projectId',
    ]);
    hub.here.answers.set('/issue/1', new Status(503));
    const down = await link({ key: '1' }, { key: '11' });
    expect(down.status).toBe(502);
    // What a connector says may hold its token.
    expect(down.body.detail).toMatch(/^The store answered 503 to /);
    expect(down.body.detail).not.toMatch(/secret-token-1/);
  });

  it('are refused where another connection keeps a copy of the item there', async () => {
    const other = await connect(randomUUID(), '3', { name: `Chain ${project}` });
    await commit(other, copyOf(`${placeOf('here', project)} 1`, placeOf('there', '2'), '5', '77'));
    const { status, body } = await link({ key: '1' }, { key: '12' });
    expect(status).toBe(409);
    expect(body.detail).toBe(`issue 1 has the copy 77 there, kept by the connection "Chain ${project}".`);
    expect((await link({ key: '2' }, { key: '12' })).status).toBe(201);
  });

  it('are refused where the item is a copy itself, and its original has a copy there', async () => {
    const other = await connect(randomUUID(), '3');
    // 1 is a copy of A, and A's copy in the target is 77: 1 and 12 must not be one as well.
    const here = { ...copyOf('A', placeOf('here', project), '5', '1') };
    await commit(other, here, copyOf('A', placeOf('there', '2'), '6', '77'));
    expect((await link({ key: '1' }, { key: '12' })).status).toBe(409);
  });

  it('take the origin of an item that is a copy', async () => {
    const other = await connect(randomUUID(), '3');
    await commit(other, copyOf(`B ${project}`, placeOf('here', project), '5', '1'));
    const { body } = await link({ key: '1' }, { key: '12' });
    const [row]: { origin_key: string; origin: object }[] = await hub.database.query(
      'select origin_key, origin from link where id = $1',
      [body.id],
    );
    expect(row).toEqual({ origin_key: `B ${project}`, origin: { from: 'elsewhere' } });
  });

  it('of a deleted connection stand in nobody’s way', async () => {
    await link({ key: '1' }, { key: '11' });
    expect((await hub.api('DELETE', `/api/connections/${connectionId}`)).status).toBe(204);
    const again = await connect(project, '2');
    expect((await link({ key: '1' }, { key: '12' }, again)).status).toBe(201);
  });

  describe('and the pairs they belong to', () => {
    const post = (from: object, to: object) =>
      hub.api('POST', '/api/connections', {
        name: randomUUID(),
        connectorId: 'pairs',
        schedule: null,
        config: { source: from, target: to },
      });

    it('are kept once, in whichever direction', async () => {
      const name = `Kept ${project}`;
      await hub.api('PATCH', `/api/connections/${connectionId}`, { name });
      for (const [from, to] of [
        [side('source', project), side('target', '2')],
        [side('target', '2'), side('source', project)],
      ] as const) {
        const { status, body } = await post(from, to);
        expect(status).toBe(409);
        expect(body.detail).toMatch(`The connection "${name}" keeps these two projects in step already.`);
      }
      const same = await post(side('source', project), side('source', project));
      expect(same).toMatchObject({ status: 422, body: { errors: [{ path: '/config' }] } });
      expect((await post(side('source', project), side('target', '3'))).status).toBe(201);
    });

    it('are given free by a change and by a deletion', async () => {
      const config = { target: { project: '4' } };
      expect((await hub.api('PATCH', `/api/connections/${connectionId}`, { config })).status).toBe(200);
      const next = await post(side('source', project), side('target', '2'));
      expect(next.status).toBe(201);
      const back = await hub.api('PATCH', `/api/connections/${connectionId}`, { config: { target: { project: '2' } } });
      expect(back.status).toBe(409);
      expect((await hub.api('GET', `/api/connections/${connectionId}`)).body.config.target.project).toBe('4');
      await hub.api('DELETE', `/api/connections/${next.body.id}`);
      expect((await post(side('target', '2'), side('source', project))).status).toBe(201);
    });

    it('are refused by the run that finds out that two configs mean the same', async () => {
      const other = await connect(randomUUID(), '2');
      const keep = [['pair.keep', { left: `id ${project}`, right: 'id 2' }]];
      hub.here.answers.set('/script', keep);
      const first = await hub.api('POST', `/api/connections/${connectionId}/sync`);
      expect((await endOfRun(hub, first.body.runId as string)).status).toBe('succeeded');
      const second = await hub.api('POST', `/api/connections/${other}/sync`);
      expect((await endOfRun(hub, second.body.runId as string)).error).toMatchObject({
        kind: 'config',
        message: expect.stringMatching(/keeps these two projects in step already/),
      });
    });
  });
});
