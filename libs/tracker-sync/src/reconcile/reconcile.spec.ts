import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { IssueFieldName, LinkSide } from '@syncline/connector-sdk';
import { back, there } from '../../test/text-maps.js';
import type { IssueBaseline } from '../baseline.js';
import type { SyncPolicy } from '../policy.js';
import type { OpenConflict } from '../store.js';
import { sameValue, shownValue, type IssueValues } from '../values.js';
import { nextBaseline, reconcile, type Reconciled, type Rules, type Translation } from './index.js';

const everything: SyncPolicy['fields'] = {
  title: 'both',
  description: 'both',
  state: 'both',
  labels: 'both',
  assignees: 'both',
  milestone: 'both',
  dueDate: 'both',
  confidential: 'both',
  weight: 'both',
};

const policy = (changes: Partial<SyncPolicy> = {}): SyncPolicy => ({
  fields: everything,
  creates: 'both',
  comments: 'both',
  attachments: true,
  confidential: 'preserve',
  conflicts: 'ask',
  granularity: 'field',
  match: 'marker',
  onDelete: 'sever',
  onCommentDelete: 'keep',
  unmappedUsers: 'unassigned',
  ...changes,
});

/** nora is norah on the right, sam is sammy; ghost has nobody. Milestone n is n + 100. */
const people: Record<string, string> = { nora: 'norah', sam: 'sammy' };
const translation: Translation = {
  user: (from, name) =>
    from === 'left' ? people[name] : Object.entries(people).find(([, there_]) => there_ === name)?.[0],
  milestone: (from, { key, title }) => ({ key: String(Number(key) + (from === 'left' ? 100 : -100)), title }),
  text: (from) => (from === 'left' ? there : back),
};

const rules = (changes: Partial<Rules> = {}, policyChanges: Partial<SyncPolicy> = {}): Rules => ({
  policy: policy(policyChanges),
  translation,
  originSide: 'left',
  revision: 'r1',
  ...changes,
});

const issue = (changes: Partial<IssueValues> = {}): IssueValues => ({
  title: 'Title',
  description: 'One\n\nTwo\n\nThree',
  state: 'opened',
  labels: [],
  assignees: [],
  milestone: null,
  dueDate: null,
  confidential: false,
  weight: null,
  ...changes,
});

const agreed = (left: IssueValues, right: IssueValues = left): IssueBaseline => ({
  revision: 'r1',
  left: { values: left, version: '1' },
  right: { values: right, version: '1' },
});

/** Writes as a remote does that keeps everything, unless told otherwise. */
const write = (
  values: IssueValues,
  { write: wanted }: Reconciled,
  side: LinkSide,
  keep?: (values: IssueValues) => IssueValues,
): IssueValues => {
  const written = { ...values, ...wanted[side] };
  return keep?.(written) ?? written;
};

const base = issue();
const rec = (
  left: Partial<IssueValues>,
  right: Partial<IssueValues>,
  changes: Partial<Rules> = {},
  pol: Partial<SyncPolicy> = {},
): Reconciled => reconcile(agreed(base), { ...base, ...left }, { ...base, ...right }, rules(changes, pol));
const nothing = { left: {}, right: {} };

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

  const open = (changes: Partial<OpenConflict> = {}): OpenConflict => ({
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

const words = fc.constantFrom('', 'One', 'Two', 'see #3', 'by @nora', 'by @sam', '/close', '#42', 'x `#3`');
const edits: fc.Arbitrary<Partial<IssueValues>> = fc.record(
  {
    title: fc.constantFrom('Title', 'A', 'B'),
    description: fc.array(words, { maxLength: 6 }).map((lines) => lines.join('\n').trimEnd()),
    state: fc.constantFrom('opened' as const, 'closed' as const),
    labels: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')).map((names) => names.sort()),
    dueDate: fc.constantFrom(null, '2026-05-01', '2026-06-01'),
    weight: fc.constantFrom(null, 0, 5),
    confidential: fc.boolean(),
  },
  { requiredKeys: [] },
);
const assignees = (names: readonly string[]): fc.Arbitrary<Partial<IssueValues>> =>
  fc.option(
    fc.uniqueArray(fc.constantFrom(...names)).map((chosen) => ({ assignees: chosen.sort() })),
    { nil: {} },
  );
const milestones = (keys: readonly string[]): fc.Arbitrary<Partial<IssueValues>> =>
  fc.option(
    fc.constantFrom(...keys).map((key) => ({ milestone: { key, title: `R${key.at(-1) ?? ''}` } })),
    { nil: {} },
  );
const leftEdits = fc
  .tuple(edits, assignees(['nora', 'sam', 'ghost']), milestones(['1', '2']))
  .map((parts) => Object.assign({}, ...parts) as Partial<IssueValues>);
const rightEdits = fc
  .tuple(edits, assignees(['norah', 'sammy', 'alien']), milestones(['101', '102']))
  .map((parts) => Object.assign({}, ...parts) as Partial<IssueValues>);

/** A remote that keeps one assignee, drops a label and trims. */
const stingy = (values: IssueValues): IssueValues => ({
  ...values,
  assignees: values.assignees.slice(0, 1),
  labels: values.labels.filter((label) => label !== 'c'),
  description: values.description.replace(/^\n+/, ''),
});

describe('reconcile, over random edits on both sides', () => {
  const conflicts = fc.constantFrom('ask' as const, 'source' as const, 'target' as const);

  it('has nothing left to do after it was done, and after a conflict nothing but that', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(leftEdits, rightEdits), { minLength: 1, maxLength: 5 }),
        conflicts,
        fc.boolean(),
        (rounds, choice, isStingy) => {
          let [left, right] = [base, isStingy ? stingy(base) : base];
          let baseline = agreed(left, right);
          for (const [mine, theirs] of rounds) {
            [left, right] = [
              { ...left, ...mine },
              { ...right, ...theirs },
            ];
            const ruled = rules({}, { conflicts: choice });
            const first = reconcile(baseline, left, right, ruled);
            [left, right] = [write(left, first, 'left'), write(right, first, 'right', isStingy ? stingy : undefined)];
            const before = baseline;
            baseline = nextBaseline(
              before,
              first,
              { left: { values: left, version: '2' }, right: { values: right, version: '2' } },
              ruled,
            );
            const open = first.decisions.flatMap(({ field, conflict }) =>
              conflict ? [{ linkId: 'l', field, ...conflict }] : [],
            );
            const second = reconcile(baseline, left, right, { ...ruled, open });
            expect(second.write).toEqual(nothing);
            if (choice !== 'ask')
              expect(second.decisions.some(({ conflict, hold }) => conflict ?? hold)).toBe(first.exposed !== undefined);
            // Where sides are open the first time only: a conflict that stays keeps its bases.
            if (open.length > 0) return;
          }
        },
      ),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 2000) },
    );
  });

  it('lets every edit of one side through, and holds exactly the fields both changed differently', () => {
    const scalars: IssueFieldName[] = ['title', 'state', 'dueDate', 'weight', 'milestone'];
    fc.assert(
      fc.property(leftEdits, rightEdits, (mine, theirs) => {
        const [left, right] = [
          { ...base, ...mine },
          { ...base, ...theirs },
        ];
        const result = reconcile(agreed(base), left, right, rules());
        if (left.confidential !== right.confidential)
          expect(result.write[left.confidential ? 'right' : 'left'].confidential).toBe(true);
        const after = { left: write(left, result, 'left'), right: write(right, result, 'right') };
        for (const field of scalars) {
          const asRight =
            field === 'milestone' && left.milestone !== null
              ? translation.milestone('left', left.milestone)
              : left[field];
          const changed = [!sameValue(left[field], base[field]), !sameValue(right[field], base[field])];
          const held = result.decisions.some((decision) => decision.field === field && decision.conflict !== undefined);
          expect(held).toBe(changed[0] && changed[1] && !sameValue(asRight, right[field]));
          if (held) expect([after.left[field], after.right[field]]).toEqual([left[field], right[field]]);
          else expect(shownValue(after.left[field])).toEqual(shownValue(after.right[field]));
        }
        for (const label of ['a', 'b', 'c']) {
          const present = left.labels.includes(label) || right.labels.includes(label);
          expect([after.left.labels.includes(label), after.right.labels.includes(label)]).toEqual([present, present]);
        }
        expect(after.left.assignees.includes('ghost')).toBe(left.assignees.includes('ghost'));
        expect(after.right.assignees.includes('alien')).toBe(right.assignees.includes('alien'));
        expect(after.right.assignees.includes('norah')).toBe(after.left.assignees.includes('nora'));
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 2000) },
    );
  });
});
