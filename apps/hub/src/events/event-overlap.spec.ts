import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChangeEvent, Stored } from '@syncline/connector-sdk';
import type { EntityManager } from 'typeorm';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { EventStore } from './event-store.js';
import { addConnection, at, event, rowOf, transitionsOf } from './testing/events.js';

/** A page of one sighting: its version (none: unknown) and its title, and a status that it alone proves. */
type Sighting = readonly [version: number | null, title: string];

const SIGHTINGS: readonly Sighting[] = [null, 1, 2].flatMap((version): Sighting[] => [
  [version, 'a'],
  [version, 'b'],
]);

const pageOf = ([version, title]: Sighting, proven: number): ChangeEvent[] => [
  event({
    title,
    version: { updatedAt: version === null ? null : at(version) },
    transitions: [{ status: 'proven', at: at(proven) }],
  }),
];

/** What two pages of a connection leave behind that store the same event, the second before the first has committed. */
describe('overlapping pages', () => {
  let test: TestDatabase;
  let store: EventStore;
  beforeAll(async () => {
    test = await openTestDatabase();
    store = new EventStore(test.database);
  });
  afterAll(() => test.close());

  const lookAt = async (id: string, stored: readonly Stored[]) => {
    const { title, version_at, revision, occurred_at } = await rowOf(test.database, id, 'mr-1-7');
    const days: unknown = await test.database.query(
      `select status, sum(n)::int as n from change_event_count where connection_id = $1 group by 1 having sum(n) <> 0`,
      [id],
    );
    return {
      stored,
      title,
      version_at,
      revision,
      occurred_at,
      days,
      moved: await transitionsOf(test.database, id, 'mr-1-7'),
    };
  };

  const oneAfterTheOther = async (pages: readonly ChangeEvent[][]) => {
    const connection = await addConnection(test.database);
    const stored: Stored[] = [];
    for (const page of pages) stored.push(await store.apply(test.database, connection, page, 'poll', at(59)));
    return lookAt(connection.id, stored);
  };

  const someoneWaits = async () => {
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await test.database.query<unknown[]>(waiting)).length === 0) await setTimeout(5);
  };

  const overlapping = async ([first, second]: readonly [ChangeEvent[], ChangeEvent[]]) => {
    const connection = await addConnection(test.database);
    const apply = (where: EntityManager, page: ChangeEvent[]) => store.apply(where, connection, page, 'poll', at(59));
    const { earlier, later, before } = await test.database.transaction(async (manager) => {
      const earlier = await apply(manager, first);
      const [before]: { change_seq: string }[] = await manager.query(
        `select change_seq from change_event where connection_id = $1`,
        [connection.id],
      );
      const outcome = Promise.allSettled([apply(test.database.manager, second)]);
      await Promise.race([someoneWaits(), outcome]);
      // In an object, as a promise alone would be waited for before the commit that it waits for.
      return { earlier, later: { outcome }, before: before?.change_seq };
    });
    const [outcome] = await later.outcome;
    if (outcome.status === 'rejected') throw outcome.reason;
    const { change_seq } = await rowOf(test.database, connection.id, 'mr-1-7');
    const isAnnounced = change_seq !== before;
    return { ...(await lookAt(connection.id, [earlier, outcome.value])), isAnnounced };
  };

  for (const first of SIGHTINGS) {
    it.each(SIGHTINGS)(
      `leave what they would one after the other: ${first.join(' ')}, then %s %s`,
      async (...second) => {
        if (!('url' in test.target)) {
          process.stdout.write('One session only: the embedded database cannot hold two transactions open.\n');
          return;
        }
        const pages = [pageOf(first, 10), pageOf(second, 11)] as const;
        const left = await oneAfterTheOther(pages);
        expect(await overlapping(pages)).toEqual({ ...left, isAnnounced: left.revision > 1 });
      },
    );
  }
});
