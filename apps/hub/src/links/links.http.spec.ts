import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { addConnection } from '../events/testing/events.js';
import { DataSource } from 'typeorm';
import { startTestHub, type TestHub } from '../testing/test-hub.js';
import { LinkStore } from './link-store.js';

describe('the links API', () => {
  let hub: TestHub;
  let database: DataSource;
  let instanceId: string;
  let connectionId: string;
  beforeAll(async () => {
    hub = await startTestHub();
    database = hub.hub.app.get(DataSource);
    const rows: { id: string }[] = await database.query(
      `insert into instance (name, kind, base_url) values ('there', 'gitlab', 'https://gitlab.example') returning id`,
    );
    instanceId = rows[0]!.id;
  });
  afterAll(() => hub.close());
  beforeEach(async () => {
    connectionId = (await addConnection(database)).id;
  });

  const side = (key: string) => ({ key, instanceId, projectId: '1' });
  const link = (left: string, right: string, kind = 'issue') =>
    hub.api('POST', '/api/links', { connectionId, kind, left: side(left), right: side(right) });
  const keys = async (query: string) => {
    const { status, body } = await hub.api('GET', `/api/links?connectionId=${connectionId}${query}`);
    expect(status).toBe(200);
    return body.items.map((item: { left: { key: string } }) => item.left.key);
  };

  it('links two items, tells who did it, and severs them once', async () => {
    const { status, body } = await link('7', '12');
    expect(status).toBe(201);
    expect(body).toMatchObject({
      connectionId,
      kind: 'issue',
      state: 'active',
      left: { key: '7', instanceId, projectId: '1' },
      right: { key: '12' },
      lastSyncedAt: null,
    });
    expect((await hub.api('DELETE', `/api/links/${body.id}`)).status).toBe(204);
    expect((await hub.api('DELETE', `/api/links/${body.id}`)).status).toBe(204);
    const { body: severed } = await hub.api('GET', `/api/links/${body.id}`);
    expect(severed.state).toBe('severed');
    expect(severed.history).toMatchObject([
      { action: 'created', runId: null, reason: expect.stringMatching(/^Linked by .+\.$/) },
      { action: 'severed', runId: null, reason: expect.stringMatching(/^Severed by .+\.$/) },
    ]);
    const audited: { action: string }[] = await database.query(
      `select action from audit_log where subject_id = $1 order by id`,
      [body.id],
    );
    expect(audited.map(({ action }) => action)).toEqual(['link.create', 'link.sever']);
  });

  it('refuses a side that is linked and names it; a severed one is free again', async () => {
    const first = await link('7', '12');
    const taken = await link('7', '13');
    expect(taken).toMatchObject({ status: 409, body: { status: 409, errors: [{ path: '/left' }] } });
    expect((await link('8', '12')).body.errors).toEqual([{ path: '/right', message: 'issue 12 is already linked' }]);
    expect((await link('7', '12', 'milestone')).status).toBe(201);
    await hub.api('DELETE', `/api/links/${first.body.id}`);
    expect((await link('7', '13')).status).toBe(201);
  });

  it('names what is missing or cannot be', async () => {
    const post = (body: unknown) => hub.api('POST', '/api/links', body);
    const paths = async (body: unknown) => {
      const answer = await post(body);
      expect(answer.status).toBe(422);
      return answer.body.errors.map(({ path }: { path: string }) => path);
    };
    const good = { connectionId, kind: 'issue', left: side('1'), right: side('2') };
    // Nobody can look the item up: the connector of this connection is not installed.
    expect(await paths({ ...good, left: { key: '1' } })).toEqual(['/connectorId']);
    expect(await paths({ ...good, connectionId: randomUUID() })).toEqual(['/connectionId']);
    expect(await paths({ ...good, right: { ...side('2'), instanceId: randomUUID() } })).toEqual(['/right/instanceId']);
    expect(await paths({ ...good, kind: 'epic' })).toEqual(['/kind']);
    expect(await paths({ ...good, left: { ...side(''), extra: 1 } })).toEqual(['/left/extra', '/left/key']);
    expect(await paths({ ...good, right: undefined })).toEqual(['/right']);
  });

  it('lists newest first, page by page, each link once', async () => {
    for (let n = 1; n <= 5; n++) await link(`${n}`, `${n + 100}`);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await hub.api('GET', `/api/links?connectionId=${connectionId}&limit=2${cursor}`);
      seen.push(...body.items.map((item: { left: { key: string } }) => item.left.key));
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(['5', '4', '3', '2', '1']);
  });

  it('filters by kind, state and a part of a key or title', async () => {
    const store = new LinkStore(database);
    await database.transaction((manager) =>
      store.intendIn(manager, connectionId, [
        { kind: 'issue', left: { instanceId, projectId: '1', key: '70', title: 'Sharpen the SAW' } },
        { kind: 'milestone', left: { instanceId, projectId: '1', key: '71' }, right: { ...side('72') } },
      ]),
    );
    expect(await keys('&kind=milestone')).toEqual(['71']);
    expect(await keys('&state=intended')).toEqual(['70']);
    expect((await keys('&state=intended&state=active')).length).toBe(2);
    expect(await keys('&q=the%20saw')).toEqual(['70']);
    expect(await keys('&q=72')).toEqual(['71']);
    expect(await keys('&q=%25')).toEqual([]);
    expect(await keys('&q=%00')).toEqual([]);
  });

  it('shows of a ref what both sides have, and why they differ', async () => {
    const [left, right] = ['aaaa', 'bbbb'];
    const baseline = { left: { sha: left }, right: { sha: right, outcome: 'diverged', reason: 'Both have moved' } };
    const store = new LinkStore(database);
    await database.transaction((manager) =>
      store.intendIn(manager, connectionId, [
        { kind: 'ref', left: side('refs/heads/main'), right: side('refs/heads/main'), baseline },
        {
          kind: 'issue',
          left: side('9'),
          right: side('9'),
          baseline: { left: { sha: 'no' }, right: { outcome: 'x' } },
        },
      ]),
    );
    const { body } = await hub.api('GET', `/api/links?connectionId=${connectionId}&kind=ref`);
    expect(body.items).toMatchObject([
      { left: { sha: left }, right: { sha: right }, outcome: 'diverged', reason: 'Both have moved' },
    ]);
    const issues = await hub.api('GET', `/api/links?connectionId=${connectionId}&kind=issue`);
    expect(JSON.stringify(issues.body.items)).not.toMatch(/sha|outcome/);
  });

  it('answers 400 to a filter that cannot be, and 404 to an id that does not exist', async () => {
    for (const query of ['kind=epic', 'state=odd', 'connectionId=7', 'limit=0', 'cursor=x', 'cursor=WyJ4IiwieSJd']) {
      expect([query, (await hub.api('GET', `/api/links?${query}`)).status]).toEqual([query, 400]);
    }
    for (const id of ['7', randomUUID()]) {
      expect((await hub.api('GET', `/api/links/${id}`)).status).toBe(404);
      expect((await hub.api('DELETE', `/api/links/${id}`)).status).toBe(404);
    }
  });
});
