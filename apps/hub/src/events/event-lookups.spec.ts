import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ChangeEvent } from '@syncline/connector-sdk';
import type { DataSource } from 'typeorm';
import { openDatabase } from '../database/data-source.js';
import { rowsRead } from '../testing/rows-read.js';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { EventStore } from './event-store.js';
import { addConnection, at, event } from './testing/events.js';

const MANY = 2_000;
const PAGE = 100;

type Connection = Awaited<ReturnType<typeof addConnection>>;

/** Statistics describe connections that were there; these tests are about those that come afterwards. */
describe('a lookup of events reads what it is asked for, and no more', () => {
  let test: TestDatabase;
  let database: DataSource;
  beforeEach(async () => {
    test = await openTestDatabase();
    database = test.database;
  });
  afterEach(async () => {
    if (database !== test.database) await database.destroy();
    await test.close();
  });

  const page = (first: number, size = PAGE): ChangeEvent[] =>
    Array.from({ length: size }, (_, n) =>
      event({
        eventId: `mr-1-${first + n}`,
        occurredAt: at(first + n),
        // As wide as events are: a page of them is no small table.
        metadata: { labels: Array.from({ length: 40 }, (_, label) => `label-${first + n}-${label}`) },
      }),
    );
  /** As a run does: it asks what is known, then stores the page, then what webhooks told. */
  const pass = async (connection: Connection, store: EventStore, events: ChangeEvent[]) => {
    await store.versions(
      connection.id,
      events.map(({ eventId }) => eventId),
    );
    await database.transaction((manager) => store.apply(manager, connection, events, 'poll', at(0)));
    const facts = events.map(({ eventId }) => ({ eventId, transition: { status: 'merged', at: at(1) } }));
    await database.transaction((manager) => store.addTransitions(manager, connection.id, facts, 'hook', at(2)));
  };
  const fill = async (connection: Connection, store: EventStore) => {
    for (let first = 0; first < MANY; first += PAGE) await pass(connection, store, page(first));
  };
  const rowsReadBy = (work: () => Promise<void>) => rowsRead(database, ['change_event'], work);

  /** Of a new event: what was added is found for its transition, and checked by the reference to it, twice. */
  const MOST_FOR_NEW = 4 * MANY;
  /** Of a known one: beside that, its version and the comparison. */
  const MOST_FOR_KNOWN = 5 * MANY;

  it('before any analysis', async () => {
    const store = new EventStore(database);
    const first = await addConnection(database);
    expect(await rowsReadBy(() => fill(first, store))).toBeLessThanOrEqual(MOST_FOR_NEW);
    expect(await rowsReadBy(() => fill(first, store))).toBeLessThanOrEqual(MOST_FOR_KNOWN);
  });

  it('of a connection that had none at the last analysis', async () => {
    await fill(await addConnection(database), new EventStore(database));
    await database.query('analyze');
    const second = await addConnection(database);
    // A server's sessions that began before have plans from before; the embedded database keeps none.
    if ('url' in test.target) database = await openDatabase(test.target);
    const store = new EventStore(database);
    expect(await rowsReadBy(() => fill(second, store))).toBeLessThanOrEqual(MOST_FOR_NEW);
    expect(await rowsReadBy(() => fill(second, store))).toBeLessThanOrEqual(MOST_FOR_KNOWN);
  });

  it('also where the same statements were planned for a handful of events', async () => {
    const store = new EventStore(database);
    const first = await addConnection(database);
    await pass(first, store, page(0, 10));
    await database.query('vacuum (analyze) change_event');
    // A server keeps a plan from the sixth time on.
    for (let poll = 0; poll < 8; poll++) await pass(first, store, page(0, 10));
    const second = await addConnection(database);
    // Until the table is large enough for its index, each lookup reads it: some hundred rows at most.
    const whileSmall = 2 * PAGE * 200;
    expect(await rowsReadBy(() => fill(second, store))).toBeLessThanOrEqual(MOST_FOR_NEW + whileSmall);
  });
});
