import { describe, expect, it } from '@jest/globals';
import type { MemoryProject, StoredIssue } from '@syncline/connector-testing';
import fc from 'fast-check';
import { Faults } from '../../test/faults.js';
import { modelRuns } from '../../test/model-runs.js';
import { People, anyDeed } from '../../test/people-at-work.js';
import { World, type Pair } from '../../test/pair-world.js';
import { expectIdle, settle } from '../../test/settle.js';
import { findMarkers, originKey, readFrame } from '../index.js';

const runs = modelRuns('triangle', 60);
const names = ['a', 'b', 'c'] as const;

interface Triangle {
  readonly world: World;
  readonly pairs: readonly [Pair, Pair, Pair];
  readonly projects: readonly MemoryProject[];
  readonly faults: Faults;
}

function triangle(): Triangle {
  const world = new World();
  const faults = new Faults();
  const trackers = { left: { seam: faults.seam }, right: { seam: faults.seam } };
  const pairs = [
    world.pair('a', 'b', { users: [{ left: 'nora', right: 'norah' }], ...trackers }),
    world.pair('b', 'c', { users: [{ left: 'norah', right: 'nore' }], ...trackers }),
    world.pair('a', 'c', { users: [{ left: 'nora', right: 'nore' }], ...trackers }),
  ] as const;
  return { world, pairs, projects: names.map((name) => world.project(name)), faults };
}

/** What an issue is a copy of, or is itself: the same for all of a family. */
function familyOf(project: MemoryProject, { key, description }: StoredIssue): string {
  const origin = readFrame(description).marker?.origin;
  return origin === undefined ? `${project.place.projectId} ${key}` : `${origin.project} ${origin.issue}`;
}

const words = (text: string): string => (readFrame(text).body.match(/\b[abc]\d+\b/g) ?? []).join();

describe('a triangle of three projects', () => {
  it('makes one copy in each, whichever pair runs first, and comes to rest', async () => {
    const { world, pairs, projects } = triangle();
    const [a, b, c] = projects as [MemoryProject, MemoryProject, MemoryProject];
    a.addIssue('nora', { title: 'a1', description: 'a2', assignees: ['nora'] });
    b.addIssue('norah', { title: 'b1' });
    c.addIssue('nore', { title: 'c1' });
    a.addComment('nora', '1', 'a3');
    await settle(world, pairs);
    for (const project of projects) {
      expect([...project.issues.values()].map(({ title }) => title).sort()).toEqual(['a1', 'b1', 'c1']);
      const copy = [...project.issues.values()].find(({ title }) => title === 'a1')!;
      expect(project.commentsOf(copy.key).map(({ body }) => words(body))).toEqual(['a3']);
      expect(copy.assignees).toHaveLength(1);
    }
    const far = [...c.issues.values()].find(({ title }) => title === 'a1')!;
    expect(far.description).toMatch(/Synced from: https:\/\/a\.example\/acme\/a\/-\/issues\/1$/);
    c.editIssue(far.key, { title: 'a4', description: far.description.replace('a2', 'a2 c2') });
    await settle(world, pairs);
    expect(a.issues.get('1')).toMatchObject({ title: 'a4', description: 'a2 c2' });
    expect([...b.issues.values()].some(({ title }) => title === 'a4')).toBe(true);
    expect(await expectIdle(pairs)).toBe(0);
  });

  it('makes no second copy of what lost its original, when a copy of it changes', async () => {
    const { world, pairs, projects } = triangle();
    const [a, b, c] = projects as [MemoryProject, MemoryProject, MemoryProject];
    b.addIssue('norah', { title: 'b1' });
    await pairs[1].sync();
    await settle(world, pairs);
    b.deleteIssue('1');
    await settle(world, pairs);
    a.editIssue('1', { title: 'a1' });
    await settle(world, pairs);
    expect([...c.issues.values()].map(({ title }) => title)).toEqual(['b1']);
    expect(await expectIdle(pairs)).toBe(0);
  });

  it('agrees after random work in all three, with one copy of everything', async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ at: fc.nat({ max: 2 }), deed: anyDeed }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          pair: fc.nat({ max: 2 }),
          mode: fc.constantFrom('incremental' as const, 'full' as const),
          faults: fc.oneof(fc.constant([]), fc.array(fc.nat({ max: 60 }), { maxLength: 3 })),
        }),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        const { world, pairs, projects, faults } = triangle();
        // Of a family of which one was deleted each goes its own way.
        const broken = new Set<string>();
        const people = [['nora', 'sam'], ['norah', 'sammy'], ['nore']].map(
          (members, at) => new People(projects[at]!, names[at] ?? '', members),
        );
        for (const next of steps) {
          if ('deed' in next) {
            const project = projects[next.at]!;
            const before = [...project.issues.values()];
            people[next.at]?.act(next.deed);
            for (const issue of before) if (project.deleted.has(issue.key)) broken.add(familyOf(project, issue));
          } else {
            faults.set(next.faults);
            await pairs[next.pair]?.run({ mode: next.mode });
            faults.set([]);
            world.pass(60_000);
          }
        }
        await settle(world, pairs);
        for (let round = 0; round < 4; round += 1) {
          for (const { store } of pairs) {
            for (const { linkId, field, settled } of store.pair.conflicts)
              if (!settled) store.pair.decide(linkId, field, { choice: 'left' });
          }
          await settle(world, pairs);
        }
        const shown = projects.map((project) =>
          [...project.issues.values()]
            .filter((issue) => !broken.has(familyOf(project, issue)))
            .map((issue) => ({
              title: issue.title,
              state: issue.state,
              dueDate: issue.dueDate,
              labels: issue.labels,
              text: words(issue.description),
              comments: project
                .commentsOf(issue.key)
                .map(({ body }) => words(body))
                .sort(),
            }))
            .sort((one, other) => one.title.localeCompare(other.title)),
        );
        expect(shown[1]).toEqual(shown[0]);
        expect(shown[2]).toEqual(shown[0]);
        for (const project of projects) {
          const texts = [
            ...[...project.issues.values()].map(({ description }) => description),
            ...[...project.comments.values()].map(({ body }) => body),
          ];
          const origins = texts
            .flatMap((text) => findMarkers(text).slice(-1))
            .map(({ marker }) => originKey(marker.origin));
          expect(origins.length).toBe(new Set(origins).size);
        }
        expect(await expectIdle(pairs)).toBe(0);
      }),
      runs,
    );
  }, 1_200_000);
});
