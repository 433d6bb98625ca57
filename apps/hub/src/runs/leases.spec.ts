import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { type Lease, Leases } from './leases.js';

let test: TestDatabase;
let leases: Leases;
beforeAll(async () => {
  test = await openTestDatabase();
  leases = new Leases(test.database);
});
afterAll(() => test.close());

/** The embedded database has one session, so that no transaction meets another one. */
function isServer(): boolean {
  if ('url' in test.target) return true;
  process.stdout.write('One session only: the embedded database cannot hold two transactions open.\n');
  return false;
}

async function leased(): Promise<{ lease: Lease; connectionId: string }> {
  const [row]: { id: string }[] = await test.database.query(
    `insert into connection (name, connector_id, config) values ($1, 'test', '{}') returning id`,
    [randomUUID()],
  );
  const connectionId = row?.id ?? '';
  const runId = await queued(connectionId);
  const lease = await test.database.transaction((manager) => leases.acquire(manager, connectionId, runId, 'first'));
  if (lease === undefined) throw new Error('The lease of a new connection is free.');
  return { lease, connectionId };
}

async function queued(connectionId: string): Promise<string> {
  const [run]: { id: string }[] = await test.database.query(
    `insert into sync_run (connection_id, kind, trigger, mode) values ($1, 'sync', 'manual', 'incremental')
     on conflict do nothing returning id`,
    [connectionId],
  );
  return run?.id ?? randomUUID();
}

const expire = (connectionId: string) =>
  test.database.query(`update lease set until = clock_timestamp() - interval '1 second' where connection_id = $1`, [
    connectionId,
  ]);

describe('a lease', () => {
  it('is extended while a commit is under way', async () => {
    if (!isServer()) return;
    const { lease } = await leased();
    const extended = await test.database.transaction(async (manager) => {
      await leases.fence(manager, lease);
      // Would wait for this very transaction, if the fence kept it out.
      return leases.extend(lease);
    });
    expect(extended).toEqual({ held: true, cancelRequested: false });
  });

  it('is taken over only after a commit that has passed its fence', async () => {
    if (!isServer()) return;
    const { lease, connectionId } = await leased();
    const order: string[] = [];
    let successor: Promise<void> | undefined;
    await test.database.transaction(async (manager) => {
      await leases.fence(manager, lease);
      await expire(connectionId);
      successor = test.database.transaction(async (other) => {
        const taken = await leases.acquire(other, connectionId, randomUUID(), 'second');
        order.push(taken === undefined ? 'refused' : 'taken over');
      });
      // It waits for a lock by now, or it would have finished long before.
      await waitingForLock(connectionId);
      order.push('committed');
    });
    await successor;
    expect(order).toEqual(['committed', 'taken over']);
    await expect(test.database.transaction((manager) => leases.fence(manager, lease))).rejects.toMatchObject({
      kind: 'interrupted',
    });
  });

  it('that is held is refused at once, also while a commit is under way', async () => {
    if (!isServer()) return;
    const { lease, connectionId } = await leased();
    const taken = await test.database.transaction(async (manager) => {
      await leases.fence(manager, lease);
      return test.database.transaction((other) => leases.acquire(other, connectionId, randomUUID(), 'second'));
    });
    expect(taken).toBeUndefined();
  });
});

async function waitingForLock(connectionId: string): Promise<void> {
  for (;;) {
    const rows: unknown[] = await test.database.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
    const free: unknown[] = await test.database.query(
      `select 1 from lease where connection_id = $1 and worker = 'second'`,
      [connectionId],
    );
    if (free.length > 0) return;
  }
}
