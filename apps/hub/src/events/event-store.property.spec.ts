import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChangeEvent } from '@syncline/connector-sdk';
import fc from 'fast-check';
import { propertySeed } from '../../../../test/support/property-seed.js';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { EventStore, type TransitionSource } from './event-store.js';
import { addConnection, at, event } from './testing/events.js';

const statuses = ['opened', 'closed', 'merged', 'locked'];

/** Versions of one object as a source shows them: later ones are newer, each proves its own status. */
const history = fc
  .array(fc.record({ status: fc.constantFrom(...statuses), title: fc.constantFrom('a', 'b'), lag: fc.nat(3) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((versions) =>
    versions.map(({ status, title, lag }, n): ChangeEvent => {
      const began = { status, at: at(n * 5) };
      return event({
        version: { updatedAt: at(n * 5 + lag) },
        status,
        title,
        occurredAt: began.at,
        transitions: [began],
      });
    }),
  );

/** Histories of some objects, and pages of sightings of them in any order, each at least once. */
const sightings = fc
  .array(history, { minLength: 1, maxLength: 4 })
  .map((histories) =>
    histories.flatMap((versions, object) => versions.map((version) => ({ ...version, eventId: `mr-1-${object}` }))),
  )
  .chain((versions) =>
    fc.record({
      versions: fc.constant(versions),
      seen: fc
        .tuple(fc.array(fc.constantFrom(...versions), { maxLength: 8 }), fc.infiniteStream(fc.nat(1_000)))
        .map(([repeats, order]) =>
          [...versions, ...repeats]
            .map((version) => ({ version, key: order.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ version }) => version),
        ),
      pageSize: fc.integer({ min: 1, max: 7 }),
      source: fc.constantFrom<TransitionSource>('poll', 'hook', 'backfill'),
    }),
  );

describe('EventStore, whatever is seen in whatever order', () => {
  let test: TestDatabase;
  let store: EventStore;
  beforeAll(async () => {
    test = await openTestDatabase();
    store = new EventStore(test.database);
  });
  afterAll(() => test.close());

  async function storeInPages(events: readonly ChangeEvent[], size: number, source: TransitionSource): Promise<string> {
    const connection = await addConnection(test.database);
    for (let start = 0; start < events.length; start += size) {
      const page = events.slice(start, start + size);
      await test.database.transaction((manager) => store.apply(manager, connection, page, source, at(59)));
    }
    return connection.id;
  }

  const outcome = async (connectionId: string): Promise<unknown> => [
    await test.database.query(
      `select event_id, title, status, occurred_at, version_at, encode(hash, 'hex') as hash, search::text
       from change_event where connection_id = $1 order by event_id`,
      [connectionId],
    ),
    await test.database.query(
      `select e.event_id, t.status, t.at from change_event_transition t join change_event e on e.id = t.change_event_id
       where e.connection_id = $1 order by 1, 2, 3`,
      [connectionId],
    ),
  ];

  it('ends with the same rows and transitions', async () => {
    await fc.assert(
      fc.asyncProperty(sightings, async ({ versions, seen, pageSize, source }) => {
        const inOrder = await outcome(await storeInPages(versions, 1, 'poll'));
        expect(await outcome(await storeInPages(seen, pageSize, source))).toEqual(inOrder);
      }),
      { numRuns: 30, seed: propertySeed },
    );
  }, 600_000);

  it('never goes back to an older version', async () => {
    await fc.assert(
      fc.asyncProperty(sightings, async ({ versions, seen, pageSize, source }) => {
        const connectionId = await storeInPages(seen, pageSize, source);
        const rows: { event_id: string; version_at: Date; revision: number }[] = await test.database.query(
          `select event_id, version_at, revision from change_event where connection_id = $1`,
          [connectionId],
        );
        for (const row of rows) {
          const own = versions.filter(({ eventId }) => eventId === row.event_id);
          const newest = Math.max(...own.map(({ version }) => version.updatedAt?.getTime() ?? 0));
          expect(row.version_at.getTime()).toBe(newest);
          expect(row.revision).toBeLessThanOrEqual(own.length);
        }
        expect(rows.length).toBe(new Set(versions.map(({ eventId }) => eventId)).size);
      }),
      { numRuns: 30, seed: propertySeed },
    );
  }, 600_000);

  it('counts each sighting once: created, updated or unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(sightings, async ({ seen }) => {
        const connection = await addConnection(test.database);
        const stored = await test.database.transaction((manager) =>
          store.apply(manager, connection, seen, 'poll', at(59)),
        );
        expect(stored.created).toBe(new Set(seen.map(({ eventId }) => eventId)).size);
        expect(stored.created + stored.updated + stored.unchanged).toBe(seen.length);
      }),
      { numRuns: 30, seed: propertySeed },
    );
  }, 600_000);
});
