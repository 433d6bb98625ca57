import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import type { DataSource } from 'typeorm';
import { Settings } from '../config/settings.js';
import { ConnectionSource } from '../connections/connection-source.js';
import { openDatabase } from '../database/data-source.js';
import { createHub, type RunningHub } from '../hub.js';
import { KeyCheck } from '../secrets/key-check.js';
import { keepNextKey, loadSecretKeys } from '../secrets/key-files.js';
import { writePrivateFile } from '../secrets/private-file.js';
import { reseal } from '../secrets/rotation.js';
import { SecretBox } from '../secrets/secret-box.js';
import { thingsMetadata, thingsSource, writeConnectors } from '../testing/test-connectors.js';
import { createTestTarget } from '../testing/test-database.js';
import { request } from '../testing/test-hub.js';
import { registerCommands } from './commands.js';

const TOKEN = 'store-token-0123456789-f3a9';
const SECRET = 'webhook-secret-0123456789-beef';

// Hubs start and stop here by the dozen.
jest.setTimeout(600_000);

describe('the command line', () => {
  let folder: string;
  let connectors: string;
  let target: Awaited<ReturnType<typeof createTestTarget>> | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syncline-cli-'));
    // The files of an embedded hub are what this is about; a copied database saves the seconds that making one takes.
    if (process.env['TEST_DATABASE_URL'] === undefined) {
      target = await createTestTarget();
      writePrivateFile(join(folder, 'secret-key'), randomBytes(32).toString('hex'));
    }
    connectors = await writeConnectors({ things: { metadata: thingsMetadata, source: thingsSource } });
  });
  afterEach(async () => {
    await target?.remove();
    await rm(folder, { recursive: true });
    await rm(connectors, { recursive: true });
  });

  const settings = (changes: object = {}) =>
    new Settings({
      port: 0,
      dataDir: folder,
      logLevel: 'silent',
      connectorDirs: [connectors],
      ...(target ? { database: target.target } : {}),
      ...changes,
    });
  const run = async (...args: string[]): Promise<string> => {
    const lines: string[] = [];
    const program = new Command('hub').exitOverride();
    registerCommands(
      program,
      () => settings(),
      (line) => lines.push(line),
    );
    await program.parseAsync(args, { from: 'user' });
    return lines.join('\n');
  };
  const api = (hub: RunningHub, method: string, path: string, body?: unknown) =>
    request(hub.url + path, method, body, { authorization: `Bearer ${hub.adminToken}` });
  const makeSecrets = async (): Promise<string> => {
    const hub = await createHub(settings());
    const instance = await api(hub, 'POST', '/api/instances', {
      name: 'Store',
      kind: 'thing-store',
      credentials: { token: TOKEN },
      proxyUrl: 'http://me:pass-1234@127.0.0.1:9',
    });
    const connection = await api(hub, 'POST', '/api/connections', {
      name: 'Things',
      connectorId: 'things',
      schedule: null,
      config: { instance: instance.body.id, nested: { key: SECRET } },
    });
    await hub.close();
    return connection.body.id;
  };
  const expectReadable = async (connectionId: string): Promise<void> => {
    const hub = await createHub(settings());
    const { config } = await hub.app.get(ConnectionSource).resolve(connectionId);
    expect(config).toMatchObject({
      instance: { credentials: { token: TOKEN }, proxyUrl: 'http://me:pass-1234@127.0.0.1:9' },
      nested: { key: SECRET },
    });
    await hub.close();
  };
  const keyFile = () => readFile(join(folder, 'secret-key'), 'utf8');

  it('rotates the key: everything stored opens with the new one only', async () => {
    const connectionId = await makeSecrets();
    const before = await keyFile();
    expect(await run('rotate-key')).toMatch(/^3 secrets are sealed with the new key/);
    expect(await keyFile()).not.toBe(before);
    const database = await openDatabase(settings().database);
    const sealed = JSON.stringify(await database.query('select credentials, proxy_url from instance'));
    await database.destroy();
    expect(sealed).toContain(new SecretBox(loadSecretKeys(settings())).currentKeyId);
    await expectReadable(connectionId);
  });

  it('starts with whichever key counts after a rotation that was interrupted', async () => {
    const connectionId = await makeSecrets();
    const before = await keyFile();
    const next = randomBytes(32);
    // Killed before anything was sealed: the old key stays.
    keepNextKey(folder, next);
    await expectReadable(connectionId);
    expect(await keyFile()).toBe(before);
    // Killed after everything was sealed: the new key counts.
    keepNextKey(folder, next);
    const database: DataSource = await openDatabase(settings().database);
    const from = new SecretBox(loadSecretKeys(settings()));
    await new KeyCheck(database, settings({ secretKey: Buffer.alloc(32) }), from).run();
    await reseal(database, from, new SecretBox([next]));
    await database.destroy();
    await expectReadable(connectionId);
    expect(await keyFile()).toBe(`${next.toString('hex')}\n`);
  });

  it('makes, lists and revokes tokens, through the hub while it runs', async () => {
    const hub = await createHub(settings());
    const token = await run('create-token', 'ci');
    const authorization = `Bearer ${token}`;
    expect((await request(`${hub.url}/api/connections`, 'GET', undefined, { authorization })).status).toBe(200);
    await expect(run('create-token', 'ci')).rejects.toThrow('There is a token named "ci" already.');
    await expect(run('rotate-key')).rejects.toThrow(/Another hub .+ Stop it first/);
    expect(await run('status')).toContain(`answers at ${hub.url}`);
    await hub.close();
    expect(await run('list-tokens')).toMatch(/^admin\t.+\nci\tmade .+used /);
    expect(await run('revoke-token', 'ci')).toContain('revoked');
    expect(await run('create-token', 'offline')).toMatch(/^syncline_/);
    await expect(run('revoke-token', 'nobody')).rejects.toThrow('There is no token named "nobody".');
    await expect(run('revoke-token', 'admin')).rejects.toThrow(/SYNCLINE_ADMIN_TOKEN/);
    expect(await run('status')).toContain('No hub uses the data folder');
  });
});
