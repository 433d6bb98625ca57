import { describe, expect, it } from '@jest/globals';
import type { MemoryProject, StoredIssue } from '@syncline/connector-testing';
import fc from 'fast-check';
import { Faults } from '../../test/faults.js';
import { Journal, type Recorded } from '../../test/journal.js';
import { modelRuns } from '../../test/model-runs.js';
import { People, anyDeed, fieldDeed, type Deed } from '../../test/people-at-work.js';
import { World, type Pair } from '../../test/pair-world.js';
import { expectIdle, settle } from '../../test/settle.js';
import { findMarkers, originKey, readFrame } from '../index.js';
import type { IssueLink } from '../links.js';

type Step =
  | { readonly side: 0 | 1; readonly deed: Deed }
  /** `dieAfter`: the process is gone after that many commits. */
  | {
      readonly sync: 'incremental' | 'full';
      readonly faults: readonly number[];
      readonly dieAfter: number | undefined;
    };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ side: fc.constantFrom(0 as const, 1 as const), deed: anyDeed }) },
  {
    weight: 1,
    arbitrary: fc.record({
      sync: fc.constantFrom('incremental' as const, 'incremental' as const, 'full' as const),
      faults: fc.oneof(fc.constant([]), fc.array(fc.nat({ max: 60 }), { maxLength: 4 })),
      dieAfter: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined, freq: 3 }),
    }),
  },
);

interface Setting {
  readonly world: World;
  readonly pair: Pair;
  readonly projects: readonly [MemoryProject, MemoryProject];
  readonly people: readonly [People, People];
  readonly journals: readonly [Journal, Journal];
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
  const recorded =
    (side: 'left' | 'right'): Recorded =>
    (key) => {
      const link = pair.store.pair.all().find((known) => known.kind === 'issue' && known[side]?.key === key);
      const baseline = link?.baseline as IssueLink['baseline'];
      // Fields of writes nobody knows the outcome of are not recorded: putting one back is an edit.
      const open = Object.keys(baseline?.begun?.seen[side] ?? {});
      const values = Object.entries(baseline?.[side].values ?? {}).filter(([field]) => !open.includes(field));
      return Object.fromEntries(values);
    };
  const journals = [new Journal(projects[0], recorded('left')), new Journal(projects[1], recorded('right'))] as const;
  return { world, pair, projects, people, journals, faults };
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
const names = (list: unknown): string[] => (typeof list === 'string' && list !== '' ? list.split(',') : []);
const counterpart: Record<string, string> = { nora: 'norah' };

/** The title of a milestone of the right, in the left's words where the two are linked: both may have renamed it. */
function milestoneOf({ pair, projects }: Setting, { milestone }: StoredIssue): string | undefined {
  const link = pair.store.pair
    .all()
    .find(({ kind, state, right }) => kind === 'milestone' && state === 'active' && right?.key === milestone?.key);
  return projects[0].milestones.get(link?.left?.key ?? '')?.title ?? milestone?.title;
}

/** What both sides of a link must agree on, as comparable values. */
function agreedValues(of: Setting, left: StoredIssue, right: StoredIssue): Record<string, [unknown, unknown]> {
  const mapped = (names: readonly string[]): string[] =>
    names.map((name) => counterpart[name]).filter((name) => name !== undefined);
  return {
    title: [left.title, right.title],
    state: [left.state, right.state],
    dueDate: [left.dueDate, right.dueDate],
    weight: [left.weight, right.weight],
    confidential: [left.confidential, right.confidential],
    labels: [left.labels.join(), right.labels.join()],
    milestone: [of.projects[0].milestones.get(left.milestone?.key ?? '')?.title, milestoneOf(of, right)],
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

/** What people of only one side changed is what both sides hold now; only what both changed can be in conflict. */
function expectEdits(of: Setting): void {
  const open = of.pair.store.pair.conflicts.filter(({ settled }) => !settled);
  for (const { id, left, right } of linked(of)) {
    const keys = [left.key, right.key] as const;
    const [mine, theirs] = [of.journals[0].of(left.key), of.journals[1].of(right.key)];
    for (const [side, own, others] of [
      [0, mine, theirs],
      [1, theirs, mine],
    ] as const) {
      for (const [thing, value] of own) {
        const there = thing.replace(
          /^assignee nora(h?)$/,
          (_all, end: string) => `assignee nora${end === '' ? 'h' : ''}`,
        );
        if (others.has(there)) continue;
        expect({ side, thing, value: of.journals[side].now(keys[side], thing) }).toEqual({ side, thing, value });
      }
    }
    for (const { field } of open.filter(({ linkId }) => linkId === id)) {
      expect({ field, mine: mine.has(field), theirs: theirs.has(field) }).toEqual({ field, mine: true, theirs: true });
    }
  }
}

/** Nothing people made is missing: each issue has its copy, unless one of the two was deleted; each comment is there. */
function expectNothingLost(of: Setting): void {
  const links = of.pair.store.pair.all().filter(({ kind }) => kind === 'issue');
  for (const [at, side] of (['left', 'right'] as const).entries()) {
    const [project, others] = [of.projects[at as 0 | 1], of.projects[at === 0 ? 1 : 0]];
    for (const key of project.issues.keys()) {
      const link = links.find((known) => known[side]?.key === key);
      const peer = link?.[side === 'left' ? 'right' : 'left']?.key ?? '';
      expect({ side, key, hasPeer: others.issues.has(peer) || others.deleted.has(peer) }).toEqual({
        side,
        key,
        hasPeer: true,
      });
    }
    for (const [id, word] of of.people[at as 0 | 1].comments) {
      expect({ side, id, says: words(project.comments.get(id)?.body ?? '') }).toEqual({ side, id, says: [word] });
    }
  }
}

/** Linked milestones are alike, but for what both sides gave another value. */
function expectMilestones({ pair, projects, people }: Setting): void {
  for (const { kind, state, ...link } of pair.store.pair.all()) {
    const left = projects[0].milestones.get(link.left?.key ?? '');
    const right = projects[1].milestones.get(link.right?.key ?? '');
    if (kind !== 'milestone' || state !== 'active' || left === undefined || right === undefined) continue;
    const both = (done: 'renamed' | 'moved'): boolean =>
      people[0][done].has(left.key) && people[1][done].has(right.key);
    if (!both('renamed')) expect(right.title).toBe(left.title);
    if (!both('moved')) expect(right.dueDate).toBe(left.dueDate);
  }
}

function expectHarmless({ projects }: Setting): void {
  for (const { effects } of projects) {
    expect(effects.filter(({ by, what }) => by.startsWith('hub-') && what !== 'nora' && what !== 'norah')).toEqual([]);
  }
}

/** Begins with an issue in a milestone, so that there is one to rename. */
async function play(of: Setting, steps: readonly Step[]): Promise<void> {
  of.people[0].act({ do: 'create', paragraphs: 2, closed: false, confidential: false });
  of.people[0].act({ do: 'milestone', issue: 0, value: 1 });
  await of.pair.sync();
  for (const next of steps) {
    if ('deed' in next) of.journals[next.side].during(() => of.people[next.side].act(next.deed));
    else {
      of.faults.set(next.faults);
      const { dieAfter } = next;
      await of.pair.run({ mode: next.sync, ...(dieAfter !== undefined && { dieAfterCommit: dieAfter }) });
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

const runs = modelRuns('two projects');

describe('two projects that people and faults work on', () => {
  it('agree in the end, but for true conflicts, with nothing lost and nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const of = setting();
        await play(of, steps);
        const open = of.pair.store.pair.conflicts.filter(({ settled }) => !settled);
        for (const { id, left, right } of linked(of)) {
          for (const [field, [mine, theirs]] of Object.entries(agreedValues(of, left, right))) {
            const isOpen = open.some((conflict) => conflict.linkId === id && conflict.field === field);
            if (!isOpen) expect({ field, value: theirs }).toEqual({ field, value: mine });
          }
        }
        expectEdits(of);
        expectNothingLost(of);
        expectMilestones(of);
        expectNothingTwice(of);
        expectComments(of);
        expectHarmless(of);
        expect(await expectIdle([of.pair])).toBe(0);
        await decideAll(of);
        for (const { left, right } of linked(of)) {
          for (const [field, [mine, theirs]] of Object.entries(agreedValues(of, left, right))) {
            expect({ field, value: theirs }).toEqual({ field, value: mine });
          }
        }
      }),
      runs,
    );
  }, 1_200_000);

  it('keep every edit, and hold exactly the fields both changed differently', async () => {
    const edits = fc.array(fieldDeed, { maxLength: 8 });
    const disturbance = fc.record({
      faults: fc.array(fc.nat({ max: 60 }), { maxLength: 3 }),
      dieAfter: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(edits, edits, disturbance, async (mine, theirs, { faults, dieAfter }) => {
        const of = setting();
        for (let made = 0; made < 3; made += 1) {
          of.projects[0].addIssue('nora', {
            title: `left${900 + made}`,
            description: 'left990\n\nleft991\n\nleft992\n\nleft993',
          });
        }
        await settle(of.world, [of.pair]);
        const before = new Map(linked(of).map(({ id, left, right }) => [id, agreedValues(of, left, right)]));
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
        const edited = new Map(linked(of).map(({ id, left, right }) => [id, agreedValues(of, left, right)]));
        of.faults.set(faults);
        await of.pair.run(dieAfter === undefined ? {} : { dieAfterCommit: dieAfter });
        of.faults.set([]);
        // What people edit is never left to a full pass.
        await settle(of.world, [of.pair], false);
        const after = new Map(linked(of).map(({ id, left, right }) => [id, agreedValues(of, left, right)]));
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
          for (const [at, field] of (['labels', 'assignees'] as const).entries()) {
            // Sets merge by what was added and removed; nobody but those who are mapped is anybody's business.
            const [was, mineNow, theirsNow] = [before.get(id)?.[field]?.[0], ...(values[field] ?? [])].map(names);
            const all = [...new Set([...(was ?? []), ...(mineNow ?? []), ...(theirsNow ?? [])])].sort();
            const merged = all.filter((name) =>
              was?.includes(name) === true
                ? mineNow?.includes(name) === true && theirsNow?.includes(name) === true
                : mineNow?.includes(name) === true || theirsNow?.includes(name) === true,
            );
            expect({ at, field, value: after.get(id)?.[field]?.map(names) }).toEqual({
              at,
              field,
              value: [merged, merged],
            });
          }
          const paragraphs = [...(touched[0].get(id) ?? [])].filter((field) => field.startsWith('paragraph'));
          const clash = paragraphs.some((field) => touched[1].get(id)?.has(field));
          expect(open.some((conflict) => conflict.linkId === id && conflict.field === 'description')).toBe(clash);
          const [said, mineSaid, theirsSaid] = [before.get(id)?.description?.[0], ...(values.description ?? [])].map(
            names,
          );
          const mergedText = said?.map((word, at) => (mineSaid?.[at] === word ? theirsSaid?.[at] : mineSaid?.[at]));
          const texts = clash ? [mineSaid, theirsSaid] : [mergedText, mergedText];
          expect({ id, texts: after.get(id)?.description?.map(names) }).toEqual({ id, texts });
        }
        expect(await expectIdle([of.pair])).toBe(0);
      }),
      runs,
    );
  }, 1_200_000);
});
