import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChangeEvent, ConnectorError, type JsonObject, type SyncSession } from '@syncline/connector-sdk';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import type { Engine } from '../engine.js';
import { createTestConnection, createTestEngine } from '../testing/test-engine.js';

const thing = (id: number, status = 'opened'): ChangeEvent => ({
  eventId: `thing-${id}`,
  version: { updatedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, id)) },
  eventType: 'thing',
  title: `Thing ${id}`,
  status,
  project: { id: '7', path: 'acme/web' },
  occurredAt: new Date(Date.UTC(2026, 0, 1, 0, 0, id)),
  metadata: {},
});

/** Three pages of two, resumable: the cursor is the number of pages read. */
async function threePages(
  session: SyncSession,
  betweenPages: (page: number) => Promise<void> = async () => {},
): Promise<void> {
  const cursor = await session.checkpoint('things');
  for (let page = Number(cursor?.['pages'] ?? 0); page < 3; page++) {
    await session.commit('things', { events: [thing(page * 2), thing(page * 2 + 1)] }, { pages: page + 1 });
    await betweenPages(page);
  }
}

describe('the run engine', () => {
  let test: TestDatabase;
  let connectionId: string;
  let names = 0;
  let sync: (session: SyncSession) => Promise<void>;
  let engine: Engine;
  let other: Engine;

  beforeAll(async () => {
    test = await openTestDatabase();
    engine = createTestEngine(test.database, (session) => sync(session));
    other = createTestEngine(test.database, (session) => sync(session));
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    sync = threePages;
    connectionId = await createTestConnection(test.database, `connection ${names++}`);
  });

  const runs = () =>
    test.database.query('select * from sync_run where connection_id = $1 order by queued_at', [connectionId]);
  const connection = async () =>
    (await test.database.query('select * from connection where id = $1', [connectionId]))[0];
  const eventIds = async () =>
    (
      await test.database.query('select event_id from change_event where connection_id = $1 order by 1', [connectionId])
    ).map((row: { event_id: string }) => row.event_id);
  const allSix = [0, 1, 2, 3, 4, 5].map((id) => `thing-${id}`);
  const addDelivery = (key: string) =>
    test.database.query(
      `insert into webhook_delivery (connection_id, event, dedup_key, state, wakes) values ($1, 'Hook', $2, 'pending', $3)`,
      [connectionId, key, JSON.stringify([{ stream: 'things', scope: '7', item: '1' }])],
    );
  /** As if the holder had been silent for longer than its lease. */
  const expireLease = () =>
    test.database.query(`update lease set until = clock_timestamp() - interval '1 second' where connection_id = $1`, [
      connectionId,
    ]);

  it('stores what a run commits and counts the next run from its end', async () => {
    await engine.triggers.trigger(connectionId, { trigger: 'manual' });
    await engine.executor.drain(connectionId);
    const [run] = await runs();
    expect(run).toMatchObject({
      status: 'succeeded',
      error: null,
      counts: { fetched: 6, stored: 6, created: 6, failed: 0 },
    });
    expect(await eventIds()).toEqual(allSix);
    const { next_run_at, health_state, last_success_at } = await connection();
    expect(health_state).toBe('ok');
    expect(next_run_at.getTime() - run.finished_at.getTime()).toBeGreaterThanOrEqual(10 * 60_000 - 2_000);
    expect(last_success_at).not.toBeNull();
  });

  it('stores nothing more on a second run', async () => {
    for (let time = 0; time < 2; time++) {
      await test.database.query('delete from checkpoint where connection_id = $1', [connectionId]);
      await engine.triggers.trigger(connectionId, { trigger: 'manual' });
      await engine.executor.drain(connectionId);
    }
    expect((await runs())[1]).toMatchObject({ counts: { fetched: 6, stored: 0, skipped: 6 } });
  });

  it('counts what streams commit at the same time', async () => {
    sync = async (session) => {
      const pages = Array.from({ length: 20 }, (_, page) => page);
      await Promise.all(pages.map((page) => session.commit(`stream ${page}`, { events: [thing(page)] }, { page })));
    };
    await engine.triggers.trigger(connectionId, { trigger: 'manual' });
    await engine.executor.drain(connectionId);
    expect((await runs())[0]).toMatchObject({ counts: { fetched: 20, stored: 20, created: 20 } });
  });

  it('makes one follow-up of every trigger during a run', async () => {
    const during: { runId: string; coalesced: boolean }[] = [];
    sync = (session) =>
      threePages(session, async (page) => {
        if (during.length < 3)
          during.push(
            await engine.triggers.trigger(connectionId, {
              trigger: 'manual',
              mode: page === 1 ? 'full' : 'incremental',
            }),
          );
      });
    const first = await engine.triggers.trigger(connectionId, { trigger: 'manual' });
    expect(first.coalesced).toBe(false);
    await engine.executor.drain(connectionId);
    expect(during.map((answer) => answer.coalesced)).toEqual([true, true, true]);
    expect(new Set(during.map((answer) => answer.runId)).size).toBe(1);
    expect((await runs()).map((run: { status: string; mode: string }) => [run.status, run.mode])).toEqual([
      ['succeeded', 'incremental'],
      ['succeeded', 'full'],
    ]);
  });

  it('runs for each asker who wants something else, in their order, and once for those who want the same', async () => {
    const asked: unknown[] = [];
    sync = (session) => {
      asked.push(session.request.params);
      return threePages(session);
    };
    const ask = (params: JsonObject) => engine.triggers.trigger(connectionId, { trigger: 'manual', params });
    const first = await ask({ ref: 'main', branch: 'a', message: 'one' });
    const second = await ask({ ref: 'topic', branch: 'b' });
    const again = await ask({ message: 'one', branch: 'a', ref: 'main' });
    expect([second.coalesced, again]).toEqual([false, { runId: first.runId, coalesced: true }]);
    await engine.triggers.trigger(connectionId, { trigger: 'startup' });
    await engine.executor.drain(connectionId);
    expect(asked).toEqual([{ ref: 'main', branch: 'a', message: 'one' }, { ref: 'topic', branch: 'b' }, {}]);
  });

  it('lets so many wait and no more', async () => {
    const ask = (ref: number) => engine.triggers.trigger(connectionId, { trigger: 'manual', params: { ref } });
    for (let ref = 0; ref < 50; ref += 1) await ask(ref);
    await expect(ask(50)).rejects.toMatchObject({ detail: expect.stringContaining('50 runs') });
    expect((await ask(7)).coalesced).toBe(true);
    expect((await engine.triggers.trigger(connectionId, { trigger: 'schedule' })).coalesced).toBe(false);
  });

  it('never runs one connection in two processes at once', async () => {
    let running = 0;
    let most = 0;
    sync = async (session) => {
      most = Math.max(most, ++running);
      await threePages(session);
      running--;
    };
    for (let round = 0; round < 5; round++) {
      await engine.triggers.trigger(connectionId, { trigger: 'manual' });
      await Promise.all([engine.executor.drain(connectionId), other.executor.drain(connectionId)]);
    }
    expect(most).toBe(1);
    expect((await runs()).filter((run: { status: string }) => run.status === 'succeeded')).toHaveLength(5);
  });

  it('refuses the commit of a holder that was silent too long, and its successor loses nothing', async () => {
    let late: unknown;
    sync = (session) =>
      threePages(session, async (page) => {
        if (page !== 0 || late !== undefined) return;
        late = 'pending';
        await expireLease();
        await other.scheduler.tick();
        await session.commit('things', { events: [thing(99)] }, { pages: 3 }).catch((error: unknown) => {
          late = error;
          throw error;
        });
      });
    await engine.triggers.trigger(connectionId, { trigger: 'manual' });
    await engine.executor.drain(connectionId);
    await other.executor.drain(connectionId);
    expect(late).toMatchObject({ kind: 'interrupted' });
    expect(
      (await runs()).map((run: { status: string; trigger: string; error: { kind: string } | null }) => [
        run.status,
        run.trigger,
        run.error?.kind,
      ]),
    ).toEqual([
      ['failed', 'manual', 'interrupted'],
      ['succeeded', 'takeover', undefined],
    ]);
    expect(await eventIds()).toEqual(allSix);
  });

  it('stops at the next page when it is cancelled, and keeps what was committed', async () => {
    sync = (session) =>
      threePages(session, async (page) => {
        if (page === 0) engine.executor.cancel((await runs())[0].id);
      });
    await engine.triggers.trigger(connectionId, { trigger: 'manual' });
    await engine.executor.drain(connectionId);
    expect(await runs()).toMatchObject([{ status: 'cancelled', error: null }]);
    expect(await eventIds()).toEqual(['thing-0', 'thing-1']);
    expect((await connection()).next_run_at).not.toBeNull();
  });

  it('leaves a successor when the process is told to stop, which continues after the last page', async () => {
    const stopping = createTestEngine(test.database, (session) => sync(session));
    let stopped: Promise<void> | undefined;
    sync = (session) =>
      threePages(session, async () => {
        stopped ??= stopping.executor.stopAll();
      });
    await stopping.triggers.trigger(connectionId, { trigger: 'manual' });
    await stopping.executor.drain(connectionId);
    await stopped;
    sync = threePages;
    await engine.executor.drain(connectionId);
    expect(await runs()).toMatchObject([
      { status: 'failed', error: { kind: 'interrupted' }, counts: { fetched: 2 } },
      { status: 'succeeded', trigger: 'takeover', counts: { fetched: 4 } },
    ]);
    expect(await eventIds()).toEqual(allSix);
  });

  it('stops a connection whose token is refused until somebody fixes it, hooks or not', async () => {
    sync = () =>
      Promise.reject(new ConnectorError('auth', 'The token was refused.', { hint: 'Make one with read_api.' }));
    await engine.triggers.trigger(connectionId, { trigger: 'schedule' });
    await engine.executor.drain(connectionId);
    expect(await connection()).toMatchObject({
      health_state: 'needs_attention',
      next_run_at: null,
      last_error: { kind: 'auth', hint: 'Make one with read_api.' },
    });
    await addDelivery('a');
    await engine.triggers.followDeliveries([connectionId]);
    await engine.scheduler.tick();
    expect(await runs()).toHaveLength(1);

    sync = threePages;
    await engine.triggers.resume([connectionId]);
    await engine.executor.drain(connectionId);
    expect(await connection()).toMatchObject({ health_state: 'ok', last_error: null });
  });

  it('waits as long as a remote asks', async () => {
    const retryAt = new Date(Date.now() + 3_600_000);
    sync = () => Promise.reject(new ConnectorError('rate_limit', 'Too many requests.', { retryAt }));
    await engine.triggers.trigger(connectionId, { trigger: 'schedule' });
    await engine.executor.drain(connectionId);
    expect((await connection()).next_run_at).toEqual(retryAt);

    await addDelivery('a');
    await engine.triggers.followDeliveries([connectionId]);
    await engine.scheduler.tick();
    expect(await runs()).toHaveLength(1);

    const isDue = 'update connection set next_run_at = now() where id = $1';
    await test.database.query(isDue, [connectionId]);
    await engine.triggers.followDeliveries([connectionId]);
    expect(await runs()).toHaveLength(2);
  });

  it('stays in need of attention when a webhook reads something else', async () => {
    sync = (session) => {
      if (session.request.mode !== 'wake') session.failStream('images', new ConnectorError('permanent', 'denied'));
      return Promise.resolve();
    };
    await engine.triggers.trigger(connectionId, { trigger: 'manual' });
    await engine.executor.drain(connectionId);
    const before = await connection();
    expect(before).toMatchObject({ health_state: 'needs_attention', last_error: { message: 'images failed: denied' } });

    await addDelivery('a');
    await engine.triggers.followDeliveries([connectionId]);
    await engine.executor.drain(connectionId);
    expect((await runs())[1]).toMatchObject({ mode: 'wake', status: 'succeeded' });
    const { health_state, health_since, last_error, last_success_at } = before;
    expect(await connection()).toMatchObject({ health_state, health_since, last_error, last_success_at });
  });

  it('hands each named thing to a run once and marks its deliveries done', async () => {
    const seen: unknown[] = [];
    sync = (session) => {
      seen.push(session.request);
      return Promise.resolve();
    };
    await addDelivery('a');
    await addDelivery('b');
    await engine.triggers.followDeliveries([connectionId]);
    await engine.executor.drain(connectionId);
    expect(seen).toMatchObject([{ mode: 'wake', wakes: [{ stream: 'things', scope: '7', item: '1' }] }]);
    const deliveries = await test.database.query(
      'select state, run_id from webhook_delivery where connection_id = $1',
      [connectionId],
    );
    expect(deliveries).toHaveLength(2);
    for (const delivery of deliveries) expect(delivery).toMatchObject({ state: 'done', run_id: (await runs())[0].id });
  });

  it('wakes no second run for what the one under way has taken, and one for what comes later', async () => {
    const counts: number[] = [];
    sync = async () => {
      if (counts.length > 0) return;
      await engine.triggers.followDeliveries([connectionId]);
      counts.push((await runs()).length);
      await addDelivery('b');
      await engine.triggers.followDeliveries([connectionId]);
      counts.push((await runs()).length);
    };
    await addDelivery('a');
    await engine.triggers.followDeliveries([connectionId]);
    await engine.executor.drain(connectionId);
    expect(counts).toEqual([1, 2]);
    const taken = await test.database.query(
      'select state, run_id from webhook_delivery where connection_id = $1 order by received_at',
      [connectionId],
    );
    const [first, second] = await runs();
    expect(taken).toEqual([
      { state: 'done', run_id: first.id },
      { state: 'done', run_id: second.id },
    ]);
  });

  it('keeps deliveries waiting when their run fails', async () => {
    sync = () => Promise.reject(new ConnectorError('transient', 'no answer'));
    await addDelivery('a');
    await engine.triggers.followDeliveries([connectionId]);
    await engine.executor.drain(connectionId);
    const pending = () =>
      test.database.query(`select 1 from webhook_delivery where connection_id = $1 and state = 'pending'`, [
        connectionId,
      ]);
    expect(await pending()).toHaveLength(1);
    sync = threePages;
    await engine.triggers.trigger(connectionId, { trigger: 'schedule' });
    await engine.executor.drain(connectionId);
    expect(await pending()).toHaveLength(0);
  });

  it('queues a due connection once, however often and wherever the tick looks', async () => {
    await test.database.query('update connection set next_run_at = now() where id = $1', [connectionId]);
    await Promise.all([engine.scheduler.tick(), other.scheduler.tick(), engine.scheduler.tick()]);
    expect(await runs()).toMatchObject([{ trigger: 'schedule', status: 'queued' }]);
  });

  it('keeps secrets out of the log', async () => {
    sync = (session) => {
      session.log.warn('tried s3cr3t-value', { data: { header: 'Bearer s3cr3t-value', token: 'abc', n: 1 } });
      return Promise.reject(new ConnectorError('permanent', 'refused s3cr3t-value'));
    };
    await engine.triggers.trigger(connectionId, { trigger: 'manual' });
    await engine.executor.drain(connectionId);
    const everything = JSON.stringify([
      await runs(),
      await connection(),
      await test.database.query('select * from run_log'),
    ]);
    expect(everything).not.toContain('s3cr3t-value');
    expect(everything).toContain('[redacted]');
  });
});
