import { describe, expect, it } from '@jest/globals';
import type { IssueFieldName } from '@syncline/connector-sdk';
import fc from 'fast-check';
import { propertySeed } from '../../../../test/support/property-seed.js';
import { agreed, base, nothing, rules, translation, write } from '../../test/reconcile-world.js';
import { sameValue, shownValue, type IssueValues } from '../values.js';
import { nextBaseline, reconcile } from './index.js';

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
  .map(([one, two, three]): Partial<IssueValues> => ({ ...one, ...two, ...three }));
const rightEdits = fc
  .tuple(edits, assignees(['norah', 'sammy', 'alien']), milestones(['101', '102']))
  .map(([one, two, three]): Partial<IssueValues> => ({ ...one, ...two, ...three }));

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
          const kept = isStingy ? stingy : (values: IssueValues): IssueValues => values;
          let [left, right] = [base, kept(base)];
          let baseline = agreed(left, right);
          for (const [mine, theirs] of rounds) {
            [left, right] = [{ ...left, ...mine }, kept({ ...right, ...theirs })];
            const ruled = rules({}, { conflicts: choice });
            const first = reconcile(baseline, left, right, ruled);
            [left, right] = [write(left, first, 'left'), write(right, first, 'right', kept)];
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
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 2000), seed: propertySeed },
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
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 2000), seed: propertySeed },
    );
  });
});
