import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { Settings, type SettingsValues } from '../config/settings.js';
import { createHub, type RunningHub } from '../hub.js';
import { writePrivateFile } from '../secrets/private-file.js';
import { answersOf, pairMetadata, pairSource, startTestStore, type TestStore } from '../testing/pair-connector.js';
import { writeConnectors } from '../testing/test-connectors.js';
import { createTestTarget } from '../testing/test-database.js';
import { type Json, request, type TestHub } from '../testing/test-hub.js';
import { registerCommands } from './commands.js';

jest.setTimeout(600_000);

describe('hub repair-links', () => {
  let folder: string;
  let connectors: string;
  let target: Awaited<ReturnType<typeof createTestTarget>>;
  let store: TestStore;
  let hub: RunningHub;
  let values: Partial<SettingsValues>;
  let connectionId: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syncline-repair-'));
    target = await createTestTarget();
    writePrivateFile(join(folder, 'secret-key'), randomBytes(32).toString('hex'));
    store = await startTestStore({ '/script': [] });
    const pairs = { ...pairMetadata, instanceKinds: pairMetadata.instanceKinds.slice(0, 1) };
    connectors = await writeConnectors({ pairs: { metadata: pairs, source: pairSource } });
    values = {
      port: 0,
      dataDir: folder,
      database: target.target,
      secretKey: 'url' in target.target ? randomBytes(32) : undefined,
      adminToken: randomBytes(32).toString('hex'),
      logLevel: 'silent',
      connectorDirs: [connectors],
    };
    hub = await createHub(values);
    const instance = async (name: string) =>
      (
        await api('POST', '/api/instances', {
          name,
          kind: 'pair-store',
          baseUrl: store.url,
          credentials: { token: 'x' },
        })
      ).body.id;
    const [source, there] = [await instance('Here'), await instance('There')];
    const config = { source: { instance: source, project: '1' }, target: { instance: there, project: '2' } };
    const made = await api('POST', '/api/connections', {
      name: 'Web pair',
      connectorId: 'pairs',
      schedule: null,
      config,
    });
    connectionId = made.body.id;
  });
  afterAll(async () => {
    await hub.close();
    await store.close();
    await target.remove();
    await rm(folder, { recursive: true });
    await rm(connectors, { recursive: true });
  });
  beforeEach(() => {
    store.answers.set('/script', []);
  });

  const api = (method: string, path: string, body?: unknown) =>
    request(hub.url + path, method, body, { authorization: `Bearer ${hub.adminToken}` });
  const command = async (connection: string, changes: Partial<SettingsValues> = {}): Promise<string[]> => {
    const lines: string[] = [];
    const program = new Command('hub').exitOverride();
    registerCommands(
      program,
      () => new Settings({ ...values, ...changes }),
      (line) => lines.push(line),
    );
    await program.parseAsync(['repair-links', connection], { from: 'user' });
    return lines;
  };
  const lastRun = async (): Promise<Json> => (await api('GET', `/api/runs?connectionId=${connectionId}`)).body.items[0];

  it('has the hub find the pairs again by their markers, and tells what came of it', async () => {
    store.answers.set('/script', [['pair.commit', { fetched: 12 }]]);
    const [first, done, ...more] = await command('Web pair');
    const run = await lastRun();
    expect(first).toBe(`The run ${run.id} finds the pairs of "Web pair" again by their markers.`);
    expect(done).toBe('Done: 12 items read, 0 new, 0 changed, 0 set aside.');
    expect(more).toEqual([]);
    expect(run).toMatchObject({ mode: 'full', trigger: 'manual' });
    const seen = await answersOf({ api } as TestHub, run.id as string);
    expect(seen['request']).toMatchObject({ kind: 'sync', mode: 'full', params: { repairLinks: true } });
    const { body } = await api('GET', '/api/audit?subjectKind=connection&limit=1');
    expect(body.items).toMatchObject([{ action: 'connection.repair_links', data: { runId: run.id } }]);
  });

  it('takes the id of the connection as well', async () => {
    expect((await command(connectionId))[1]).toMatch(/^Done: /);
  });

  it('says why it failed', async () => {
    store.answers.delete('/script');
    await expect(command('Web pair')).rejects.toThrow('The run ended failed. The store answered 404.');
    await expect(command('No pair')).rejects.toThrow('There is no connection with the name or id "No pair".');
    await api('PATCH', `/api/connections/${connectionId}`, { enabled: false });
    await expect(command('Web pair')).rejects.toThrow('The connection is paused. Enable it to run it.');
    await api('PATCH', `/api/connections/${connectionId}`, { enabled: true });
  });

  it('needs a hub that runs', async () => {
    const other = await mkdtemp(join(tmpdir(), 'syncline-repair-'));
    await expect(command('Web pair', { dataDir: other, database: { dataDir: other } })).rejects.toThrow(
      /^No hub uses the data folder .* Start it first/,
    );
    await rm(other, { recursive: true });
  });
});
