import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChangeEvent } from '@syncline/connector-sdk';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { type Change, ChangeLog } from './change-log.js';
import { EventFeed } from './event-feed.js';
import { parseEventFilter } from './event-filter.js';
import { EventStore } from './event-store.js';
import { type FeedPosition, formatPosition, parsePosition } from './feed-position.js';
import { FilterResolver } from './filter-resolver.js';
import { PollClock } from './poll-clock.js';
import { addConnection, at, event } from './testing/events.js';

/** Looks when the test says so, and knows when a look is over: the next one is asked for then. */
class HandTurnedClock extends PollClock {
  pending: (() => void) | undefined;
  private asked: (() => void) | undefined;

  override soon(look: () => void): () => void {
    this.pending = look;
    this.asked?.();
    return () => (this.pending = undefined);
  }

  override now(look: () => void): () => void {
    return this.soon(look);
  }

  async turn(): Promise<void> {
    const look = this.pending;
    if (look === undefined) throw new Error('nobody waits for a look');
    const over = new Promise<void>((resolve) => (this.asked = resolve));
    look();
    await over;
  }
}

class FailingOnce extends ChangeLog {
  failures = 0;

  override async matching(...args: Parameters<ChangeLog['matching']>): ReturnType<ChangeLog['matching']> {
    if (this.failures-- > 0) throw new Error('the database is away');
    return super.matching(...args);
  }
}

describe('EventFeed', () => {
  let test: TestDatabase;
  let store: EventStore;
  let connection: { id: string; connectorId: string };
  const leaving: AbortController[] = [];
  beforeAll(async () => {
    test = await openTestDatabase();
    store = new EventStore(test.database);
    connection = await addConnection(test.database, ['backend']);
  });
  afterAll(() => test.close());
  afterEach(() => leaving.splice(0).forEach((listener) => listener.abort()));

  const apply = async (...ids: string[]): Promise<void> => {
    const events: ChangeEvent[] = ids.map((eventId) =>
      event({ eventId, status: eventId.startsWith('f') ? 'failed' : 'opened', metadata: { n: Math.random() } }),
    );
    await test.database.transaction((manager) => store.apply(manager, connection, events, 'poll', at(1)));
  };

  function openFeed(log = new ChangeLog(test.database)) {
    const clock = new HandTurnedClock();
    return { clock, feed: new EventFeed(log, new FilterResolver(test.database), clock) };
  }

  async function listen(feed: EventFeed, query: Record<string, unknown> = {}, since?: FeedPosition) {
    const seen: string[] = [];
    const positions: FeedPosition[] = [];
    const leave = new AbortController();
    leaving.push(leave);
    await feed.listen(
      {
        filter: parseEventFilter(query),
        begin: (position) => void positions.push(position),
        send: ({ event: { eventId }, position }: Change) => {
          seen.push(eventId);
          positions.push(position);
        },
      },
      since,
      leave.signal,
    );
    return { seen, positions, leave: () => leave.abort() };
  }

  it('tells each listener what its filter wants, from when it came', async () => {
    const { feed, clock } = openFeed();
    await apply('before');
    const all = await listen(feed);
    const failed = await listen(feed, { status: 'failed', tag: 'backend' });
    const others = await listen(feed, { tag: 'mobile' });
    await apply('a1', 'f1');
    await clock.turn();
    await apply('f2');
    await clock.turn();
    await clock.turn();
    expect([all.seen, failed.seen, others.seen]).toEqual([['a1', 'f1', 'f2'], ['f1', 'f2'], []]);
  });

  it('gives a returning listener what it missed, once and in order', async () => {
    const { feed, clock } = openFeed();
    const first = await listen(feed);
    await apply('a2', 'f3');
    await clock.turn();
    first.leave();
    await apply('f4');
    await apply('a3', 'f5');
    const back = await listen(feed, { status: 'failed' }, first.positions.at(-1));
    await apply('f6');
    await clock.turn();
    expect(back.seen).toEqual(['f4', 'f5', 'f6']);
  });

  it('lets one who never saw an event come back to where it began', async () => {
    const { feed } = openFeed();
    const first = await listen(feed);
    first.leave();
    await apply('a4');
    const back = await listen(feed, {}, parsePosition(formatPosition(first.positions[0]!)));
    expect(back.seen).toEqual(['a4']);
  });

  it('reads on in portions until a late comer is up to date', async () => {
    const { feed } = openFeed();
    const first = await listen(feed);
    first.leave();
    const ids = Array.from({ length: 1_234 }, (_, n) => `many-${n}`);
    await apply(...ids);
    const back = await listen(feed, {}, first.positions[0]);
    expect(back.seen.sort()).toEqual(ids.sort());
  });

  it('looks for nobody, and again for the next one', async () => {
    const { feed, clock } = openFeed();
    const one = await listen(feed);
    const two = await listen(feed);
    one.leave();
    expect(clock.pending).toBeDefined();
    two.leave();
    expect(clock.pending).toBeUndefined();
    await apply('unheard');
    const three = await listen(feed);
    await apply('a5');
    await clock.turn();
    expect(three.seen).toEqual(['a5']);
  });

  it('loses nothing when a look fails', async () => {
    const log = new FailingOnce(test.database);
    const { feed, clock } = openFeed(log);
    const all = await listen(feed);
    await apply('a6');
    log.failures = 1;
    await clock.turn();
    expect(all.seen).toEqual([]);
    await clock.turn();
    expect(all.seen).toEqual(['a6']);
  });

  it('waits for transactions that began earlier, so that a late commit is not passed by', async () => {
    if (!('url' in test.target)) {
      process.stdout.write('One session only: the embedded database cannot hold two transactions open.\n');
      return;
    }
    const { feed, clock } = openFeed();
    const all = await listen(feed);
    const slow = test.database.createQueryRunner();
    await slow.startTransaction();
    await store.apply(slow.manager, connection, [event({ eventId: 'slow' })], 'poll', at(1));
    await apply('quick');
    await clock.turn();
    expect(all.seen).toEqual([]);
    await slow.commitTransaction();
    await slow.release();
    await clock.turn();
    expect(all.seen).toEqual(['slow', 'quick']);
  });
});
