import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChangeEvent, ConnectorError, type SyncResult, type SyncSession } from '@syncline/connector-sdk';
import type { Engine } from '../engine.js';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { createTestConnection, createTestEngine } from '../testing/test-engine.js';

const thing = (id: number): ChangeEvent => ({
  eventId: `thing-${id}`,
  version: { updatedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, id)) },
  eventType: 'thing',
  title: `Thing ${id}`,
  status: 'opened',
  project: { id: '7', path: 'acme/web' },
  occurredAt: new Date(Date.UTC(2026, 0, 1, 0, 0, id)),
  metadata: {},
});

describe('items that are set aside', () => {
  let test: TestDatabase;
  let connectionId: string;
  let names = 0;
  let sync: (session: SyncSession) => Promise<void> | Promise<SyncResult>;
  let engine: Engine;

  beforeAll(async () => {
    test = await openTestDatabase();
    engine = createTestEngine(test.database, (session) => sync(session));
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    connectionId = await createTestConnection(test.database, `connection ${names++}`);
  });

  const run = async (request: object = {}) => {
    await engine.triggers.trigger(connectionId, { trigger: 'manual', ...request });
    await engine.executor.drain(connectionId);
  };
  const runs = () =>
    test.database.query('select * from sync_run where connection_id = $1 order by queued_at', [connectionId]);
  const connection = async () =>
    (await test.database.query('select * from connection where id = $1', [connectionId]))[0];

  it('wait at least as long as the connector asks, the first time and later', async () => {
    const retryAt = new Date('2999-01-01T00:00:00.000Z');
    const error = new ConnectorError('permanent', 'archived');
    sync = (session) =>
      session.pair.commit({ setAside: ['a', 'b'].map((item) => ({ stream: 'left', item, error, retryAt })) });
    await run();
    const waits = async () => {
      const rows: { next_try_at: Date }[] = await test.database.query(
        'select next_try_at from set_aside where connection_id = $1',
        [connectionId],
      );
      return rows.map((row) => row.next_try_at);
    };
    expect(await waits()).toEqual([retryAt, retryAt]);
    await run();
    expect(await waits()).toEqual([retryAt, retryAt]);
  });

  it('let the rest go on, are told of, and leave the connection whole once they are read', async () => {
    let broken = true;
    sync = async (session) => {
      const due = await session.dueItems('things');
      if (broken) {
        await session.commit(
          'things',
          { events: [thing(1)], setAside: [{ item: 'thing-0', error: new ConnectorError('permanent', 'unreadable') }] },
          { pages: 1 },
        );
      } else if (due.includes('thing-0')) {
        await session.commit('things', { events: [thing(0)] }, undefined);
      }
    };
    await run();
    expect((await runs())[0]).toMatchObject({
      status: 'partial',
      counts: { failed: 1, stored: 1 },
      error: { message: 'thing-0 failed: unreadable' },
    });
    expect((await connection()).health_state).toBe('needs_attention');

    broken = false;
    await run();
    expect((await runs())[1]).toMatchObject({ status: 'partial', error: { message: '1 item is still set aside.' } });

    await test.database.query('update set_aside set next_try_at = now() where connection_id = $1', [connectionId]);
    await run();
    expect((await runs())[2]).toMatchObject({ status: 'succeeded' });
    expect((await connection()).health_state).toBe('ok');
  });

  it('leave the connection well once the last of them was retried by itself', async () => {
    const error = new ConnectorError('permanent', 'unreadable');
    sync = (session) => session.pair.commit({ setAside: ['1', '2'].map((item) => ({ stream: 'left', item, error })) });
    await run();
    for (const [item, state] of [
      ['1', 'needs_attention'],
      ['2', 'ok'],
    ] as const) {
      sync = async (session) => {
        const history = [{ action: 'created' as const, item: { side: 'left' as const, key: item }, reason: 'New.' }];
        await session.pair.commit({ settled: [{ stream: 'left', item }], history });
        return { fetched: 1, stored: 1 };
      };
      await run({ mode: 'wake' });
      expect((await runs()).at(-1)).toMatchObject({
        status: 'succeeded',
        error: null,
        counts: { fetched: 1, stored: 1, created: 1, failed: 0 },
      });
      expect(await connection()).toMatchObject({ health_state: state });
    }
    expect((await connection()).last_error).toBeNull();
  });

  it('are no failure where they only wait for a moment that is near, and are looked at again then', async () => {
    const error = new ConnectorError('transient', 'The answer to a creation was lost.');
    const putOff = (retryAt: Date) => (session: SyncSession) =>
      session.pair.commit({ setAside: [{ stream: 'left', item: '7', error, retryAt }] });
    await test.database.query('update connection set schedule = null where id = $1', [connectionId]);
    const soon = new Date(Date.now() + 30_000);
    sync = putOff(soon);
    await run();
    expect((await runs()).at(-1)).toMatchObject({ status: 'succeeded', error: null, counts: { failed: 0 } });
    expect(await connection()).toMatchObject({ health_state: 'ok', next_run_at: soon });

    sync = () => Promise.resolve();
    await run();
    expect((await runs()).at(-1)).toMatchObject({ status: 'succeeded' });
    expect(await connection()).toMatchObject({ health_state: 'ok', next_run_at: null });

    sync = putOff(new Date(Date.now() + 3_600_000));
    await run();
    expect((await runs()).at(-1)).toMatchObject({ status: 'partial', counts: { failed: 1 } });
    expect(await connection()).toMatchObject({ health_state: 'needs_attention', next_run_at: null });
  });

  it('are not all that is wrong where a stream failed, too', async () => {
    const error = new ConnectorError('permanent', 'unreadable');
    sync = async (session) => {
      session.failStream('things', error);
      await session.pair.commit({ setAside: [{ stream: 'left', item: '1', error }] });
    };
    await run();
    sync = (session) => session.pair.commit({ settled: [{ stream: 'left', item: '1' }] });
    await run({ mode: 'wake' });
    expect(await connection()).toMatchObject({ health_state: 'needs_attention', last_error: { kind: 'permanent' } });
  });

  it('are called items in sentences where they have nothing but a number', async () => {
    const error = new ConnectorError('permanent', 'Spam.');
    sync = async (session) => {
      await session.commit('things', { setAside: [{ item: '7', error }] }, { pages: 1 });
    };
    await run();
    expect((await runs())[0]).toMatchObject({ status: 'partial', error: { message: 'Item 7 failed: Spam.' } });
  });

  it('are not waited for once a run settles them without an event', async () => {
    const error = new ConnectorError('permanent', 'unreadable');
    sync = async (session) => {
      await session.commit('things', { setAside: [{ item: 'thing-0', error }] }, undefined);
      await session.commit('other', { settled: ['thing-0'] }, undefined);
    };
    await run();
    sync = async (session) => {
      await session.commit('things', { settled: ['thing-0'] }, undefined);
    };
    await run();
    expect(await runs()).toMatchObject([{ status: 'partial' }, { status: 'succeeded' }]);
  });

  it('do not count once nobody reads their stream any more', async () => {
    const setAside = [{ item: 'thing-0', error: new ConnectorError('permanent', 'unreadable') }];
    sync = async (session) => {
      await session.commit('things/7', { setAside }, undefined);
    };
    await run();
    sync = async (session) => {
      await session.commit('things/8', { events: [thing(1)] }, undefined);
    };
    await run();
    expect(await runs()).toMatchObject([{ status: 'partial' }, { status: 'succeeded' }]);
  });

  it('keep causes, as the log does, whose text PostgreSQL cannot hold', async () => {
    const odd = 'a title \0 cut in the middle of \ud83d';
    sync = async (session) => {
      session.log.info(odd);
      const setAside = [{ item: 'thing-0', error: new ConnectorError('permanent', odd) }];
      await session.commit('things', { setAside }, undefined);
    };
    await run();
    expect((await runs())[0]).toMatchObject({
      status: 'partial',
      error: { message: expect.stringContaining('a title') },
    });
    const lines = await test.database.query('select message from run_log where connection_id = $1', [connectionId]);
    expect(lines).toContainEqual({ message: 'a title \ufffd cut in the middle of \ufffd' });
  });
});
