import { describe, expect, it } from '@jest/globals';
import type { LinkSide } from '@syncline/connector-sdk';
import fc from 'fast-check';
import { agreed, base, rules, write } from '../../test/reconcile-world.js';
import type { IssueBaseline } from '../baseline.js';
import type { IssueValues } from '../values.js';
import { beginWrites, nextBaseline, reconcile, settleBegun, type Reconciled } from './index.js';

type Sides<T> = Record<LinkSide, T>;

/** A world in which writes happen, or die on their way. */
class World {
  baseline: IssueBaseline = agreed(base);
  now: Sides<IssueValues> = { left: base, right: base };

  edit(side: LinkSide, changes: Partial<IssueValues>): this {
    this.now[side] = { ...this.now[side], ...changes };
    return this;
  }

  /** A sync whose process is gone after so many writes, the target's first; undefined: it stays. */
  sync(diesAfter?: number): Reconciled {
    const before = settleBegun(this.baseline, this.now, rules());
    const decided = reconcile(before, this.now.left, this.now.right, rules());
    const seen = { ...this.now };
    this.baseline = beginWrites(before, seen, decided.write);
    let writes = 0;
    for (const side of ['right', 'left'] as const) {
      if (Object.keys(decided.write[side]).length === 0) continue;
      if (writes === diesAfter) return decided;
      this.now[side] = write(this.now[side], decided, side);
      writes += 1;
    }
    if (writes === diesAfter) return decided;
    const side = (name: LinkSide) => ({ values: this.now[name], version: '2', seen: seen[name] });
    this.baseline = nextBaseline(before, decided, { left: side('left'), right: side('right') }, rules());
    return decided;
  }
}

const conflictsOf = ({ decisions }: Reconciled): string[] =>
  decisions.flatMap(({ field, conflict }) => (conflict === undefined ? [] : [field]));

const edits: fc.Arbitrary<Partial<IssueValues>> = fc.record(
  {
    title: fc.constantFrom('Title', 'A', 'B', 'C'),
    state: fc.constantFrom('opened' as const, 'closed' as const),
    dueDate: fc.constantFrom(null, '2026-05-01', '2026-06-01'),
    weight: fc.constantFrom(null, 0, 5),
  },
  { requiredKeys: [] },
);

describe('writes whose outcome was never stored', () => {
  it('make no difference to the side people work on, whether they happened or not', () => {
    const side = fc.constantFrom('left' as const, 'right' as const);
    const rounds = fc.array(fc.record({ edits, happens: fc.boolean() }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(side, rounds, (worker, steps) => {
        const world = new World();
        for (const { edits: changes, happens } of steps) {
          expect(conflictsOf(world.edit(worker, changes).sync(happens ? 1 : 0))).toEqual([]);
        }
        const wanted = world.now[worker];
        expect(conflictsOf(world.sync())).toEqual([]);
        expect(world.now).toEqual({ left: wanted, right: wanted });
        expect(world.sync().write).toEqual({ left: {}, right: {} });
      }),
      { numRuns: 2_000, seed: 20_260_302 },
    );
  });

  it('leave an edit of the same line to its own side', () => {
    const world = new World().edit('left', { description: 'One more\n\nTwo\n\nThree' });
    world.sync(1);
    const decided = world.edit('left', { description: 'One again\n\nTwo\n\nThree' }).sync();
    expect(conflictsOf(decided)).toEqual([]);
    expect(world.now.right.description).toBe('One again\n\nTwo\n\nThree');
  });

  it('let a value be put back to what it was before', () => {
    const world = new World().edit('left', { title: 'Other', labels: ['a'] });
    world.sync(1);
    world.edit('left', { title: 'Title', labels: [] }).sync();
    expect(world.now.right).toMatchObject({ title: 'Title', labels: [] });
  });

  it('carry the edits of the side that was written when only that one was', () => {
    const world = new World()
      .edit('left', { description: 'One left\n\nTwo\n\nThree', labels: ['l'] })
      .edit('right', { description: 'One\n\nTwo\n\nThree right', labels: ['r'] });
    world.sync(1);
    expect(world.now.right.description).toBe('One left\n\nTwo\n\nThree right');
    const decided = world.edit('left', { description: 'One again\n\nTwo\n\nThree', labels: [] }).sync();
    expect(conflictsOf(decided)).toEqual([]);
    for (const side of ['left', 'right'] as const) {
      expect(world.now[side]).toMatchObject({ description: 'One again\n\nTwo\n\nThree right', labels: ['r'] });
    }
  });

  it('leave other lines to whoever goes on with them on the side that was written', () => {
    const world = new World().edit('left', { description: 'One more\n\nTwo\n\nThree' });
    world.sync(1);
    world.edit('right', { description: 'One more\n\nTwo\n\nThree right' });
    const decided = world.edit('left', { description: 'One again\n\nTwo\n\nThree' }).sync();
    expect(conflictsOf(decided)).toEqual([]);
    for (const side of ['left', 'right'] as const)
      expect(world.now[side].description).toBe('One again\n\nTwo\n\nThree right');
  });

  it('are taken back where people take back what was written, whatever else was edited there', () => {
    const world = new World().edit('left', { description: 'One more\n\nTwo\n\nThree', labels: ['l', 'm'] });
    world.sync(1);
    world.edit('right', { description: 'One more\n\nTwo\n\nThree right', labels: ['l', 'm', 'theirs'] });
    world.edit('left', { description: 'One\n\nTwo\n\nThree', labels: ['m'] }).sync();
    for (const side of ['left', 'right'] as const) {
      expect(world.now[side]).toMatchObject({
        description: 'One\n\nTwo\n\nThree right',
        labels: ['m', 'theirs'],
      });
    }
  });

  it('keep apart the names of people that were written and those that came besides', () => {
    const world = new World().edit('left', { assignees: ['nora'] }).edit('right', { assignees: ['sammy'] });
    world.sync(1);
    expect(world.now.right.assignees).toEqual(['norah', 'sammy']);
    world
      .edit('right', { assignees: ['norah', 'sammy', 'visitor'] })
      .edit('left', { assignees: [] })
      .sync();
    expect(world.now).toMatchObject({ left: { assignees: ['sam'] }, right: { assignees: ['sammy', 'visitor'] } });
    expect(world.sync().write).toEqual({ left: {}, right: {} });
  });

  it('that never happened leave lines and names of both sides alone', () => {
    const world = new World().edit('left', { description: 'One more\n\nTwo\n\nThree', labels: ['l'] });
    world.sync(0);
    world.edit('right', { description: 'One\n\nTwo\n\nThree right', labels: ['theirs'] }).sync();
    for (const side of ['left', 'right'] as const) {
      expect(world.now[side]).toMatchObject({
        description: 'One more\n\nTwo\n\nThree right',
        labels: ['l', 'theirs'],
      });
    }
  });

  it('never take what people wrote meanwhile for their own', () => {
    const world = new World().edit('left', { title: 'Mine' });
    world.sync(0);
    expect(conflictsOf(world.edit('right', { title: 'Theirs' }).sync())).toEqual(['title']);
    expect(world.now).toMatchObject({ left: { title: 'Mine' }, right: { title: 'Theirs' } });
  });
});

describe('what others change while a side is written', () => {
  it('is still to be seen afterwards', () => {
    const before = agreed(base);
    const decided = reconcile(before, { ...base, title: 'New', labels: ['a'] }, base, rules());
    const left = { values: { ...base, title: 'New', labels: ['a'] }, version: '2' };
    const right = {
      values: { ...base, title: 'New', labels: ['a', 'theirs'], dueDate: '2026-05-01' },
      version: '2',
      seen: base,
    };
    const next = nextBaseline(before, decided, { left, right }, rules());
    expect(next.right.values).toMatchObject({ title: 'New', labels: ['a'], dueDate: null });
    expect(reconcile(next, left.values, right.values, rules()).write).toEqual({
      left: { labels: ['a', 'theirs'], dueDate: '2026-05-01' },
      right: {},
    });
  });
});
