import { describe, expect, it } from '@jest/globals';
import { ConnectorError } from '@syncline/connector-sdk';
import type { MemoryProject, StoredIssue, TrackerCall } from '@syncline/connector-testing';
import fc from 'fast-check';
import { People, anyDeed, fieldDeed, type Deed } from '../../test/people-at-work.js';
import { World, type Pair } from '../../test/pair-world.js';
import { expectIdle, settle } from '../../test/settle.js';
import { findMarkers, originKey, readFrame } from '../index.js';

const runs = Number(process.env.MODEL_RUNS ?? 100);

type Step =
  | { readonly side: 0 | 1; readonly deed: Deed }
  | { readonly sync: 'incremental' | 'full'; readonly faults: readonly number[] };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ side: fc.constantFrom(0 as const, 1 as const), deed: anyDeed }) },
  {
    weight: 1,
    arbitrary: fc.record({
      sync: fc.constantFrom('incremental' as const, 'incremental' as const, 'full' as const),
      faults: fc.oneof(fc.constant([]), fc.array(fc.nat({ max: 60 }), { maxLength: 4 })),
    }),
  },
);

/** Faults at chosen moments: an odd moment loses the answer, an even one the request. */
class Faults {
  private count = 0;
  private at = new Set<number>();

  readonly seam = ({ phase }: TrackerCall): void => {
    this.count += 1;
    if (!this.at.has(this.count)) return;
    throw new ConnectorError('transient', phase === 'after' ? 'the answer was lost' : 'no connection');
  };

  set(at: readonly number[]): void {
    this.count = 0;
    this.at = new Set(at);
  }
}

interface Setting {
  readonly world: World;
  readonly pair: Pair;
  readonly projects: readonly [MemoryProject, MemoryProject];
  readonly people: readonly [People, People];
  readonly faults: Faults;
}

function setting(): Setting {
  const world = new World();
  const faults = new Faults();
  const pair = world.pair('a', 'b', {
    left: { seam: faults.seam, pageSize: 3 },
    right: { seam: faults.seam, pageSize: 3 },
  });
  const projects = [world.project('a'), world.project('b')] as const;
  const people = [
    new People(projects[0], 'left', ['nora', 'sam']),
    new People(projects[1], 'right', ['norah', 'sammy']),
  ] as const;
  return { world, pair, projects, people, faults };
}

/** Linked issues of both projects. */
function linked({ pair, projects }: Setting): { id: string; left: StoredIssue; right: StoredIssue }[] {
  return pair.store.pair.all().flatMap((link) => {
    if (link.kind !== 'issue' || (link.state !== 'active' && link.state !== 'conflicted')) return [];
    const left = projects[0].issues.get(link.left?.key ?? '');
    const right = projects[1].issues.get(link.right?.key ?? '');
    return left === undefined || right === undefined ? [] : [{ id: link.id, left, right }];
  });
}

const words = (text: string): string[] => text.match(/\b(?:left|right)\d+\b/g) ?? [];
const counterpart: Record<string, string> = { nora: 'norah' };

/** What both sides of a link must agree on, as comparable values. */
function agreedValues(left: StoredIssue, right: StoredIssue): Record<string, [unknown, unknown]> {
  const mapped = (names: readonly string[]): string[] =>
    names.map((name) => counterpart[name]).filter((name) => name !== undefined);
  return {
    title: [left.title, right.title],
    state: [left.state, right.state],
    dueDate: [left.dueDate, right.dueDate],
    weight: [left.weight, right.weight],
    confidential: [left.confidential, right.confidential],
    labels: [left.labels.join(), right.labels.join()],
    milestone: [left.milestone?.title, right.milestone?.title],
    assignees: [mapped(left.assignees).join(), right.assignees.filter((name) => name === 'norah').join()],
    description: [words(readFrame(left.description).body).join(), words(readFrame(right.description).body).join()],
  };
}

function expectNothingTwice({ projects }: Setting): void {
  for (const project of projects) {
    const texts = [...project.issues.values()].map(({ description }) => description);
    const comments = [...project.comments.values()].map(({ body }) => body);
    const origins = [...texts, ...comments]
      .flatMap((text) => findMarkers(text).slice(-1))
      .map(({ marker }) => originKey(marker.origin));
    expect(origins.length).toBe(new Set(origins).size);
  }
}

/** Every comment a person wrote on a linked issue is there on both sides, once, with its latest words. */
function expectComments(of: Setting): void {
  for (const { left, right } of linked(of)) {
    const said = ([project, issue]: readonly [MemoryProject, StoredIssue]): string[] =>
      project
        .commentsOf(issue.key)
        .map(({ body, internal }) => `${words(readFrame(body).body).join()} ${internal}`)
        .sort();
    expect(said([of.projects[1], right])).toEqual(said([of.projects[0], left]));
  }
}

function expectHarmless({ projects }: Setting): void {
  for (const { effects } of projects) {
    expect(effects.filter(({ by, what }) => by.startsWith('hub-') && what !== 'nora' && what !== 'norah')).toEqual([]);
  }
}

async function play(of: Setting, steps: readonly Step[]): Promise<void> {
  for (const next of steps) {
    if ('deed' in next) of.people[next.side].act(next.deed);
    else {
      of.faults.set(next.faults);
      await of.pair.run({ mode: next.sync });
      of.faults.set([]);
      of.world.pass(60_000);
    }
  }
  await settle(of.world, [of.pair]);
}

/** Somebody decides every conflict. */
async function decideAll(of: Setting): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    const open = of.pair.store.pair.conflicts.filter(({ settled }) => !settled);
    if (open.length === 0) return;
    for (const { linkId, field } of open)
      of.pair.store.pair.decide(linkId, field, { choice: round % 2 === 0 ? 'left' : 'right' });
    await settle(of.world, [of.pair]);
  }
}

describe('two projects that people and faults work on', () => {
  it('agree in the end, but for true conflicts, with nothing lost and nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const of = setting();
        await play(of, steps);
        const open = of.pair.store.pair.conflicts.filter(({ settled }) => !settled);
        for (const { id, left, right } of linked(of)) {
          for (const [field, [mine, theirs]] of Object.entries(agreedValues(left, right))) {
            const isOpen = open.some((conflict) => conflict.linkId === id && conflict.field === field);
            if (!isOpen) expect({ field, value: theirs }).toEqual({ field, value: mine });
          }
        }
        expectNothingTwice(of);
        expectComments(of);
        expectHarmless(of);
        expect(await expectIdle([of.pair])).toBe(0);
        await decideAll(of);
        for (const { left, right } of linked(of)) {
          for (const [field, [mine, theirs]] of Object.entries(agreedValues(left, right))) {
            expect({ field, value: theirs }).toEqual({ field, value: mine });
          }
        }
      }),
      { numRuns: runs },
    );
  }, 300_000);

  it('keep every edit, and hold exactly the fields both changed differently', async () => {
    const edits = fc.array(fieldDeed, { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(edits, edits, fc.array(fc.nat({ max: 60 }), { maxLength: 3 }), async (mine, theirs, faults) => {
        const of = setting();
        for (let made = 0; made < 3; made += 1) {
          of.projects[0].addIssue('nora', {
            title: `left${900 + made}`,
            description: 'left990\n\nleft991\n\nleft992\n\nleft993',
          });
        }
        await settle(of.world, [of.pair]);
        const before = new Map(linked(of).map(({ id, left, right }) => [id, agreedValues(left, right)]));
        const keys = linked(of).map(({ id, left, right }) => ({ id, left: left.key, right: right.key }));
        const touched = [new Map<string, Set<string>>(), new Map<string, Set<string>>()] as const;
        for (const [side, deeds] of [mine, theirs].entries()) {
          for (const deed of deeds) {
            const done = of.people[side as 0 | 1].act(deed);
            const id = keys.find((known) => known[side === 0 ? 'left' : 'right'] === done?.key)?.id ?? '';
            const fields = touched[side as 0 | 1].get(id) ?? new Set();
            if (done !== undefined) touched[side as 0 | 1].set(id, fields.add(done.field));
          }
        }
        const edited = new Map(linked(of).map(({ id, left, right }) => [id, agreedValues(left, right)]));
        of.faults.set(faults);
        await of.pair.run();
        of.faults.set([]);
        await settle(of.world, [of.pair]);
        const after = new Map(linked(of).map(({ id, left, right }) => [id, agreedValues(left, right)]));
        const open = of.pair.store.pair.conflicts.filter(({ settled }) => !settled);
        for (const [id, values] of edited) {
          for (const field of ['title', 'state', 'dueDate', 'weight', 'milestone'] as const) {
            const [left, right] = values[field] ?? [];
            const [base] = before.get(id)?.[field] ?? [];
            const isConflict = left !== base && right !== base && left !== right;
            const expected = isConflict ? [left, right] : left === base ? [right, right] : [left, left];
            expect({ field, value: after.get(id)?.[field] }).toEqual({ field, value: expected });
            expect(open.some((conflict) => conflict.linkId === id && conflict.field === field)).toBe(isConflict);
          }
          const paragraphs = [...(touched[0].get(id) ?? [])].filter((field) => field.startsWith('paragraph'));
          const clash = paragraphs.some((field) => touched[1].get(id)?.has(field));
          expect(open.some((conflict) => conflict.linkId === id && conflict.field === 'description')).toBe(clash);
        }
        expect(await expectIdle([of.pair])).toBe(0);
      }),
      { numRuns: runs },
    );
  }, 300_000);
});
