import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Stored } from '@syncline/connector-sdk';
import type { DataSource, EntityManager } from 'typeorm';
import { EventStore } from '../events/event-store.js';
import { addConnection, at, event } from '../events/testing/events.js';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { noCounts } from './counts.js';
import { type Lease, Leases } from './leases.js';
import { runPage } from './run-page.js';

interface Held {
  readonly connection: { id: string; connectorId: string };
  readonly lease: Lease;
}

describe('a page of a run', () => {
  let test: TestDatabase;
  let store: EventStore;
  let leases: Leases;
  beforeAll(async () => {
    test = await openTestDatabase();
    store = new EventStore(test.database);
    leases = new Leases(test.database);
  });
  afterAll(() => test.close());

  /** The embedded database has one session, so that no transaction meets another one. */
  const isServer = (): boolean => {
    if ('url' in test.target) return true;
    process.stdout.write('One session only: the embedded database cannot hold two transactions open.\n');
    return false;
  };

  const held = async (): Promise<Held> => {
    const connection = await addConnection(test.database);
    const [run]: { id: string }[] = await test.database.query(
      `insert into sync_run (connection_id, trigger, status) values ($1, 'manual', 'running') returning id`,
      [connection.id],
    );
    const lease = await test.database.transaction((manager) =>
      leases.acquire(manager, connection.id, run?.id ?? '', 'first'),
    );
    if (lease === undefined) throw new Error('The lease of a new connection is free.');
    await test.database.query(
      `insert into set_aside (connection_id, stream, item, error, next_try_at) values ($1, 's', 'late', '{}', now())`,
      [connection.id],
    );
    return { connection, lease };
  };

  const storePage = (
    where: EntityManager | DataSource,
    { connection, lease }: Held,
    eventId = 'mr-1-7',
  ): Promise<Stored> =>
    store.apply(
      where,
      connection,
      [event({ eventId })],
      'poll',
      at(59),
      runPage({
        lease,
        stream: `s${eventId === 'mr-1-7' ? '' : eventId}`,
        size: 1,
        settled: ['late'],
        cursor: { page: 2 },
        counts: noCounts(),
        progress: undefined,
      }),
    );

  const left = async ({ connection }: Held): Promise<unknown> => {
    const [row]: unknown[] = await test.database.query(
      `select (select count(*)::int from change_event where connection_id = $1) as events,
         (select count(*)::int from change_event_transition where change_event_id not in (select id from change_event)) as strays,
         (select count(*)::int from change_event_transition where change_event_id in
           (select id from change_event where connection_id = $1)) as transitions,
         (select count(*)::int from checkpoint where connection_id = $1) as checkpoints,
         (select count(*)::int from set_aside where connection_id = $1) as waiting,
         (select coalesce(sum(n), 0)::int from change_event_count where connection_id = $1) as counted,
         (select counts->>'stored' from sync_run where connection_id = $1) as stored`,
      [connection.id],
    );
    return row;
  };
  const untouched = { events: 0, strays: 0, transitions: 0, checkpoints: 0, waiting: 1, counted: 0, stored: null };
  const stored = { events: 1, strays: 0, transitions: 1, checkpoints: 1, waiting: 0, counted: 1, stored: '1' };
  const gone = { ...untouched, waiting: 0 };

  const expire = (where: EntityManager | DataSource, { connection }: Held) =>
    where.query(`update lease set until = clock_timestamp() - interval '1 second' where connection_id = $1`, [
      connection.id,
    ]);

  const someoneWaits = async (): Promise<void> => {
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await test.database.query<unknown[]>(waiting)).length === 0) await setTimeout(5);
  };

  it('is stored with its checkpoint, counts and settled items', async () => {
    const mine = await held();
    expect(await storePage(test.database, mine)).toEqual({ created: 1, updated: 0, unchanged: 0 });
    expect(await left(mine)).toEqual(stored);
  });

  it('counts for the run together with a page of another stream that is under way', async () => {
    if (!isServer()) return;
    const mine = await held();
    let second: Promise<Stored> | undefined;
    await test.database.transaction(async (manager) => {
      await storePage(manager, mine);
      second = storePage(test.database, mine, 'mr-1-8');
      await someoneWaits();
    });
    expect(await second).toEqual({ created: 1, updated: 0, unchanged: 0 });
    expect(await left(mine)).toMatchObject({ events: 2, checkpoints: 2, stored: '2' });
  });

  it('leaves nothing behind where the lease has expired', async () => {
    const mine = await held();
    await expire(test.database, mine);
    await expect(storePage(test.database, mine)).rejects.toMatchObject({ kind: 'interrupted' });
    expect(await left(mine)).toEqual(untouched);
  });

  it('leaves nothing behind where a takeover is under way', async () => {
    if (!isServer()) return;
    const mine = await held();
    const { late } = await test.database.transaction(async (manager) => {
      await expire(manager, mine);
      await leases.acquire(manager, mine.connection.id, mine.lease.runId, 'second');
      const late = Promise.allSettled([storePage(test.database, mine)]);
      await someoneWaits();
      // In an object, as a promise alone would be waited for before the commit that it waits for.
      return { late };
    });
    expect(await late).toMatchObject([{ status: 'rejected', reason: { kind: 'interrupted' } }]);
    expect(await left(mine)).toEqual(untouched);
  });

  it('is waited for by a purge of its connection, which leaves nothing of it', async () => {
    if (!isServer()) return;
    const mine = await held();
    const { purge } = await test.database.transaction(async (manager) => {
      await storePage(manager, mine);
      const purge = Promise.allSettled([
        test.database.query('delete from connection where id = $1', [mine.connection.id]),
      ]);
      await someoneWaits();
      return { purge };
    });
    expect(await purge).toMatchObject([{ status: 'fulfilled' }]);
    expect(await left(mine)).toEqual(gone);
  });

  it('that comes while its connection is purged leaves nothing behind', async () => {
    if (!isServer()) return;
    const mine = await held();
    const { late } = await test.database.transaction(async (manager) => {
      await manager.query('delete from connection where id = $1', [mine.connection.id]);
      const late = Promise.allSettled([storePage(test.database, mine)]);
      await someoneWaits();
      return { late };
    });
    expect(await late).toMatchObject([{ status: 'rejected', reason: { kind: 'interrupted' } }]);
    expect(await left(mine)).toEqual(gone);
  });
});
