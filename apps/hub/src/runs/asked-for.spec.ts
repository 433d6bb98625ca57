import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ConnectorError, type SyncSession } from '@syncline/connector-sdk';
import type { Engine } from '../engine.js';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { createTestConnection, createTestEngine } from '../testing/test-engine.js';

const noSuchRef = new ConnectorError('permanent', 'GitLab has no branch or tag x.', { path: '/params/ref' });

describe('a run with parameters of its own', () => {
  let test: TestDatabase;
  let connectionId: string;
  let names = 0;
  let sync: (session: SyncSession) => Promise<void>;
  let engine: Engine;

  beforeAll(async () => {
    test = await openTestDatabase();
    engine = createTestEngine(test.database, (session) => sync(session));
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    connectionId = await createTestConnection(test.database, `connection ${names++}`);
    sync = () => Promise.resolve();
    await run();
  });

  const run = async (params: object = {}) => {
    const { runId } = await engine.triggers.trigger(connectionId, { trigger: 'manual', params: { ...params } });
    await engine.executor.drain(connectionId);
    return (await test.database.query('select * from sync_run where id = $1', [runId]))[0];
  };
  const connection = async () =>
    (await test.database.query('select * from connection where id = $1', [connectionId]))[0];

  it('that cannot be followed fails alone: the connection is as well as before, and runs by its schedule', async () => {
    const before = await connection();
    expect(before.health_state).toBe('ok');
    sync = () => Promise.reject(noSuchRef);
    expect(await run({ ref: 'x' })).toMatchObject({ status: 'failed', error: { message: noSuchRef.message } });
    const { health_state, health_since, failures, last_error, last_success_at, next_run_at } = before;
    const same = { health_state, health_since, failures, last_error, last_success_at, next_run_at };
    expect(await connection()).toMatchObject(same);
  });

  it('that cannot be followed leaves what webhooks named to the next run', async () => {
    await test.database.query(
      `insert into webhook_delivery (connection_id, event, dedup_key, state, wakes) values ($1, 'Hook', 'a', 'pending', '[]')`,
      [connectionId],
    );
    const deliveries = () =>
      test.database.query('select state, attempts, error from webhook_delivery where connection_id = $1', [
        connectionId,
      ]);
    sync = () => Promise.reject(noSuchRef);
    await run({ ref: 'x' });
    expect(await deliveries()).toEqual([{ state: 'pending', attempts: 0, error: null }]);
    sync = () => Promise.resolve();
    await engine.triggers.followDeliveries([connectionId]);
    await engine.executor.drain(connectionId);
    expect(await deliveries()).toMatchObject([{ state: 'done' }]);
  });

  it('that finds the connection itself at fault says so', async () => {
    sync = () => Promise.reject(new ConnectorError('auth', 'The token was refused.'));
    await run({ ref: 'x' });
    expect(await connection()).toMatchObject({ health_state: 'needs_attention', last_error: { kind: 'auth' } });
  });
});
