import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { propertySeed } from '../../../../test/support/property-seed.js';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import type { EventFilter } from './event-filter.js';
import { EventStats } from './event-stats.js';
import { EventStore } from './event-store.js';
import { EventTimeline } from './event-timeline.js';
import { FilterResolver } from './filter-resolver.js';
import { OrderedScans } from './ordered-scans.js';
import { searchQuery, searchWords } from './search-words.js';
import { addConnection, at, event } from './testing/events.js';
import type { Place } from './timeline-order.js';
import { WalkLengths } from './walk-lengths.js';

const types = ['merge_request', 'pipeline', 'release'];
const statuses = ['opened', 'success', 'failed'];
const authors = ['ada', 'bob', 'eve'];
const projects = [
  { id: '1', path: 'acme/web' },
  { id: '2', path: 'acme/api' },
  { id: '3', path: '2' },
  // The first one under the name it had before.
  { id: '1', path: 'acme/old' },
];
const pathsOf = (id: string) => projects.filter((project) => project.id === id).map(({ path }) => path);
const titles = ['fix login', 'fix logout', 'feature login', 'chore'];
const tags = ['backend', 'mobile'];

/** Short walks, so that a small table leads through every step. */
class ShortWalks extends WalkLengths {
  override readonly rows = [7, 20];
}

const some = <T>(values: readonly T[]) => fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.subarray([...values]));
const request = fc.record({
  eventTypes: some(types),
  statuses: some([...statuses, 'unknown']),
  authors: some(authors),
  projects: some(['1', 'acme/web', 'acme/old', '2', 'acme/api', 'none']),
  tags: some([...tags, 'none']),
  q: fc.constantFrom('', '', 'fix', 'log', 'login fix', 'chore', 'zzz', 'ada'),
  from: fc.option(fc.nat(60), { nil: undefined }),
  length: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
  direction: fc.constantFrom<'asc' | 'desc'>('asc', 'desc'),
  limit: fc.integer({ min: 1, max: 20 }),
});

describe('EventTimeline, whatever is asked', () => {
  let test: TestDatabase;
  let stored: { id: string; connectionTag: string; data: ReturnType<typeof event> }[];
  beforeAll(async () => {
    test = await openTestDatabase();
    const store = new EventStore(test.database);
    stored = [];
    for (const [c, tag] of tags.entries()) {
      const connection = await addConnection(test.database, [tag]);
      const events = Array.from({ length: 120 }, (_, n) => {
        const k = n * 7 + c;
        return event({
          eventId: `e-${c}-${n}`,
          eventType: types[k % 3]!,
          status: statuses[Math.floor(k / 3) % 3]!,
          author: authors[Math.floor(n / 50)],
          project: projects[Math.floor(k / 5) % 4]!,
          title: titles[Math.floor(n / 40 + (k % 2)) % 4]!,
          // Many share a moment, so that the id decides.
          occurredAt: at(Math.floor(n / 2)),
        });
      });
      await test.database.transaction((manager) => store.apply(manager, connection, events, 'poll', at(59)));
      const rows: { id: string; event_id: string }[] = await test.database.query(
        `select id, event_id from change_event where connection_id = $1`,
        [connection.id],
      );
      const idOf = new Map(rows.map((row) => [row.event_id, row.id]));
      stored.push(...events.map((data) => ({ id: idOf.get(data.eventId)!, connectionTag: tag, data })));
    }
  });
  afterAll(() => test.close());

  type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

  function expected({ from, length, q, ...wanted }: Request): string[] {
    const has = (values: readonly string[], ...of: (string | undefined)[]) =>
      values.length === 0 || of.some((value) => value !== undefined && values.includes(value));
    const prefixes = searchWords([q]);
    return stored
      .filter(({ data, connectionTag }) => {
        const words = searchWords([data.title, data.author]);
        const minute = (data.occurredAt.getTime() - at(0).getTime()) / 60_000;
        return (
          has(wanted.eventTypes, data.eventType) &&
          has(wanted.statuses, data.status) &&
          has(wanted.authors, data.author) &&
          has(wanted.projects, data.project.id, ...pathsOf(data.project.id)) &&
          has(wanted.tags, connectionTag) &&
          prefixes.every((prefix) => words.some((word) => word.startsWith(prefix))) &&
          (from === undefined || minute >= from) &&
          (length === undefined || minute < (from ?? 0) + length)
        );
      })
      .sort((a, b) => a.data.occurredAt.getTime() - b.data.occurredAt.getTime() || Number(a.id) - Number(b.id))
      .map(({ id }) => id);
  }

  function filterOf({ from, length, q, ...wanted }: Request): EventFilter {
    return {
      ...wanted,
      connectionIds: [],
      search: searchQuery(q),
      from: from === undefined ? undefined : at(from),
      to: length === undefined ? undefined : at((from ?? 0) + length),
    };
  }

  it('pages through exactly what matches, in order, and counts the same', async () => {
    const { database } = test;
    const timeline = new EventTimeline(database, new OrderedScans(database), new ShortWalks());
    const stats = new EventStats(database);
    await fc.assert(
      fc.asyncProperty(request, async (wanted) => {
        const filter = await new FilterResolver(database).resolve(filterOf(wanted));
        const seen: string[] = [];
        let after: Place | undefined;
        for (;;) {
          const { direction, limit } = wanted;
          const rows = await timeline.read({ filter, direction, after, limit });
          seen.push(...rows.map(({ id }) => id));
          const last = rows.at(-1);
          if (last === undefined) break;
          after = { at: last.place_at, id: last.id };
        }
        const matching = expected(wanted);
        expect(seen).toEqual(wanted.direction === 'asc' ? matching : matching.toReversed());
        expect((await stats.count(filter, 10)).total).toBe(matching.length);
      }),
      { numRuns: 100, seed: propertySeed },
    );
  }, 600_000);
});
