import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { describeWithPostgres } from '../../../../test/support/capabilities.js';
import type { AzureEnvironment } from '../config/azure-environment.js';
import { writeCodeConnector } from '../testing/code-connector.js';
import { thingsMetadata, thingsSource, writeConnectors } from '../testing/test-connectors.js';
import { createTestTarget } from '../testing/test-database.js';
import { type Json, startTestHub, type TestHub } from '../testing/test-hub.js';

const azure: AzureEnvironment = {
  gitLab: { baseUrl: 'https://gitlab.example', token: 'gitlab-token-1' },
  gitLabProject: '4711',
  webhookSecret: 'hook-secret-1',
  azure: { baseUrl: 'https://azure.example/acme', token: 'azure-token-1' },
  azureProject: 'Web',
  azureRepository: 'web',
};

const adminToken = randomBytes(32).toString('hex');
let folder: string;
let others: string;
let place: Awaited<ReturnType<typeof createTestTarget>>;
let secretKey: Buffer;
beforeAll(async () => {
  folder = await writeCodeConnector();
  others = await writeConnectors({ things: { metadata: thingsMetadata, source: thingsSource } });
});
beforeEach(async () => {
  place = await createTestTarget();
  secretKey = randomBytes(32);
});
afterEach(() => place.remove());
afterAll(async () => {
  for (const written of [folder, others]) await rm(written, { recursive: true });
});

/** One start of the hub on the database of this test. */
const start = (environment: AzureEnvironment | undefined, connectorDirs = [folder], more = {}): Promise<TestHub> =>
  startTestHub({ database: place.target, secretKey, adminToken, azure: environment, connectorDirs, ...more });

async function during<T>(hub: Promise<TestHub>, work: (hub: TestHub) => Promise<T>): Promise<T> {
  const started = await hub;
  try {
    return await work(started);
  } finally {
    await started.close();
  }
}

interface Shown {
  readonly connections: readonly Json[];
  readonly instances: readonly Json[];
}

/** Without what runs write beside us. */
async function shown(hub: TestHub): Promise<Shown> {
  const connections = await hub.api('GET', '/api/connections');
  const instances = await hub.api('GET', '/api/instances');
  const settled = ({ health: _health, nextRunAt: _next, updatedAt: _updated, ...rest }: Json): Json => rest;
  return { connections: connections.body.items.map(settled), instances: instances.body.items };
}

describe('the connection of the environment', () => {
  it('is made at the first start, with its instances and every secret encrypted, and runs', async () => {
    await during(start(azure), async (hub) => {
      const { connections, instances } = await shown(hub);
      const [connection] = connections;
      expect(connections).toHaveLength(1);
      expect(connection).toMatchObject({
        name: 'env',
        connectorId: 'azure-devops',
        enabled: true,
        schedule: { intervalMinutes: 10 },
        config: {
          webhookSecret: { set: true },
          gitlab: { project: '4711' },
          azure: { project: 'Web', repository: 'web' },
        },
      });
      expect(instances).toMatchObject([
        { name: 'env Azure DevOps', kind: 'azure-devops', baseUrl: 'https://azure.example/acme' },
        { name: 'env GitLab', kind: 'gitlab', baseUrl: 'https://gitlab.example' },
      ]);
      expect(connection.config.gitlab.instance).toBe(instances[1].id);
      expect(connection.config.azure.instance).toBe(instances[0].id);
      const runs = await hub.api('GET', `/api/runs?connectionId=${connection.id}`);
      expect(runs.body.items).toMatchObject([{ trigger: 'startup' }]);
      const rows: unknown[] = await hub.hub.app
        .get(DataSource)
        .query(
          'select to_jsonb(c) from connection c union all select to_jsonb(i) from instance i union all select to_jsonb(a) from audit_log a',
        );
      expect(JSON.stringify(rows)).not.toMatch(/token-1|secret-1/);
    });
  });

  it('stays what it is at the next start, with what its owner changed meanwhile', async () => {
    const before = await during(start(azure), async (hub) => {
      const { connections, instances } = await shown(hub);
      const change = { name: 'Web to Azure', enabled: false, schedule: null, config: { branches: ['main'] } };
      await hub.api('PATCH', `/api/connections/${connections[0].id}`, change);
      await hub.api('PATCH', `/api/instances/${instances[1].id}`, { name: 'Our GitLab' });
      return shown(hub);
    });
    const after = await during(start(azure), shown);
    expect(after).toEqual(before);
    expect(await during(start(undefined), shown)).toEqual(before);
  });

  it('follows its variables, in place', async () => {
    const before = await during(start(azure), shown);
    const { webhookSecret: _, ...withoutSecret } = azure;
    const moved: AzureEnvironment = {
      ...withoutSecret,
      gitLab: { baseUrl: 'https://gitlab.example/new', token: 'gitlab-token-2222' },
      azureRepository: 'web-2',
    };
    const after = await during(start(moved), shown);
    expect(after.connections).toHaveLength(1);
    expect(after.connections[0]).toMatchObject({
      id: before.connections[0].id,
      config: { azure: { repository: 'web-2' }, gitlab: before.connections[0].config.gitlab },
    });
    expect(after.connections[0].config).not.toHaveProperty('webhookSecret');
    expect(after.instances[0]).toEqual(before.instances[0]);
    expect(after.instances[1]).toMatchObject({
      id: before.instances[1].id,
      baseUrl: 'https://gitlab.example/new',
      credentials: { token: { hint: expect.stringContaining('2222') } },
    });
  });

  it('keeps a webhook secret that did not come from the environment', async () => {
    const { webhookSecret: _, ...withoutSecret } = azure;
    await during(start(withoutSecret), async (hub) => {
      const { connections } = await shown(hub);
      await hub.api('PATCH', `/api/connections/${connections[0].id}`, { config: { webhookSecret: 'by-hand' } });
    });
    const { connections } = await during(start(withoutSecret), shown);
    expect(connections[0].config.webhookSecret).toMatchObject({ set: true });
  });

  it('is made anew where it was deleted, and where a start was killed before it noted what it had made', async () => {
    const first = await during(start(azure), async (hub) => {
      const before = await shown(hub);
      await hub.api('DELETE', `/api/connections/${before.connections[0].id}`);
      return before;
    });
    const second = await during(start(azure), async (hub) => {
      const now = await shown(hub);
      await hub.hub.app.get(DataSource).query(`delete from hub_setting where key = 'azure_environment'`);
      return now;
    });
    expect(second.connections).toHaveLength(1);
    expect(second.connections[0].id).not.toBe(first.connections[0].id);
    expect(second.instances).toEqual(first.instances);
    expect(await during(start(azure), shown)).toEqual(second);
  });

  it('does no harm where its connector is absent or its config is refused', async () => {
    expect(await during(start(azure, []), shown)).toEqual({ connections: [], instances: [] });
    expect((await during(start({ ...azure, azureProject: '' }), shown)).connections).toEqual([]);
    const made = await during(start(azure), shown);
    expect(made.connections).toHaveLength(1);
    const gone = await during(start(azure, []), shown);
    expect(gone.connections).toMatchObject([{ id: made.connections[0].id, name: 'env' }]);
  });

  it('leaves a connection of another connector alone that has its name', async () => {
    const before = await during(start(undefined, [others]), async (hub) => {
      const store = { name: 'Store', kind: 'thing-store', credentials: { token: 'thing-token-1' } };
      const { body } = await hub.api('POST', '/api/instances', store);
      const thing = { name: 'env', connectorId: 'things', schedule: null, config: { instance: body.id } };
      expect((await hub.api('POST', '/api/connections', thing)).status).toBe(201);
      return shown(hub);
    });
    const after = await during(start(azure, [others, folder]), shown);
    expect(after.connections).toEqual(before.connections);
  });
});

describeWithPostgres('several hubs that start at once on one database', () => {
  it('make one connection of the environment', async () => {
    const logFile = join(others, 'several.log');
    const options = { logFile, logLevel: 'error' as const };
    const hubs = await Promise.all([1, 2, 3].map(() => start(azure, [folder], options)));
    try {
      for (const hub of hubs) {
        const { connections, instances } = await shown(hub);
        expect(connections).toHaveLength(1);
        expect(instances).toHaveLength(2);
      }
    } finally {
      for (const hub of hubs) await hub.close();
    }
    // Nobody met another one's half.
    expect(await readFile(logFile, 'utf8').catch(() => '')).not.toContain('is not kept');
  });
});
