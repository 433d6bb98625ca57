import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Settings, type SettingsValues } from './config/settings.js';
import { StartError } from './config/start-error.js';
import { createHub, startHub } from './hub.js';
import { createTestTarget } from './testing/test-database.js';
import { request } from './testing/test-hub.js';

// Hubs start and stop here by the dozen.
jest.setTimeout(600_000);

describe('starting and stopping a hub', () => {
  let target: Awaited<ReturnType<typeof createTestTarget>>;
  let dataDir: string;
  const secretKey = randomBytes(32);
  beforeAll(async () => {
    target = await createTestTarget();
    dataDir = await mkdtemp(join(tmpdir(), 'syncline-hub-'));
  });
  afterAll(async () => {
    await target.remove();
    await rm(dataDir, { recursive: true });
  });

  const values = (changes: Partial<SettingsValues> = {}): Partial<SettingsValues> => ({
    port: 0,
    database: target.target,
    dataDir,
    secretKey,
    logLevel: 'silent',
    connectorDirs: [],
    ...changes,
  });

  it('makes a token at the first start and keeps it where the database is its own', async () => {
    const first = await createHub(values());
    expect(first.adminTokenIsNew).toBe(true);
    const token = first.adminToken;
    await first.close();
    await first.close();
    const second = await createHub(values());
    expect(second.adminTokenIsNew).toBe(false);
    const authorization = `Bearer ${token}`;
    expect((await request(`${second.url}/api/connections`, 'GET', undefined, { authorization })).status).toBe(200);
    if (!('url' in target.target)) {
      expect(await readFile(join(dataDir, 'admin-token'), 'utf8')).toBe(`${token}\n`);
      expect((await stat(join(dataDir, 'admin-token'))).mode & 0o777).toBe(0o600);
    }
    await second.close();
  });

  it('replaces the token by the one it is started with', async () => {
    const hub = await createHub(values({ adminToken: 'a-token-of-our-own-0123456789abcdef' }));
    const authorization = 'Bearer a-token-of-our-own-0123456789abcdef';
    expect((await request(`${hub.url}/api/connections`, 'GET', undefined, { authorization })).status).toBe(200);
    await hub.close();
  });

  it('refuses to work with another key than the database was made with', async () => {
    const other = createHub(values({ secretKey: randomBytes(32) }));
    await expect(other).rejects.toThrow(StartError);
    await expect(other).rejects.toThrow(/is not the key of this database/);
  });

  it('says that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(createHub(values({ port }))).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is in use. Set PORT to another one.`,
    );
    other.close();
  });

  it('refuses a data folder that another hub uses', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'syncline-embedded-'));
    const own = () => createHub({ port: 0, dataDir: folder, logLevel: 'silent', connectorDirs: [] });
    const first = await own();
    await expect(own()).rejects.toThrow(/Another hub \(process \d+, at http:.+\) uses the data folder/);
    expect((await request(`${first.url}/health`)).status).toBe(200);
    await first.close();
    expect((await stat(join(folder, 'secret-key'))).mode & 0o777).toBe(0o600);
    // Without its key the database is of no use, and must not get a new one.
    await rm(join(folder, 'secret-key'));
    await expect(own()).rejects.toThrow(/its key .+secret-key is missing/);
    await rm(folder, { recursive: true });
  });

  it('answers nothing but health and metrics where it only executes runs', async () => {
    // Settings refuse this role on the embedded database; what it answers is the same on both.
    const hub = await createHub(values({ role: 'worker', adminToken: 'a-token-of-our-own-0123456789abcdef' }));
    const authorization = 'Bearer a-token-of-our-own-0123456789abcdef';
    const status = async (path: string, method = 'GET') =>
      (await request(hub.url + path, method, undefined, { authorization })).status;
    expect([await status('/health'), await status('/metrics')]).toEqual([200, 200]);
    for (const path of [
      '/',
      '/api/connections',
      '/api/events/stream',
      '/docs',
      '/docs-json',
      '/redoc',
      '/connections',
    ]) {
      expect([path, await status(path)]).toEqual([path, 404]);
    }
    expect(await status('/webhooks/4b0f6ed2-7a55-4d4e-9d54-2f8f5b6ac001', 'POST')).toBe(404);
    const { headers, body } = await request(`${hub.url}/api/connections`);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body.detail).toContain('ROLE is worker');
    await hub.close();
  });

  it('answers 503 while its database cannot be reached, and goes on by itself when it can', async () => {
    const { target: own } = target;
    if (!('url' in own)) {
      const unreachable = await startHub(new Settings(values({ database: { url: 'postgres://x@127.0.0.1:1/x' } })));
      expect((await request(`${unreachable.url}/health`)).body).toMatchObject({ status: 'down', database: 'down' });
      const answer = await request(`${unreachable.url}/api/connections`);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect((await request(`${unreachable.url}/docs-json`)).status).toBe(200);
      await unreachable.close();
      console.log('left out: a database that comes back needs TEST_DATABASE_URL');
      return;
    }
    const gate = await openGate(own.url);
    const hub = await startHub(new Settings(values({ database: { url: gate.url } })));
    expect((await request(`${hub.url}/health`)).status).toBe(503);
    gate.open();
    await hub.ready;
    expect((await request(`${hub.url}/health`)).body).toMatchObject({ database: 'ok' });
    gate.shut();
    expect((await request(`${hub.url}/health`)).status).toBe(503);
    expect((await request(`${hub.url}/api/session`, 'POST', { token: 'x' })).status).toBe(503);
    gate.open();
    expect((await request(`${hub.url}/health`)).body).toMatchObject({ database: 'ok' });
    await hub.close();
    gate.close();
  });
});

/** A door in front of a database server, to be shut and opened. */
async function openGate(databaseUrl: string) {
  const upstream = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isOpen = false;
  const server: Server = createServer((socket) => {
    if (!isOpen) return void socket.destroy();
    const behind = connect(Number(upstream.port || 5432), upstream.hostname);
    for (const end of [socket, behind]) {
      sockets.add(end);
      end.on('error', () => undefined);
    }
    socket.pipe(behind).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = Object.assign(new URL(databaseUrl), { host: `127.0.0.1:${(server.address() as AddressInfo).port}` });
  const shut = () => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return { url: url.href, open: () => void (isOpen = true), shut, close: () => (shut(), server.close()) };
}
