import { createServer, type Server } from 'node:http';
import { rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { thingsMetadata, writeConnectors } from '../testing/test-connectors.js';
import { type Json, startTestHub, type TestHub } from '../testing/test-hub.js';

const source = `
export const connector = {
  async check() { return { steps: [] }; },
  async sync(session, { instance }) {
    await session.http(instance).request({ method: 'GET', path: '/things' });
    return { fetched: 0, stored: 0 };
  },
};
`;

describe('a connection whose remote answers 429', () => {
  let hub: TestHub;
  let folder: string;
  let remote: Server;
  let isLimited = true;

  beforeAll(async () => {
    remote = createServer((_request, response) => {
      if (isLimited) response.writeHead(429, { 'retry-after': '300' }).end();
      else response.end('{}');
    });
    await new Promise<void>((resolve) => remote.listen(0, '127.0.0.1', resolve));
    folder = await writeConnectors({ things: { metadata: thingsMetadata, source } });
    hub = await startTestHub({ connectorDirs: [folder] });
  });
  afterAll(async () => {
    await hub.close();
    remote.close();
    await rm(folder, { recursive: true });
  });

  async function connect(name: string, limits: object): Promise<string> {
    const { port } = remote.address() as AddressInfo;
    const instance = await hub.api('POST', '/api/instances', {
      name,
      kind: 'thing-store',
      baseUrl: `http://127.0.0.1:${port}`,
      credentials: { token: `token of ${name}` },
      limits,
    });
    const config = { instance: instance.body.id };
    const made = await hub.api('POST', '/api/connections', { name, connectorId: 'things', config });
    return made.body.id;
  }

  async function when(id: string, holds: (connection: Json) => boolean): Promise<Json> {
    for (;;) {
      const { body } = await hub.api('GET', `/api/connections/${id}`);
      if (holds(body)) return body;
      await wait(50);
    }
  }

  const runsOf = async (id: string) => (await hub.api('GET', `/api/runs?connectionId=${id}`)).body.items;

  it('says so while its run waits, and until when', async () => {
    const id = await connect('patient', { maxBackoffMinutes: 60 });
    const { health } = await when(id, (connection) => connection.health.error !== undefined);
    expect((await runsOf(id))[0].status).toBe('running');
    expect(health).toMatchObject({ state: 'new', error: { kind: 'rate_limit', hint: expect.any(String) } });
    const seconds = (Date.parse(health.error.retryAt) - Date.now()) / 1_000;
    expect(seconds).toBeGreaterThan(250);
    expect(seconds).toBeLessThan(310);
    expect(health.error.message).toContain(health.error.retryAt);
    const listed = (await hub.api('GET', '/api/connections?q=patient')).body.items[0];
    expect(listed.health.error).toEqual(health.error);
  });

  it('says so where its run ended because the wait is too long, until it runs again', async () => {
    const id = await connect('hasty', { maxBackoffMinutes: 1 });
    const { health, nextRunAt } = await when(id, (connection) => connection.health.lastRunId !== undefined);
    expect((await runsOf(id))[0]).toMatchObject({ status: 'failed', error: { kind: 'rate_limit' } });
    expect(health).toMatchObject({ error: { kind: 'rate_limit', retryAt: nextRunAt } });
    expect(Date.parse(nextRunAt)).toBeGreaterThan(Date.now() + 250_000);
  });

  it('is well without an error where nothing blocks it', async () => {
    isLimited = false;
    const id = await connect('lucky', {});
    const { health } = await when(id, (connection) => connection.health.state === 'ok');
    expect(health.error).toBeUndefined();
  });
});
