import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { thingsMetadata, thingsSource, writeConnectors } from '../testing/test-connectors.js';
import { type Json, startTestHub, type TestHub } from '../testing/test-hub.js';
import { ConnectionSource } from './connection-source.js';

const TOKEN = 'store-token-0123456789-f3a9';
const SECRET = 'webhook-secret-0123456789-beef';

describe('instances and connections', () => {
  let folder: string;
  let hub: TestHub;
  let store: Server;
  let storeUrl: string;
  let instanceId: string;

  beforeAll(async () => {
    store = createServer((request, response) => {
      const known = request.headers['private-token'] === TOKEN;
      response.setHeader('content-type', 'application/json');
      if (request.url === '/broken/me') return void response.writeHead(500).end('{}');
      if (!known) return void response.writeHead(401).end('{}');
      response.end(JSON.stringify(request.url === '/me' ? { id: '42', username: 'ada' } : ['acme/web', 'acme/api']));
    });
    await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
    storeUrl = `http://127.0.0.1:${(store.address() as AddressInfo).port}`;
    folder = await writeConnectors({ things: { metadata: thingsMetadata, source: thingsSource } });
    // No workers: the runs that changes queue stay to be looked at.
    hub = await startTestHub({ connectorDirs: [folder] });
  });
  afterAll(async () => {
    await hub.close();
    store.close();
    await rm(folder, { recursive: true });
  });

  const database = () => hub.hub.app.get(DataSource);
  const newInstance = (changes: object = {}) =>
    hub.api('POST', '/api/instances', {
      name: 'Store',
      kind: 'thing-store',
      baseUrl: `${storeUrl}/`,
      credentials: { token: TOKEN, username: 'ada' },
      ...changes,
    });
  const newConnection = (changes: object = {}) =>
    hub.api('POST', '/api/connections', {
      name: 'All things',
      connectorId: 'things',
      schedule: null,
      config: { instance: instanceId },
      ...changes,
    });
  const paths = (answer: { body: Json }) => answer.body.errors?.map((error: Json) => error.path);

  describe('an instance', () => {
    it('is made with its secrets out of sight, in the API and in the database', async () => {
      const made = await newInstance({ limits: { requestsPerMinute: 100 } });
      expect(made.status).toBe(201);
      expect(made.body).toMatchObject({
        name: 'Store',
        baseUrl: storeUrl,
        credentials: { token: { set: true, hint: '...f3a9' }, username: 'ada' },
        limits: { requestsPerMinute: 100 },
        account: null,
      });
      instanceId = made.body.id;
      const rows = await database().query('select * from instance');
      expect(JSON.stringify(rows)).not.toContain(TOKEN);
      expect(JSON.stringify((await hub.api('GET', '/api/instances')).body)).not.toContain(TOKEN);
    });

    it('names the field that is wrong', async () => {
      const cases: readonly [object, string][] = [
        [{ kind: 'unheard-of' }, '/kind'],
        [{ baseUrl: 'gitlab.com' }, '/baseUrl'],
        [{ baseUrl: 'https://user:secret@things.example' }, '/baseUrl'],
        [{ baseUrl: 'https://things.example?x=1' }, '/baseUrl'],
        [{ credentials: {} }, '/credentials/token'],
        [{ credentials: { token: TOKEN, apiKey: 'x' } }, '/credentials/apiKey'],
        [{ credentials: { token: 5 } }, '/credentials/token'],
        [{ caCertificate: 'hello' }, '/caCertificate'],
        [{ proxyUrl: 'socks://x' }, '/proxyUrl'],
        [{ limits: { requestsPerMinute: 0 } }, '/limits/requestsPerMinute'],
        [{ limits: { burst: 1 } }, '/limits/burst'],
        [{ expiresAt: 'tomorrow' }, '/expiresAt'],
        [{ name: '' }, '/name'],
        [{ surprise: true }, '/surprise'],
      ];
      for (const [change, path] of cases) {
        const answer = await newInstance({ name: 'Other', ...change });
        expect([change, answer.status, paths(answer)]).toEqual([change, 422, [path]]);
        expect(answer.body.detail.length).toBeGreaterThan(10);
      }
      expect((await newInstance()).status).toBe(409);
    });

    it('keeps what a patch leaves out or only repeats, and removes what is null', async () => {
      const patch = (body: object) => hub.api('PATCH', `/api/instances/${instanceId}`, body);
      const changed = await patch({
        description: 'Ours',
        proxyUrl: 'http://me:pass-1234@127.0.0.1:9',
        credentials: { token: { set: true, hint: '...f3a9' } },
        limits: { maxBackoffMinutes: 3 },
      });
      expect(changed.body).toMatchObject({
        description: 'Ours',
        proxyUrl: 'http://me:***@127.0.0.1:9',
        credentials: { token: { hint: '...f3a9' }, username: 'ada' },
        limits: { requestsPerMinute: 100, maxBackoffMinutes: 3 },
      });
      const repeated = await patch({ proxyUrl: changed.body.proxyUrl });
      expect(repeated.body.proxyUrl).toBe('http://me:***@127.0.0.1:9');
      const removed = await patch({ description: null, proxyUrl: null, limits: null, credentials: { username: null } });
      expect(removed.body).toMatchObject({
        description: null,
        proxyUrl: null,
        limits: {},
        credentials: { username: '' },
      });
      expect(paths(await patch({ credentials: { token: null } }))).toEqual(['/credentials/token']);
      expect(paths(await patch({ credentials: null }))).toEqual(['/credentials/token']);
      expect((await patch({ baseUrl: null })).body.baseUrl).toBe('https://things.example');
      expect((await patch({ baseUrl: storeUrl })).body.baseUrl).toBe(storeUrl);
      expect(paths(await patch({ name: null }))).toEqual(['/name']);
      expect(paths(await patch({ kind: 'other-store' }))).toEqual(['/kind']);
      expect((await hub.api('PATCH', '/api/instances/4711', {})).status).toBe(404);
    });

    it('takes a credential that cannot be read any more when it is entered anew', async () => {
      const made = await newInstance({ name: 'Damaged' });
      const foreign = { k: '0123456789abcdef', n: 'AAAAAAAAAAAAAAAA', c: 'AAAA', t: 'AAAAAAAAAAAAAAAAAAAAAA==' };
      await database().query('update instance set credentials = $2 where id = $1', [
        made.body.id,
        JSON.stringify({ token: foreign }),
      ]);
      const path = `/api/instances/${made.body.id}`;
      expect((await hub.api('GET', path)).body.credentials.token).toEqual({ set: true });
      const test = await hub.api('POST', `${path}/test`);
      expect([test.status, test.body]).toMatchObject([200, { ok: false, steps: [{ id: 'secret' }] }]);
      expect((await hub.api('PATCH', path, { description: 'x' })).status).toBe(409);
      expect((await hub.api('PATCH', path, { credentials: { token: TOKEN } })).body.credentials.token.hint).toBe(
        '...f3a9',
      );
      expect((await hub.api('DELETE', path)).status).toBe(204);
    });

    it('is tested by a connector of its kind, and remembers whose account it is', async () => {
      const test = await hub.api('POST', `/api/instances/${instanceId}/test`);
      expect(test).toMatchObject({ status: 200, body: { ok: true, account: { username: 'ada' } } });
      const { body } = await hub.api('GET', `/api/instances/${instanceId}`);
      expect(body).toMatchObject({ account: { id: '42', username: 'ada' }, expiresAt: '2030-01-02T00:00:00.000Z' });
    });

    it('tells what failed in a test, without the secret in it', async () => {
      const made = await newInstance({ name: 'Wrong', credentials: { token: 'a-wrong-token-0123456789' } });
      const test = await hub.api('POST', `/api/instances/${made.body.id}/test`);
      expect(test).toMatchObject({ status: 200, body: { ok: false, steps: [{ id: 'auth', ok: false }] } });
      expect(test.body.steps[0].hint).toBe('refused: [redacted]');
      const unreachable = await newInstance({ name: 'Gone', baseUrl: 'http://127.0.0.1:1' });
      const failed = await hub.api('POST', `/api/instances/${unreachable.body.id}/test`);
      expect(failed).toMatchObject({ status: 200, body: { ok: false, steps: [{ ok: false }] } });
      for (const { body } of [made, unreachable]) {
        expect((await hub.api('DELETE', `/api/instances/${body.id}`)).status).toBe(204);
      }
    });
  });

  describe('a connection', () => {
    it('is made with its secrets sealed, lists split and the interval its connector suggests', async () => {
      const made = await newConnection({
        schedule: undefined,
        enabled: false,
        tags: ['team', ' team ', 'web'],
        config: {
          instance: instanceId,
          projects: 'acme/web, acme/api,',
          webhookSecret: SECRET,
          nested: { key: SECRET },
        },
      });
      expect(made.status).toBe(201);
      expect(made.body).toMatchObject({
        schedule: { intervalMinutes: 7 },
        tags: ['team', 'web'],
        config: {
          instance: instanceId,
          projects: ['acme/web', 'acme/api'],
          webhookSecret: { set: true, hint: '...beef' },
          nested: { key: { set: true, hint: '...beef' } },
        },
        health: { state: 'paused' },
      });
      expect(JSON.stringify(await database().query('select * from connection'))).not.toContain(SECRET);
      const resolved = await hub.hub.app.get(ConnectionSource).resolve(made.body.id);
      expect(resolved.config).toMatchObject({
        instance: { id: instanceId, credentials: { token: TOKEN }, accountId: '42' },
        webhookSecret: SECRET,
        nested: { key: SECRET },
      });
      expect(new Set(resolved.secrets)).toEqual(new Set([SECRET, TOKEN]));
    });

    it('names the field that is wrong, as a pointer into the body', async () => {
      const other = (await hub.api('POST', '/api/instances', { name: 'O', kind: 'other-store', baseUrl: storeUrl }))
        .body;
      const cases: readonly [object, string][] = [
        [{ config: {} }, '/config/instance'],
        [{ config: { instance: 'nonsense' } }, '/config/instance'],
        [{ config: { instance: other.id } }, '/config/instance'],
        [{ config: { instance: instanceId, limit: 0 } }, '/config/limit'],
        [{ config: { instance: instanceId, projects: [1] } }, '/config/projects/0'],
        [{ config: { instance: instanceId, surprise: 1 } }, '/config/surprise'],
        [{ config: { instance: instanceId, nested: { mode: 'c' } } }, '/config/nested/mode'],
        [{ config: { instance: instanceId, nested: { surprise: 1 } } }, '/config/nested/surprise'],
        [{ config: { instance: instanceId, repos: [1] } }, '/config/repos/0'],
        [{ config: { token: TOKEN, instance: instanceId } }, '/config/token'],
        [{ connectorId: 'unheard-of' }, '/connectorId'],
        [{ schedule: { cron: '61 * * * *' } }, '/schedule/cron'],
        [{ schedule: { cron: '* * * * *', timeZone: 'Mars/Base' } }, '/schedule/timeZone'],
        [{ schedule: { intervalMinutes: 0 } }, '/schedule/intervalMinutes'],
        [{ schedule: 5 }, '/schedule'],
        [{ tags: [1] }, '/tags'],
        [{ config: 'text' }, '/config'],
        [{ surprise: 1 }, '/surprise'],
      ];
      for (const [change, path] of cases) {
        const answer = await newConnection({ name: 'Other', ...change });
        expect([change, answer.status, paths(answer)]).toEqual([change, 422, [path]]);
      }
      expect((await newConnection()).status).toBe(409);
      expect((await hub.api('DELETE', `/api/instances/${other.id}`)).status).toBe(204);
    });

    it('is changed by a merge patch that keeps secrets and removes what is null', async () => {
      const id = (await hub.api('GET', '/api/connections?q=THINGS')).body.items[0].id;
      const patch = (body: object) => hub.api('PATCH', `/api/connections/${id}`, body);
      const changed = await patch({
        config: { limit: 5, projects: null, nested: { mode: 'a' }, webhookSecret: { set: true } },
      });
      expect(changed.body.config).toEqual({
        instance: instanceId,
        limit: 5,
        webhookSecret: { set: true, hint: '...beef' },
        nested: { key: { set: true, hint: '...beef' }, mode: 'a' },
      });
      const removed = await patch({
        config: { webhookSecret: null },
        schedule: { cron: '0 6 * * *', timeZone: 'Europe/Berlin' },
      });
      expect(removed.body.config.webhookSecret).toBeUndefined();
      expect(removed.body.schedule).toEqual({ cron: '0 6 * * *', timeZone: 'Europe/Berlin' });
      expect((await patch({ tags: ['x'], enabled: false })).body).toMatchObject({ tags: ['x'], enabled: false });
      expect((await patch({ tags: null, enabled: null })).body).toMatchObject({ tags: [], enabled: true });
      await patch({ tags: ['web'] });
      expect(paths(await patch({ config: { instance: null } }))).toEqual(['/config/instance']);
      expect(paths(await patch({ connectorId: 'other' }))).toEqual(['/connectorId']);
      expect((await hub.api('DELETE', `/api/instances/${instanceId}`)).body.detail).toContain('"All things"');
    });

    it('accepts the keys of older tools: finds or makes the instance, and the schedule', async () => {
      const config = { token: TOKEN, url: storeUrl, repos: 'acme/web', poll_interval: 300 };
      const made = await newConnection({ name: 'Seeded', schedule: undefined, enabled: false, config });
      expect(made.body).toMatchObject({
        schedule: { intervalMinutes: 5 },
        config: { instance: instanceId, projects: ['acme/web'] },
      });
      const another = await newConnection({
        name: 'Seeded 2',
        enabled: false,
        config: { ...config, token: 'another-token-0123456789' },
      });
      expect(another.status).toBe(201);
      const instance = (await hub.api('GET', `/api/instances/${another.body.config.instance}`)).body;
      expect(instance).toMatchObject({ kind: 'thing-store', baseUrl: storeUrl, name: new URL(storeUrl).host });
      const names = (await hub.api('GET', '/api/connections?limit=2')).body;
      expect(names.items.map((item: Json) => item.name)).toEqual(['All things', 'Seeded']);
      const rest = (await hub.api('GET', `/api/connections?limit=2&cursor=${names.nextCursor}`)).body;
      expect(rest).toMatchObject({ items: [{ name: 'Seeded 2' }], nextCursor: null });
    });

    it('is tested before and after it is saved, and offers remote choices', async () => {
      const draft = await hub.api('POST', '/api/connections/test', {
        connectorId: 'things',
        config: { token: TOKEN, url: storeUrl },
      });
      expect(draft).toMatchObject({ status: 200, body: { ok: true } });
      const invalid = await hub.api('POST', '/api/connections/test', { connectorId: 'things', config: { limit: 0 } });
      expect(invalid.status).toBe(422);
      const { items } = (await hub.api('GET', '/api/connections?tag=web')).body;
      expect(items).toHaveLength(1);
      const saved = await hub.api('POST', `/api/connections/${items[0].id}/test`);
      expect(saved).toMatchObject({ status: 200, body: { ok: true, account: { id: '42' } } });
      const found = await hub.api('POST', `/api/connections/${items[0].id}/discover`, { query: 'web' });
      expect(found.body).toEqual({ items: [{ value: 'acme/web', label: 'acme/web' }], nextCursor: null });
    });

    it('runs at once when it is made or enabled with a schedule, and stops when it is disabled', async () => {
      const made = await newConnection({ name: 'Scheduled', schedule: { intervalMinutes: 60 } });
      const triggers = async () =>
        (await hub.api('GET', `/api/runs?connectionId=${made.body.id}`)).body.items.map((run: Json) => run.trigger);
      expect(await triggers()).toEqual(['startup']);
      const off = await hub.api('PATCH', `/api/connections/${made.body.id}`, { enabled: false });
      expect(off.body).toMatchObject({ health: { state: 'paused' }, nextRunAt: null });
      expect((await hub.api('POST', `/api/connections/${made.body.id}/sync`, {})).status).toBe(409);
      await hub.api('PATCH', `/api/connections/${made.body.id}`, { enabled: true });
      expect(await triggers()).toEqual(['startup', 'startup']);
      expect((await hub.api('GET', `/api/connections/${made.body.id}`)).body.nextRunAt).not.toBeNull();
    });

    it('leaves when it is deleted, its events only when they are purged', async () => {
      const events = async (id: string) => {
        const sql = 'select count(*)::int as n from change_event where connection_id = $1';
        return (await database().query(sql, [id]))[0].n;
      };
      for (const purge of [false, true]) {
        const { body } = await newConnection({ name: 'Short-lived' });
        await database().query(
          `insert into change_event (connection_id, connector_id, event_id, event_type, title, status, project_id, project_path, occurred_at, hash, metadata, search)
           values ($1, 'things', 'e', 'thing', 't', 'open', '1', 'a', now(), 'h', '{}', '')`,
          [body.id],
        );
        expect((await hub.api('DELETE', `/api/connections/${body.id}${purge ? '?purge=true' : ''}`)).status).toBe(204);
        expect(await events(body.id)).toBe(purge ? 0 : 1);
        expect((await hub.api('GET', `/api/connections/${body.id}`)).status).toBe(404);
        expect((await hub.api('DELETE', `/api/connections/${body.id}`)).status).toBe(404);
      }
      const { items } = (await hub.api('GET', '/api/audit?subjectKind=connection&limit=1')).body;
      expect(items).toMatchObject([
        { action: 'connection.delete', subject: { name: 'Short-lived' }, data: { purge: true } },
      ]);
    });

    it('is purged while a page of its run is under way, which goes first', async () => {
      if (!process.env['TEST_DATABASE_URL']) {
        process.stdout.write('One session only: the embedded database cannot hold two transactions open.\n');
        return;
      }
      const { body } = await newConnection({ name: 'Busy' });
      await database().query(
        `insert into lease (connection_id, until) values ($1, clock_timestamp() + interval '1 minute')`,
        [body.id],
      );
      const { purge } = await database().transaction(async (manager) => {
        await manager.query('select 1 from lease where connection_id = $1 for key share', [body.id]);
        const purge = hub.api('DELETE', `/api/connections/${body.id}?purge=true`);
        const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        while ((await database().query<unknown[]>(waiting)).length === 0) await setTimeout(5);
        await manager.query(`insert into checkpoint (connection_id, stream, cursor) values ($1, 's', '{}')`, [body.id]);
        // In an object, as a promise alone would be waited for before the commit that it waits for.
        return { purge };
      });
      expect((await purge).status).toBe(204);
      expect(await database().query('select 1 from checkpoint where connection_id = $1', [body.id])).toEqual([]);
    });

    it('says why it cannot be used any more', async () => {
      const { body } = await newConnection({ name: 'Orphan' });
      await database().query(`update connection set connector_id = 'gone' where id = $1`, [body.id]);
      const test = await hub.api('POST', `/api/connections/${body.id}/test`);
      expect(test).toMatchObject({ status: 200, body: { ok: false, steps: [{ id: 'config', ok: false }] } });
      expect(test.body.steps[0].hint).toContain('"gone" is not installed');
      expect((await hub.api('GET', `/api/connections/${body.id}`)).status).toBe(200);
    });
  });
});
