import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { propertySeed } from '../../../../test/support/property-seed.js';
import { DatabaseState } from '../database/database-state.js';
import { createHubLog } from '../logging/hub-log.js';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { DayCountCompaction } from './day-count-compaction.js';
import { cutDays } from './day-counts.js';
import { EventStats, type StatsView } from './event-stats.js';
import { EventStore } from './event-store.js';
import type { ResolvedFilter } from './filter-sql.js';
import { addConnection, event } from './testing/events.js';

const hour = (n: number) => new Date(Date.UTC(2026, 0, 1, n));
const everything: ResolvedFilter = {
  connectionIds: undefined,
  eventTypes: [],
  statuses: [],
  authors: [],
  projects: undefined,
  search: undefined,
  from: undefined,
  to: undefined,
};

describe('EventStats', () => {
  let test: TestDatabase;
  let stats: EventStats;
  let compaction: DayCountCompaction;
  let connection: { id: string; connectorId: string };
  beforeAll(async () => {
    test = await openTestDatabase();
    stats = new EventStats(test.database);
    compaction = new DayCountCompaction(test.database, new DatabaseState(), createHubLog({ logLevel: 'silent' }));
    connection = await addConnection(test.database);
  });
  afterAll(() => test.close());

  /** `[object, version, hour, status]` */
  type Sighting = readonly [number, number, number, string];
  const sightings = fc.array(
    fc.tuple(fc.nat(15), fc.nat(20), fc.nat(200), fc.constantFrom('opened', 'merged', 'closed')),
    { minLength: 1, maxLength: 40 },
  );
  const apply = (seen: readonly Sighting[]) =>
    test.database.transaction((manager) =>
      new EventStore(test.database).apply(
        manager,
        connection,
        seen.map(([object, version, at, status]) =>
          event({
            eventId: `e-${object}`,
            eventType: object % 2 ? 'merge_request' : 'pipeline',
            version: { updatedAt: hour(version) },
            occurredAt: hour(at),
            status,
          }),
        ),
        'poll',
        hour(0),
      ),
    );

  /** The same from the events themselves: naming the one project there is lets all through and rules the sums out. */
  const oneByOne = (filter: ResolvedFilter, bins: number): Promise<StatsView> =>
    stats.count({ ...filter, projects: [{ connectionId: connection.id, projectId: '1' }] }, bins);

  it('counts by day what it would count one by one, through changes, deletions and compaction', async () => {
    await fc.assert(
      fc.asyncProperty(
        sightings,
        fc.nat(15),
        fc.option(fc.nat(150), { nil: undefined }),
        fc.option(fc.integer({ min: 1, max: 150 }), { nil: undefined }),
        fc.subarray(['opened', 'merged', 'closed']),
        fc.integer({ min: 1, max: 30 }),
        async (seen, deleted, from, length, statuses, bins) => {
          await apply(seen);
          await test.database.query(`delete from change_event where event_id = $1`, [`e-${deleted}`]);
          const filter: ResolvedFilter = {
            ...everything,
            statuses,
            from: from === undefined ? undefined : hour(from),
            to: length === undefined ? undefined : hour((from ?? 0) + length),
          };
          const expected = await oneByOne(filter, bins);
          expect(await stats.count(filter, bins)).toEqual(expected);
          await compaction.compact();
          expect(await stats.count(filter, bins)).toEqual(expected);
        },
      ),
      { numRuns: 30, seed: propertySeed },
    );
  }, 600_000);

  it('leaves one sum per day, connection, type and status, and none that is nothing', async () => {
    await test.database.query('truncate change_event cascade');
    expect(await stats.count(everything, 60)).toMatchObject({ bins: [], total: 0 });
    await apply([[1, 1, 5, 'opened']]);
    await apply([[1, 2, 30, 'merged']]);
    await apply([[3, 1, 31, 'merged']]);
    expect(await compaction.compact()).toBe(1);
    expect((await stats.count(everything, 60)).byStatus).toEqual({ merged: 2 });
  });
});

describe('cutDays', () => {
  it('are the days that a bin begins in, but not those it begins with', () => {
    expect(cutDays([hour(0), hour(30), hour(36), hour(48)], hour(80))).toEqual([hour(24), hour(72)]);
  });
});
