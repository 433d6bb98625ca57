import { rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { pairMetadata, pairSource, startTestStore, type TestStore } from '../testing/pair-connector.js';
import { writeConnectors } from '../testing/test-connectors.js';
import { type Json, request, startTestHub, type TestHub } from '../testing/test-hub.js';

const header = 'sourceInstanceId,sourceUsername,targetInstanceId,targetUsername';

describe('the user mappings API', () => {
  let hub: TestHub;
  let folder: string;
  let here: TestStore;
  let there: TestStore;
  let source: string;
  let target: string;
  let elsewhere: string;

  beforeAll(async () => {
    here = await startTestStore();
    there = await startTestStore();
    const mute = { ...pairMetadata, id: 'mute', instanceKinds: pairMetadata.instanceKinds.slice(1) };
    const pairs = { ...pairMetadata, instanceKinds: pairMetadata.instanceKinds.slice(0, 1) };
    folder = await writeConnectors({
      pairs: { metadata: pairs, source: pairSource },
      mute: {
        metadata: { ...mute, configSchema: { type: 'object', properties: {} } },
        source: `export const connector = { check: async () => ({ steps: [] }), sync: async () => ({ fetched: 0, stored: 0 }) };`,
      },
    });
    hub = await startTestHub({ connectorDirs: [folder] });
    source = await instance('Production', here.url);
    target = await instance('Mirror', there.url);
    elsewhere = await instance('Elsewhere', here.url, 'mute-store');
  });
  afterAll(async () => {
    await hub.close();
    await here.close();
    await there.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    await database().query('delete from user_mapping');
    here.answers.set('/users', people('alice', 'bob', 'carol', 'dora'));
    there.answers.set('/users', people('a.liddell', 'Bob', 'robert', 'dora'));
  });

  const people = (...usernames: string[]) => usernames.map((username) => ({ username, name: `Name of ${username}` }));
  const database = () => hub.hub.app.get(DataSource);
  const instance = async (name: string, baseUrl: string, kind = 'pair-store') => {
    const made = await hub.api('POST', '/api/instances', {
      name,
      kind,
      baseUrl,
      credentials: { token: 'secret-token-1' },
    });
    expect(made.status).toBe(201);
    return made.body.id as string;
  };
  const pair = (sourceUsername: string, targetUsername: string, more: object = {}) => ({
    sourceInstanceId: source,
    sourceUsername,
    targetInstanceId: target,
    targetUsername,
    ...more,
  });
  const add = (body: unknown) => hub.api('POST', '/api/user-mappings', body);
  const csv = (body: string, headers: Record<string, string> = {}) =>
    hub.api('POST', '/api/user-mappings/import', body, { 'content-type': 'text/csv', ...headers });
  const list = async (query = '') => {
    const { status, body } = await hub.api('GET', `/api/user-mappings${query}`);
    expect(status).toBe(200);
    return body.items.map((item: Json) => `${item.sourceUsername}=${item.targetUsername}`);
  };
  const audited = async () => {
    const rows: { action: string }[] = await database().query(
      `select action from audit_log where subject_kind = 'user_mapping' order by id desc limit 3`,
    );
    return rows.map(({ action }) => action);
  };

  it('keeps a mapping: made, read, changed and removed, each in the audit log', async () => {
    const made = await add(pair('alice', 'a.liddell'));
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject(pair('alice', 'a.liddell'));
    expect(made.body.warnings).toBeUndefined();
    const path = `/api/user-mappings/${made.body.id}`;
    expect((await hub.api('GET', path)).body).toMatchObject(pair('alice', 'a.liddell'));
    const changed = await hub.api('PATCH', path, { targetUsername: 'robert' });
    expect(changed).toMatchObject({ status: 200, body: pair('alice', 'robert') });
    expect((await hub.api('DELETE', path)).status).toBe(204);
    expect((await hub.api('DELETE', path)).status).toBe(404);
    expect((await hub.api('GET', path)).status).toBe(404);
    expect((await hub.api('PATCH', path, {})).status).toBe(404);
    expect(await audited()).toEqual(['user_mapping.delete', 'user_mapping.update', 'user_mapping.create']);
  });

  it('needs a token', async () => {
    expect((await request(`${hub.url}/api/user-mappings`)).status).toBe(401);
    const headers = { 'content-type': 'text/csv' };
    expect((await request(`${hub.url}/api/user-mappings/import`, 'POST', header, headers)).status).toBe(401);
  });

  it('stores usernames as the remotes write them, without the @ people write', async () => {
    expect((await add(pair(' @ALICE ', 'bob'))).body).toMatchObject(pair('alice', 'Bob'));
  });

  it('refuses a second mapping of one user to one instance, in any case of letters', async () => {
    await add(pair('alice', 'a.liddell'));
    const again = await add(pair('Alice', 'robert'));
    expect(again).toMatchObject({
      status: 409,
      body: { detail: '"alice" is mapped to a user of that instance already.', errors: [{ path: '/sourceUsername' }] },
    });
    // Several users here may be one person there, and the way back may be said, too.
    expect((await add(pair('bob', 'a.liddell'))).status).toBe(201);
    const back = {
      sourceInstanceId: target,
      sourceUsername: 'a.liddell',
      targetInstanceId: source,
      targetUsername: 'bob',
    };
    expect((await add(back)).status).toBe(201);
    const other = await add(pair('carol', 'robert'));
    const patch = await hub.api('PATCH', `/api/user-mappings/${other.body.id}`, { sourceUsername: 'bob' });
    expect(patch.status).toBe(409);
  });

  it('names what is wrong with a mapping', async () => {
    const paths = async (body: unknown) => {
      const answer = await add(body);
      return [answer.status, ...(answer.body.errors ?? []).map(({ path }: { path: string }) => path)];
    };
    expect(await paths({ ...pair('alice', 'robert'), targetInstanceId: source })).toEqual([422, '/targetInstanceId']);
    expect(await paths({ ...pair('alice', 'robert'), sourceInstanceId: randomUUID() })).toEqual([
      422,
      '/sourceInstanceId',
    ]);
    expect(await paths(pair('nobody', 'no.one'))).toEqual([422, '/sourceUsername', '/targetUsername']);
    expect(await paths({})).toEqual([
      422,
      '/sourceInstanceId',
      '/sourceUsername',
      '/targetInstanceId',
      '/targetUsername',
    ]);
    expect(await paths(pair('@', 'robert', { email: 'x' }))).toEqual([422, '/email', '/sourceUsername']);
    expect((await add(pair('nobody', 'robert'))).body.detail).toBe('/sourceUsername is no user of "Production".');
    expect((await add(pair('a\nb', 'robert'))).body.detail).toBe(
      '/sourceUsername holds a character that no username has.',
    );
    expect((await add('[')).status).toBe(400);
  });

  it('takes a mapping with a warning where nobody can be asked', async () => {
    there.answers.delete('/users');
    const { status, body } = await add(pair('alice', 'whoever'));
    expect(status).toBe(201);
    expect(body.warnings).toEqual([
      '"whoever" was not checked: users of "Mirror" could not be looked up: The store answered 404.',
    ]);
    const mute = await add(pair('alice', 'anybody', { targetInstanceId: elsewhere }));
    expect(mute.status).toBe(201);
    expect(mute.body.warnings).toEqual(['"anybody" was not checked: no connector can look up users of "Elsewhere".']);
  });

  it('lists newest first, page by page, and filters', async () => {
    for (const name of ['alice', 'bob', 'carol']) await add(pair(name, 'robert'));
    await add({ sourceInstanceId: target, sourceUsername: 'dora', targetInstanceId: source, targetUsername: 'dora' });
    expect(await list()).toEqual(['dora=dora', 'carol=robert', 'bob=robert', 'alice=robert']);
    expect(await list(`?sourceInstanceId=${source}&q=ALI`)).toEqual(['alice=robert']);
    expect(await list(`?targetInstanceId=${source}`)).toEqual(['dora=dora']);
    expect((await list(`?instanceId=${source}`)).length).toBe(4);
    expect(await list(`?instanceId=${elsewhere}`)).toEqual([]);
    expect(await list('?q=%00%25')).toEqual([]);
    const first = await hub.api('GET', '/api/user-mappings?limit=3');
    expect(await list(`?limit=3&cursor=${first.body.nextCursor}`)).toEqual(['alice=robert']);
    for (const query of ['limit=0', 'cursor=x', 'sourceInstanceId=7', 'instanceId=x']) {
      expect([query, (await hub.api('GET', `/api/user-mappings?${query}`)).status]).toEqual([query, 400]);
    }
  });

  it('goes with its instance', async () => {
    const gone = await instance('Gone', here.url);
    await add(pair('alice', 'bob', { targetInstanceId: gone }));
    expect((await hub.api('DELETE', `/api/instances/${gone}`)).status).toBe(204);
    expect(await list()).toEqual([]);
  });

  describe('the import', () => {
    it('stores what is right, corrects what changed, and says of each other line why not', async () => {
      await add(pair('alice', 'robert'));
      await add(pair('dora', 'dora'));
      const { status, body } = await csv(
        [
          `\ufeff${header}`,
          `${source},alice,${target},a.liddell`,
          `Production,bob,Mirror,robert`,
          `Production,dora,Mirror,dora`,
          `Production,Bob,Mirror,dora`,
          `Production,nobody,Mirror,dora`,
          `Nowhere,carol,Mirror,dora`,
          `Production,carol,Production,dora`,
          `Production,"carol,Mirror,dora`,
          `Production,carol`,
        ].join('\r\n'),
      );
      expect(status).toBe(200);
      expect(body).toMatchObject({ created: 1, updated: 1, unchanged: 1, warnings: [] });
      expect(body.errors).toEqual([
        { line: 5, message: 'maps "bob" again; line 3 did' },
        { line: 6, message: 'sourceUsername "nobody" is no user of "Production"' },
        { line: 7, message: 'sourceInstanceId "Nowhere" is neither the id nor the name of an instance' },
        { line: 8, message: 'names one instance on both sides' },
        { line: 9, message: 'opens a quote (") and does not close it' },
        {
          line: 10,
          message: 'has 2 columns; 4 are needed: sourceInstanceId, sourceUsername, targetInstanceId, targetUsername',
        },
      ]);
      expect((await list()).sort()).toEqual(['alice=a.liddell', 'bob=robert', 'dora=dora']);
      expect((await audited())[0]).toBe('user_mapping.import');
    });

    it('changes nothing the second time, and asks each remote once', async () => {
      const file = `${header}\nProduction,alice,Mirror,robert\nProduction,bob,Mirror,robert\n`;
      expect((await csv(file)).body).toMatchObject({ created: 2, updated: 0, unchanged: 0, errors: [] });
      here.requests.length = 0;
      expect((await csv(file)).body).toMatchObject({ created: 0, updated: 0, unchanged: 2, errors: [] });
      expect(here.requests).toEqual(['GET /users']);
    });

    it('reads back what the export wrote', async () => {
      here.answers.set('/users', people('alice', 'bob', 'x, "y"; z'));
      await add(pair('bob', 'robert'));
      await add(pair('x, "y"; z', 'a.liddell'));
      const { status, headers, body } = await hub.api('GET', '/api/user-mappings/export');
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
      expect(headers.get('content-disposition')).toContain('user-mappings.csv');
      expect(String(body).split('\r\n')).toEqual([
        header,
        'Production,bob,Mirror,robert',
        'Production,"x, ""y""; z",Mirror,a.liddell',
        '',
      ]);
      expect((await csv(body as string)).body).toMatchObject({ created: 0, updated: 0, unchanged: 2, errors: [] });
      expect((await request(`${hub.url}/api/user-mappings/export`)).status).toBe(401);
    });

    it('warns once where a remote cannot be asked', async () => {
      there.answers.delete('/users');
      const { body } = await csv(`${header}\nProduction,alice,Mirror,x\nProduction,bob,Mirror,y\n`);
      expect(body).toMatchObject({ created: 2, errors: [] });
      expect(body.warnings).toEqual([
        'Usernames were not checked: users of "Mirror" could not be looked up: The store answered 404.',
      ]);
    });

    it('answers what is no such table with a sentence', async () => {
      expect((await csv('name,mail\na,b')).body).toMatchObject({
        status: 422,
        detail: expect.stringMatching(/^The first line must be sourceInstanceId,/),
      });
      expect((await csv('')).body).toMatchObject({ status: 422, detail: expect.stringMatching(/^The file is empty/) });
      expect((await csv(`${header}\n${'x'.repeat(1_048_576)}`)).status).toBe(413);
      expect((await csv('{}', { 'content-type': 'application/json' })).status).toBe(415);
      expect(await list()).toEqual([]);
    });

    it('answers many broken lines with the first thousand', async () => {
      const { body } = await csv(`${header}\n${'a,b\n'.repeat(1_500)}`);
      expect(body.errors.length).toBe(1_001);
      expect(body.errors.at(-1)).toEqual({ line: 1_002, message: 'and 499 more lines are wrong, too' });
    });
  });

  describe('suggestions', () => {
    const suggest = (query = '') =>
      hub.api('GET', `/api/user-mappings/suggestions?sourceInstanceId=${source}&targetInstanceId=${target}${query}`);
    const connect = async (from: string, to: string) => {
      const made = await hub.api('POST', '/api/connections', {
        name: randomUUID(),
        connectorId: 'pairs',
        schedule: null,
        config: { source: { instance: from, project: '1' }, target: { instance: to, project: '2' } },
      });
      expect(made.status).toBe(201);
      return made.body.id as string;
    };

    it('say that there is nobody to compare without a connection', async () => {
      expect((await suggest()).body).toEqual({
        items: [],
        nextCursor: null,
        warnings: ['No connection uses both instances, so there is nobody to compare.'],
      });
    });

    it('show who may be the same, in either direction of the connection, and store nothing', async () => {
      const id = await connect(target, source);
      here.answers.set('/users', [...people('alice', 'bob', 'dora'), { username: 'rt', name: 'Robert Tables' }]);
      there.answers.set('/users', [...people('x', 'Bob', 'dora'), { username: 'robert', name: 'robert tables' }]);
      await add(pair('dora', 'dora'));
      const { status, body } = await suggest(`&connectionId=${id}`);
      expect(status).toBe(200);
      expect(body.items).toEqual([
        {
          sourceUsername: 'bob',
          sourceName: 'Name of bob',
          targetUsername: 'Bob',
          targetName: 'Name of Bob',
          equal: 'username',
        },
        {
          sourceUsername: 'rt',
          sourceName: 'Robert Tables',
          targetUsername: 'robert',
          targetName: 'robert tables',
          equal: 'name',
        },
      ]);
      expect(await list()).toEqual(['dora=dora']);
      there.answers.delete('/users');
      const failed = await suggest();
      expect(failed.body.items).toEqual([]);
      expect(failed.body.warnings).toEqual([expect.stringMatching(/could not be read: The store answered 404\.$/)]);
    });

    it('need two different instances', async () => {
      const get = async (query: string) => (await hub.api('GET', `/api/user-mappings/suggestions?${query}`)).status;
      expect(await get('')).toBe(400);
      expect(await get(`sourceInstanceId=${source}`)).toBe(400);
      expect(await get(`sourceInstanceId=${source}&targetInstanceId=${source}`)).toBe(400);
      expect(await get(`sourceInstanceId=${source}&targetInstanceId=${randomUUID()}`)).toBe(422);
    });
  });
});
