import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { propertySeed } from '../../../test/support/property-seed.js';
import { advance, nextRequest, type WalkCursor, type WalkOptions, type WalkRequest } from './updated-walk.js';

const PAGE = 3;
const START = Date.parse('2026-01-01T00:00:00.000Z');

interface Row {
  id: number;
  updatedAt: number | null;
  version: number;
}

/** A table that moves: sorted, filtered and paged as PostgreSQL behind GitLab does it. */
class World {
  clock = START;
  readonly rows: Row[] = [];

  add(updatedAt: number | null): void {
    this.rows.push({ id: this.rows.length + 1, updatedAt, version: 1 });
  }

  list({ updatedAfter, page, sort }: WalkRequest): { rows: Row[]; hasNext: boolean } {
    const after = updatedAfter === undefined ? undefined : Date.parse(updatedAfter);
    const visible = this.rows.filter(
      (row) => after === undefined || (row.updatedAt !== null && row.updatedAt >= after),
    );
    const ascending = visible.sort((a, b) => (a.updatedAt ?? Infinity) - (b.updatedAt ?? Infinity) || a.id - b.id);
    const sorted = sort === 'asc' ? ascending : ascending.reverse();
    return { rows: sorted.slice((page - 1) * PAGE, page * PAGE), hasNext: sorted.length > page * PAGE };
  }
}

type Move =
  | { kind: 'wait'; ms: number }
  | { kind: 'update'; row: number; lateMs: number }
  | { kind: 'insert'; lateMs: number }
  | { kind: 'touch all'; from: number };

/** Transactions become visible up to 119 s after the time they wrote; most at once. */
const late = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 119_000 }) },
);
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), ms: fc.oneof(fc.constant(1), fc.integer({ min: 0, max: 300_000 })) }),
  fc.record({ kind: fc.constant('update' as const), row: fc.nat(60), lateMs: late }),
  fc.record({ kind: fc.constant('insert' as const), lateMs: late }),
  fc.record({ kind: fc.constant('touch all' as const), from: fc.nat(10) }),
);

function apply(world: World, change: Move): void {
  if (change.kind === 'wait') world.clock += change.ms;
  if (change.kind === 'insert') world.add(world.clock - change.lateMs);
  if (change.kind === 'touch all') for (const row of world.rows.slice(change.from)) write(row, world.clock);
  if (change.kind === 'update') {
    const row = world.rows[change.row % Math.max(1, world.rows.length)];
    if (row !== undefined) write(row, world.clock - change.lateMs);
  }
}

/** A row's time never goes back. */
function write(row: Row, at: number): void {
  row.updatedAt = Math.max(row.updatedAt ?? 0, at);
  row.version += 1;
}

interface Walk {
  readonly world: World;
  readonly seen: Map<number, number>;
  readonly options: WalkOptions;
}

/** One pass; `between` happens after each request. Returns the cursor after it and the number of requests. */
function pass(
  { world, seen, options }: Walk,
  from: WalkCursor | undefined,
  between: () => void,
): { cursor: WalkCursor; requests: number } {
  let cursor = from;
  for (let requests = 1; ; requests += 1) {
    const { rows, hasNext } = world.list(nextRequest(cursor, options));
    for (const row of rows) seen.set(row.id, Math.max(seen.get(row.id) ?? 0, row.version));
    const serverDate = new Date(Math.floor(world.clock / 1000) * 1000);
    const times = rows.map(({ updatedAt }) => (updatedAt === null ? null : new Date(updatedAt)));
    const next: unknown = JSON.parse(JSON.stringify(advance(cursor, { times, hasNext, serverDate }, options)));
    cursor = next as WalkCursor;
    if (cursor.position === undefined) return { cursor, requests };
    if (requests > 5_000) throw new Error('The walk does not end.');
    between();
  }
}

describe('the walk over updated_at', () => {
  const start = fc.record({
    dated: fc.array(fc.oneof(fc.constant(-50_000), fc.integer({ min: -400_000, max: 0 })), { maxLength: 40 }),
    undated: fc.nat(8),
    moves: fc.array(fc.array(move, { maxLength: 3 }), { maxLength: 40 }),
    passes: fc.integer({ min: 1, max: 3 }),
  });

  it('has seen the final version of every row once the world rests for one more pass', () => {
    fc.assert(
      fc.property(start, ({ dated, undated, moves, passes }) => {
        const world = new World();
        for (const offset of dated) world.add(START + offset);
        for (let i = 0; i < undated; i += 1) world.add(null);
        const walk: Walk = { world, seen: new Map(), options: { mayBeUndated: true } };
        const pending = [...moves];
        const disturb = (): void => pending.shift()?.forEach((change) => apply(world, change));
        let cursor: WalkCursor | undefined;
        for (let i = 0; i < passes; i += 1) {
          ({ cursor } = pass(walk, cursor, disturb));
          disturb();
        }
        pass(walk, cursor, () => undefined);
        for (const row of world.rows) expect([row.id, walk.seen.get(row.id)]).toEqual([row.id, row.version]);
      }),
      { numRuns: 1_500, seed: propertySeed },
    );
  });

  it('loses nothing when a bulk of equal times is pulled apart while it is read', () => {
    const world = new World();
    for (let i = 0; i < 30; i += 1) world.add(START - 1_000_000);
    const walk: Walk = { world, seen: new Map(), options: {} };
    let at = 0;
    const { cursor } = pass(walk, undefined, () => {
      world.clock += 1_000;
      // Rows of the first pages leave, so that all later ones move up over the page borders.
      const row = world.rows[at % 6];
      at += 1;
      if (row !== undefined) write(row, world.clock);
    });
    pass(walk, cursor, () => undefined);
    for (const row of world.rows) expect(walk.seen.get(row.id)).toBe(row.version);
  });

  it('costs one request when nothing or little has changed', () => {
    const world = new World();
    for (let i = 0; i < 100; i += 1) world.add(START - i * 1_000_000);
    const walk: Walk = { world, seen: new Map(), options: {} };
    const first = pass(walk, undefined, () => undefined);
    world.clock += 600_000;
    const idle = pass(walk, first.cursor, () => undefined);
    expect(idle.requests).toBe(1);
    expect(idle.cursor).toEqual({ mark: new Date(world.clock).toISOString() });
  });

  it('reads rows without a time in a pass from the beginning, and only there', () => {
    const world = new World();
    for (let i = 0; i < 4; i += 1) world.add(START - i);
    for (let i = 0; i < 7; i += 1) world.add(null);
    const walk: Walk = { world, seen: new Map(), options: { mayBeUndated: true } };
    const { cursor } = pass(walk, undefined, () => undefined);
    expect(walk.seen.size).toBe(11);
    walk.seen.clear();
    pass(walk, cursor, () => undefined);
    expect([...walk.seen.keys()].sort()).toEqual([1, 2, 3, 4]);
  });

  it('moves its mark at the end of a pass only, to the time the pass began, and starts 120 s before it', () => {
    const began = new Date('2026-01-01T00:00:00Z');
    const later = new Date('2026-01-01T00:10:00Z');
    const times = [new Date('2025-12-01T00:00:00Z'), new Date('2025-12-02T00:00:00Z')];
    const midway = advance({ mark: '2025-11-01T00:00:00.000Z' }, { times, hasNext: true, serverDate: began });
    expect(midway.mark).toBe('2025-11-01T00:00:00.000Z');
    const done = advance(midway, { times: [], hasNext: false, serverDate: later });
    expect(done).toEqual({ mark: '2026-01-01T00:00:00.000Z' });
    expect(nextRequest(done)).toEqual({ updatedAfter: '2025-12-31T23:58:00.000Z', page: 1, sort: 'asc' });
  });

  it('begins a first pass where it is told to, and never asks for rows without a time then', () => {
    const since = new Date('2026-01-01T00:00:00Z');
    const options = { since, mayBeUndated: true };
    expect(nextRequest(undefined, options).updatedAfter).toBe('2026-01-01T00:00:00.000Z');
    const first = advance(undefined, { times: [new Date('2026-01-02')], hasNext: true, serverDate: since }, options);
    const done = advance(first, { times: [], hasNext: false, serverDate: since }, options);
    expect(done.position).toBeUndefined();
  });
});
