import { describe, expect, it } from '@jest/globals';
import { agreed, base, everything, issue, nothing, rules, translation, write } from '../../test/reconcile-world.js';
import { back, there } from '../../test/text-maps.js';
import type { FieldConflict } from '../links.js';
import type { SyncPolicy } from '../policy.js';
import type { IssueValues } from '../values.js';
import { nextBaseline, reconcile, type Reconciled, type Rules, type Translation } from './index.js';

const rec = (
  left: Partial<IssueValues>,
  right: Partial<IssueValues>,
  changes: Partial<Rules> = {},
  pol: Partial<SyncPolicy> = {},
): Reconciled => reconcile(agreed(base), { ...base, ...left }, { ...base, ...right }, rules(changes, pol));

describe('reconcile', () => {
  it('does nothing where nothing changed', () => {
    expect(rec({}, {}).write).toEqual(nothing);
  });

  it('keeps edits of different fields from both sides', () => {
    const { write: wanted } = rec({ title: 'New' }, { dueDate: '2026-05-01', state: 'closed' });
    expect(wanted).toEqual({ left: { dueDate: '2026-05-01', state: 'closed' }, right: { title: 'New' } });
  });

  it('clears as well as it sets', () => {
    const before = issue({
      milestone: { key: '1', title: 'R1' },
      dueDate: '2026-05-01',
      weight: 3,
      labels: ['a'],
      assignees: ['nora'],
    });
    const right = { ...before, milestone: { key: '101', title: 'R1' }, assignees: ['norah'] };
    const cleared = { milestone: null, dueDate: null, weight: null, labels: [], assignees: [], description: '' };
    expect(reconcile(agreed(before, right), { ...before, ...cleared }, right, rules()).write).toEqual({
      left: {},
      right: cleared,
    });
  });

  it('merges edits of different paragraphs, in each side’s own words', () => {
    const left = { description: 'One, see #3\n\nTwo\n\nThree' };
    const right = { description: 'One\n\nTwo\n\nThree by @sam' };
    const { write: wanted } = rec(left, right);
    expect(wanted.right.description).toBe('One, see #13\n\nTwo\n\nThree by @sam');
    expect(wanted.left.description).toBe('One, see #3\n\nTwo\n\nThree by @\u200Bsam');
  });

  it('holds one field, and only that one, where both changed it differently', () => {
    const { write: wanted, decisions } = rec({ title: 'A', dueDate: '2026-05-01' }, { title: 'B' });
    expect(wanted).toEqual({ left: {}, right: { dueDate: '2026-05-01' } });
    expect(decisions.filter(({ conflict }) => conflict)).toMatchObject([
      { field: 'title', hold: true, conflict: { base: 'Title', left: 'A', right: 'B' } },
    ]);
  });

  it('calls the same change on both sides no conflict', () => {
    const both = rec({ title: 'A' }, { title: 'A' });
    expect(both.write).toEqual(nothing);
    expect(both.decisions.some(({ conflict }) => conflict)).toBe(false);
  });

  it.each([
    ['source', { left: {}, right: { title: 'A' } }],
    ['target', { left: { title: 'B' }, right: {} }],
  ] as const)('lets the %s win by policy', (conflicts, wanted) => {
    expect(rec({ title: 'A' }, { title: 'B' }, {}, { conflicts }).write).toEqual(wanted);
  });

  it('lets the newest change win, and asks where the remotes do not tell', () => {
    const times = { left: { title: '2026-01-02T00:00:00Z' }, right: { title: '2026-01-01T00:00:00Z' } };
    expect(rec({ title: 'A' }, { title: 'B' }, { times }, { conflicts: 'newest' }).write.right).toEqual({ title: 'A' });
    const asked = rec({ title: 'A' }, { title: 'B' }, { times: { left: {}, right: {} } }, { conflicts: 'newest' });
    expect(asked.decisions.some(({ conflict }) => conflict)).toBe(true);
  });

  it('holds the whole issue, or gives it to one side, where issues are taken as a whole', () => {
    const held = rec({ title: 'A', dueDate: '2026-05-01' }, { title: 'B' }, {}, { granularity: 'issue' });
    expect(held.write).toEqual(nothing);
    const won = rec({ title: 'A' }, { title: 'B', weight: 4 }, {}, { granularity: 'issue', conflicts: 'source' });
    expect(won.write).toEqual({ left: {}, right: { title: 'A', weight: null } });
  });

  const open = (changes: Partial<FieldConflict> = {}): FieldConflict => ({
    linkId: 'l',
    field: 'title',
    base: 'Title',
    left: 'A',
    right: 'B',
    ...changes,
  });

  it('renews an open conflict instead of adding one, and says nothing where it is the same', () => {
    const same = rec({ title: 'A' }, { title: 'B' }, { open: [open()] });
    expect(same.decisions.some(({ conflict }) => conflict)).toBe(false);
    const newer = rec({ title: 'A2' }, { title: 'B' }, { open: [open()] });
    expect(newer.decisions.find(({ conflict }) => conflict)).toMatchObject({ conflict: { left: 'A2', right: 'B' } });
  });

  it('closes a conflict when the sides agree again, or one takes its change back', () => {
    expect(rec({ title: 'C' }, { title: 'C' }, { open: [open()] }).decisions).toContainEqual({
      field: 'title',
      ends: 'closed',
    });
    const back_ = rec({ title: 'Title' }, { title: 'B' }, { open: [open()] });
    expect(back_.write.left).toEqual({ title: 'B' });
    expect(back_.decisions.find(({ ends }) => ends)).toMatchObject({ field: 'title', ends: 'closed' });
  });

  it('applies a decision that was made about the values that are there', () => {
    const left = open({ resolution: { choice: 'left' } });
    expect(rec({ title: 'A' }, { title: 'B' }, { open: [left] }).write).toEqual({ left: {}, right: { title: 'A' } });
    const value = open({ resolution: { choice: 'value', value: 'C' } });
    expect(rec({ title: 'A' }, { title: 'B' }, { open: [value] }).write).toEqual({
      left: { title: 'C' },
      right: { title: 'C' },
    });
    const outdated = rec({ title: 'A' }, { title: 'B2' }, { open: [left] });
    expect(outdated.write).toEqual(nothing);
    expect(outdated.decisions.find(({ conflict }) => conflict)).toMatchObject({ conflict: { right: 'B2' } });
  });

  it('writes one way only where one way is wanted, and still overwrites nobody in silence', () => {
    const oneWay = Object.fromEntries(
      Object.keys(everything).map((field) => [field, 'toRight']),
    ) as SyncPolicy['fields'];
    expect(rec({}, { title: 'B', labels: ['own'] }, {}, { fields: oneWay, comments: 'toRight' }).write).toEqual(
      nothing,
    );
    const both = rec({ title: 'A', labels: ['x'] }, { title: 'B', labels: ['own'] }, {}, { fields: oneWay });
    expect(both.write).toEqual({ left: {}, right: { labels: ['own', 'x'] } });
    expect(both.decisions.find(({ conflict }) => conflict)).toMatchObject({ field: 'title' });
  });

  it('neither compares nor writes a field that is not selected', () => {
    expect(rec({ title: 'A', weight: 4 }, {}, {}, { fields: { title: 'both' } }).write).toEqual({
      left: {},
      right: { title: 'A' },
    });
  });

  it('takes the peer along when an issue turns confidential, whatever fields are selected', () => {
    expect(rec({ confidential: true }, {}, {}, { fields: { title: 'both' } }).write.right).toEqual({
      confidential: true,
    });
    expect(rec({}, { confidential: true }, {}, { confidential: 'skip' }).write.left).toEqual({ confidential: true });
  });

  it('writes nothing more to a side that would show in public what is confidential', () => {
    const hidden = issue({ confidential: true });
    const exposed = reconcile(agreed(hidden, base), { ...hidden, title: 'Secret' }, base, rules());
    expect(exposed).toMatchObject({ exposed: 'right', write: nothing });
  });

  it('does not write again what a side refused, until it changes', () => {
    const left = issue({ assignees: ['nora', 'sam'], labels: ['x'] });
    const first = reconcile(agreed(base), left, base, rules());
    expect(first.write.right).toEqual({ assignees: ['norah', 'sammy'], labels: ['x'] });
    const kept = issue({ assignees: ['norah'] });
    const after = nextBaseline(
      agreed(base),
      first,
      { left: { values: left, version: '2' }, right: { values: kept, version: '2' } },
      rules(),
    );
    expect(after.right.refused).toEqual({ assignees: ['norah', 'sammy'], labels: ['x'] });
    expect(reconcile(after, left, kept, rules()).write).toEqual(nothing);
    const changed = reconcile(after, { ...left, assignees: ['sam'] }, kept, rules());
    expect(changed.write.right).toEqual({ assignees: ['sammy'] });
  });

  it('leaves users without a counterpart to their own side', () => {
    const before = issue({ assignees: ['ghost'] });
    const right = issue({ assignees: ['stranger'] });
    expect(reconcile(agreed(before, right), { ...before, assignees: ['ghost', 'nora'] }, right, rules()).write).toEqual(
      {
        left: {},
        right: { assignees: ['norah', 'stranger'] },
      },
    );
  });

  it('renders anew after the mapping changed, and calls it no edit', () => {
    const left = issue({ assignees: ['ghost'], description: 'By @ghost\n\nand #42' });
    const right = issue({ description: 'By @\u200Bghost\n\nand https://left.example/gitlab/acme/web/-/issues/42' });
    const before = agreed(left, right);
    expect(reconcile(before, left, right, rules()).write).toEqual(nothing);
    const later: Translation = {
      ...translation,
      user: (from, name) => (from === 'left' ? ({ ghost: 'boo' } as Record<string, string>)[name] : undefined),
      text: (from) =>
        from === 'left'
          ? {
              ...there,
              names: { ...there.names, user: (name) => (name === 'ghost' ? 'boo' : undefined), issue: () => '77' },
            }
          : back,
    };
    const remapped = reconcile(before, left, right, rules({ translation: later, revision: 'r2' }));
    expect(remapped.write).toEqual({ left: {}, right: { assignees: ['boo'], description: 'By @boo\n\nand #77' } });
    const written = write(right, remapped, 'right');
    const after = nextBaseline(
      before,
      remapped,
      { left: { values: left, version: '1' }, right: { values: written, version: '2' } },
      rules({ translation: later, revision: 'r2' }),
    );
    expect(after.revision).toBe('r2');
    expect(reconcile(after, left, written, rules({ translation: later, revision: 'r2' })).write).toEqual(nothing);
  });

  it('lets two issues that are found to be the same agree without losing anything', () => {
    const left = issue({ labels: ['a'], dueDate: '2026-05-01', title: 'Same' });
    const right = issue({ labels: ['b'], description: '', title: 'Same', weight: 2 });
    const { write: wanted, decisions } = reconcile(undefined, left, right, rules());
    expect(wanted).toEqual({
      left: { labels: ['a', 'b'], weight: 2 },
      right: { labels: ['a', 'b'], dueDate: '2026-05-01', description: left.description },
    });
    expect(decisions.some(({ conflict }) => conflict)).toBe(false);
  });
});
