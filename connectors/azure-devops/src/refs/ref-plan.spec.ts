import { describe, expect, it } from '@jest/globals';
import { ancestryNeeded, planRefs, type KnownRef, type RefPlan, type RefPlanInput } from './ref-plan.js';

const never = (): boolean => false;

interface Scene extends Partial<Omit<RefPlanInput, 'wanted' | 'target' | 'known' | 'existing'>> {
  readonly gitLab?: Readonly<Record<string, string>>;
  readonly azure?: Readonly<Record<string, string>>;
  readonly known?: Readonly<Record<string, KnownRef>>;
  /** In GitLab, but not selected. */
  readonly excluded?: readonly string[];
}

function inputOf(scene: Scene): RefPlanInput {
  const gitLab = Object.entries(scene.gitLab ?? {});
  return {
    wanted: gitLab.map(([ref, sha]) => ({ source: ref, target: ref, sha })),
    existing: new Set([...gitLab.map(([ref]) => ref), ...(scene.excluded ?? [])]),
    target: new Map(Object.entries(scene.azure ?? {})),
    known: new Map(Object.entries(scene.known ?? {})),
    deletions: scene.deletions ?? 'keep',
    divergence: scene.divergence ?? 'stop',
    defaultBranch: scene.defaultBranch,
  };
}

const plan = (scene: Scene, isAncestor: (older: string, newer: string) => boolean = never): RefPlan =>
  planRefs(inputOf(scene), isAncestor);
const main = 'refs/heads/main';
/** Shas named by letters: `a` is older than `ab`, which is older than `abc`. */
const byLetters = (older: string, newer: string): boolean => newer.startsWith(older);

describe('planRefs', () => {
  it('creates what Azure DevOps has not, and only if it still has not', () => {
    expect(plan({ gitLab: { [main]: 'a' } }).operations).toEqual([
      { kind: 'create', source: main, target: main, sha: 'a', lease: undefined },
    ]);
  });

  it('moves a branch forward from where it is, whoever put it there', () => {
    const knowledge: readonly Readonly<Record<string, KnownRef>>[] = [{}, { [main]: { pushed: 'a' } }];
    for (const known of knowledge) {
      expect(plan({ gitLab: { [main]: 'ab' }, azure: { [main]: 'a' }, known }, byLetters).operations).toEqual([
        { kind: 'fast-forward', source: main, target: main, sha: 'ab', lease: 'a' },
      ]);
    }
  });

  it('never moves a branch that has changes of its own, whatever the settings', () => {
    for (const divergence of ['stop', 'force-with-lease'] as const) {
      const scene = {
        gitLab: { [main]: 'ab' },
        azure: { [main]: 'ax' },
        known: { [main]: { pushed: 'a' } },
        divergence,
      };
      expect(plan(scene, byLetters)).toMatchObject({
        operations: [],
        verdicts: [{ outcome: 'diverged', left: 'ab', right: 'ax' }],
      });
    }
  });

  it('reports a branch that is ahead in Azure DevOps', () => {
    const scene = { gitLab: { [main]: 'a' }, azure: { [main]: 'ax' }, known: { [main]: { pushed: 'a' } } };
    expect(plan(scene, byLetters).verdicts).toMatchObject([{ outcome: 'diverged', left: 'a', right: 'ax' }]);
  });

  it('rewrites history only where it is told to, and only what it pushed itself', () => {
    const scene = { gitLab: { [main]: 'xy' }, azure: { [main]: 'ab' }, known: { [main]: { pushed: 'ab' } } };
    expect(plan(scene, byLetters).verdicts).toMatchObject([{ outcome: 'rewritten', left: 'xy', right: 'ab' }]);
    expect(plan({ ...scene, divergence: 'force-with-lease' }, byLetters).operations).toEqual([
      { kind: 'force', source: main, target: main, sha: 'xy', lease: 'ab' },
    ]);
  });

  it('knows what a run was about to push when it ended', () => {
    const known = { [main]: { pushed: 'a', intended: 'ab' } };
    const scene = { gitLab: { [main]: 'xy' }, azure: { [main]: 'ab' }, known, divergence: 'force-with-lease' } as const;
    expect(plan(scene, byLetters).operations).toMatchObject([{ kind: 'force', lease: 'ab' }]);
  });

  it('does not move tags as if they were branches', () => {
    const tag = 'refs/tags/v1';
    const scene = { gitLab: { [tag]: 'ab' }, azure: { [tag]: 'a' }, known: { [tag]: { pushed: 'a' } } };
    expect(plan(scene, byLetters).verdicts).toMatchObject([{ outcome: 'rewritten' }]);
    expect(plan({ ...scene, divergence: 'force-with-lease' }, byLetters).operations).toMatchObject([{ kind: 'force' }]);
    expect(plan({ ...scene, known: {} }, byLetters).verdicts).toMatchObject([{ outcome: 'diverged' }]);
  });

  it('deletes only where it is told to, only its own, and never the default branch', () => {
    const topic = 'refs/heads/topic';
    const known = { [topic]: { pushed: 'a' } };
    expect(plan({ azure: { [topic]: 'a' }, known }).verdicts).toEqual([{ outcome: 'kept', target: topic, right: 'a' }]);
    const mirror = { azure: { [topic]: 'a' }, known, deletions: 'mirror' } as const;
    expect(plan(mirror).operations).toEqual([{ kind: 'delete', target: topic, lease: 'a' }]);
    expect(plan({ ...mirror, known: {} })).toEqual({ operations: [], verdicts: [] });
    expect(plan({ ...mirror, azure: { [topic]: 'ax' } }).verdicts).toMatchObject([
      { outcome: 'diverged', right: 'ax' },
    ]);
    expect(plan({ ...mirror, defaultBranch: topic }).verdicts).toMatchObject([{ outcome: 'refused' }]);
    expect(plan({ ...mirror, azure: {} }).verdicts).toEqual([{ outcome: 'gone', target: topic }]);
  });

  it('does not take a branch for deleted that is only no longer selected', () => {
    const topic = 'refs/heads/topic';
    const scene = { azure: { [topic]: 'a' }, known: { [topic]: { pushed: 'a' } }, excluded: [topic] };
    expect(plan({ ...scene, deletions: 'mirror' })).toEqual({ operations: [], verdicts: [] });
  });

  it.each([
    ['refs/heads/Feature', 'refs/heads/feature'],
    ['refs/heads/Feature/a', 'refs/heads/feature/b'],
  ])('lets the first of two names pass that differ in case only: %s, %s', (first, second) => {
    const { operations, verdicts } = plan({ gitLab: { [second]: 'b', [first]: 'a' } });
    expect(operations.map(({ target }) => target)).toEqual([first]);
    expect(verdicts).toMatchObject([
      { outcome: 'name_clash', target: second, reason: expect.stringContaining('beside') },
    ]);
  });

  it('lets the one pass that is there already', () => {
    const [upper, lower] = ['refs/heads/A', 'refs/heads/a'];
    const { operations, verdicts } = plan(
      { gitLab: { [upper]: 'x', [lower]: 'ab' }, azure: { [lower]: 'a' } },
      byLetters,
    );
    expect(operations).toMatchObject([{ kind: 'fast-forward', target: lower }]);
    expect(verdicts).toMatchObject([{ outcome: 'name_clash', target: upper }]);
  });

  it('sees that a name is a folder in Azure DevOps', () => {
    const scene = { gitLab: { 'refs/heads/release': 'a' }, azure: { 'refs/heads/release/1': 'b' } };
    expect(plan(scene).verdicts).toMatchObject([{ outcome: 'name_clash', target: 'refs/heads/release' }]);
    const tags = { gitLab: { 'refs/tags/release': 'a' }, azure: { 'refs/heads/release/1': 'b' } };
    expect(plan(tags).operations).toMatchObject([{ kind: 'create', target: 'refs/tags/release' }]);
  });

  it('asks about the history of what differs, and of nothing else', () => {
    const scene = {
      gitLab: { [main]: 'b', 'refs/heads/x': 'a', 'refs/tags/t': 'c' },
      azure: { [main]: 'a', 'refs/heads/x': 'a', 'refs/tags/t': 'd' },
    };
    expect(ancestryNeeded(inputOf(scene))).toEqual([{ older: 'a', newer: 'b' }]);
  });
});
