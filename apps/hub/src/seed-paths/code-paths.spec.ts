import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type CodeChanges, type CodeHub, startCodeHub } from '../testing/code-connector.js';
import { request } from '../testing/test-hub.js';

describe('the paths of the GitLab to Azure DevOps Sync Server', () => {
  let hub: CodeHub;
  let made: string[] = [];
  let key = 0;

  beforeAll(async () => {
    hub = await startCodeHub();
  });
  afterEach(async () => {
    for (const id of made) await hub.api('DELETE', `/api/connections/${id}?purge=true`);
    made = [];
  });
  afterAll(() => hub.close());

  const connect = async (project: string | number, changes: CodeChanges = {}): Promise<string> => {
    const id = await hub.connect(`code ${++key}`, project, changes);
    made.push(id);
    return id;
  };
  const push = (id: number, path: string) => ({
    key: `delivery-${++key}`,
    ref: 'refs/heads/main',
    project: { id, path_with_namespace: path },
  });
  const connectionOf = async (deliveryId: string): Promise<string | undefined> => {
    const { body } = await hub.api('GET', '/api/deliveries');
    return body.items.find(({ id }: { id: string }) => id === deliveryId)?.connectionId;
  };
  const manual = (body?: unknown) => hub.api('POST', '/sync/manual', body);

  it('say so where there is no connection', async () => {
    for (const answer of [await hub.hook(push(7, 'acme/web')), await manual({})]) {
      expect(answer.status).toBe(409);
      expect(answer.body.detail).toContain('There is no connection of azure-devops');
    }
  });

  it('hand a delivery to the only connection, which verifies it', async () => {
    const id = await connect('acme/web', { webhookSecret: 'right' });
    const payload = push(7, 'acme/web');
    const taken = await hub.hook(payload, { 'x-gitlab-token': 'right' });
    expect(taken).toMatchObject({ status: 202, body: { id: expect.any(String) } });
    expect(await connectionOf(taken.body.id)).toBe(id);
    const again = await hub.hook(payload, { 'x-gitlab-token': 'right' });
    expect(again).toMatchObject({ status: 202, body: { id: taken.body.id } });
    expect((await hub.hook(push(7, 'acme/web'), { 'x-gitlab-token': 'wrong' })).status).toBe(401);
    expect((await hub.hook(push(7, 'acme/web'))).status).toBe(401);
    const unreadable = await hub.hook('no JSON', { 'x-gitlab-token': 'right', 'content-type': 'text/plain' });
    expect(unreadable.status).toBe(202);
  });

  it('find among several the one of the project, by path in any case or by id', async () => {
    const web = await connect('Acme/Web');
    const api = await connect(9);
    const shop = await connect('10');
    for (const [payload, expected] of [
      [push(7, 'acme/web'), web],
      [push(9, 'acme/api'), api],
      [push(10, 'acme/shop'), shop],
    ] as const) {
      const answer = await hub.hook(payload);
      expect(answer.status).toBe(202);
      expect(await connectionOf(answer.body.id)).toBe(expected);
    }
  });

  it('find a project that was renamed by the id that its connection has carried refs of', async () => {
    const web = await connect('acme/web');
    const taken = await connect('acme/web');
    await hub.carry(web, '7');
    await hub.carry(taken, '9');
    for (const [payload, expected] of [
      [push(7, 'acme/new-name'), web],
      // Another project has the path now.
      [push(9, 'acme/web'), taken],
    ] as const) {
      const answer = await hub.hook(payload);
      expect(answer.status).toBe(202);
      expect(await connectionOf(answer.body.id)).toBe(expected);
    }
    expect((await hub.hook(push(8, 'acme/new-name'))).status).toBe(409);
    expect((await hub.hook({ ...push(8, 'x'), project: { id: 'a\0b' } })).status).toBe(409);
  });

  it('find among those of one project the one whose secret it is, that runs, of that GitLab', async () => {
    await connect('acme/web', { webhookSecret: 'one' });
    const second = await connect('acme/web', { webhookSecret: 'two' });
    await connect('acme/web');
    await connect('acme/web', { webhookSecret: 'two', enabled: false });
    const answer = await hub.hook(push(7, 'acme/web'), { 'x-gitlab-token': 'two' });
    expect(await connectionOf(answer.body.id)).toBe(second);

    const elsewhere = await connect('acme/web', { webhookSecret: 'two', gitLab: 'https://other.example/gitlab' });
    const there = { 'x-gitlab-token': 'two', 'x-gitlab-instance': 'https://other.example/gitlab' };
    const taken = await hub.hook(push(7, 'acme/web'), there);
    expect(await connectionOf(taken.body.id)).toBe(elsewhere);
  });

  it('name the choices to those who know the secret, and nothing to others', async () => {
    const [one, two] = [
      await connect('acme/web', { webhookSecret: 'same' }),
      await connect(7, { webhookSecret: 'same' }),
    ];
    const known = await hub.hook(push(7, 'acme/web'), { 'x-gitlab-token': 'same' });
    expect(known.status).toBe(409);
    expect(known.body.detail).toContain(one);
    expect(known.body.detail).toContain(two);
    const foreign = await hub.hook(push(8, 'acme/api'), { 'x-gitlab-token': 'same' });
    expect(foreign.status).toBe(409);
    expect(foreign.body.detail).toMatch(/^No connection of azure-devops carries the project of this delivery; its/);
    expect(await hub.hook(push(7, 'acme/web'), { 'x-gitlab-token': 'wrong' })).toMatchObject({ status: 401 });

    const open = [await connect('acme/open'), await connect('acme/open')];
    const anybody = await hub.hook(push(1, 'acme/open'));
    expect(anybody.status).toBe(409);
    for (const id of [one, two, ...open]) expect(anybody.body.detail).not.toContain(id);
    expect((await hub.hook('[]')).status).toBe(409);
    expect((await hub.hook('no JSON')).status).toBe(409);
  });

  it('run the only connection with what the body asks', async () => {
    await connect('acme/web');
    const body = { ref: 'main', message: 'Manual sync test', branch: 'main' };
    const answer = await manual(body);
    expect(answer).toMatchObject({ status: 202, body: { runId: expect.any(String), coalesced: false } });
    expect((await hub.asked(answer.body.runId)).params).toEqual(body);
    const bare = await manual();
    expect(bare.status).toBe(202);
    expect((await hub.asked(bare.body.runId)).params).toEqual({ ref: null, branch: null, message: null });
  });

  it('want a token, and name what is wrong with a body', async () => {
    await connect('acme/web');
    expect((await request(`${hub.url}/sync/manual`, 'POST', {})).status).toBe(401);
    expect(await manual({ ref: 7 })).toMatchObject({ status: 422, body: { errors: [{ path: '/ref' }] } });
    expect(await manual({ refs: 'main' })).toMatchObject({ status: 422, body: { errors: [{ path: '/refs' }] } });
  });

  it('name the connections a manual sync could mean; one that is paused is none, unless it is alone', async () => {
    const one = await connect('acme/web', { enabled: false });
    expect(await manual({})).toMatchObject({ status: 409, body: { detail: expect.stringContaining('paused') } });
    await connect('acme/api');
    expect((await manual({})).status).toBe(202);
    const three = await connect('acme/shop');
    const answer = await manual({});
    expect(answer.status).toBe(409);
    expect(answer.body.detail).toContain(three);
    expect(answer.body.detail).not.toContain(one);
  });
});
