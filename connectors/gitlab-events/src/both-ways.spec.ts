import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { changeWorld, seedWorld, smallSize, type SeededWorld } from '@syncline/connector-testing';
import { BothWays, contentOf, eventsOf } from './testing/both-ways.js';
import { GitLabWorld } from './testing/gitlab-world.js';

let gitLab: GitLabWorld;
let seeded: SeededWorld;
let ways: BothWays;

beforeEach(async () => {
  gitLab = await GitLabWorld.start();
  seeded = seedWorld(gitLab.gitLab.resetWorld(), { ...smallSize, mergeRequests: 130, pipelines: 230, releases: 24 });
  makeOddities();
  gitLab.pass(10);
  const instance = { ...gitLab.instance, credentials: { token: seeded.token.value } };
  ways = new BothWays(gitLab, { instance, groups: ['acme'], branches: ['main', 'develop'] });
});
afterEach(() => gitLab.stop());

/** What is rare, but makes the two ways differ if anything does. */
function makeOddities(): void {
  const { world } = gitLab;
  const [web] = seeded.projects;
  const person = seeded.people[0];
  if (web === undefined || person === undefined) throw new Error('the seeded world is empty');
  const [first, second, third] = [...web.mergeRequests.values()].filter(({ state }) => state === 'opened');
  if (first === undefined || second === undefined || third === undefined) throw new Error('too few are open');
  world.mergeRequests.update(first, { reviewers: seeded.people.slice(0, 3), assignees: [person], draft: true });
  world.mergeRequests.label(first, { add: ['zebra', 'Äpfel', 'apple'] });
  world.mergeRequests.approve(first, { by: person });
  world.mergeRequests.update(second, { description: '', milestone: null });
  world.mergeRequests.create(web, { author: null });
  world.mergeRequests.set(third, { changedFiles: Array.from({ length: 512 }, (_, index) => `src/${index}.ts`) });
  for (const failureReason of ['script_failure', 'runner_system_failure', 'ci_quota_exceeded', 'unknown_failure']) {
    const pipeline = world.pipelines.create(web, { ref: `refs/merge-requests/${first.iid}/head`, user: null });
    world.pipelines.start(pipeline);
    gitLab.pass(1);
    world.pipelines.finish(pipeline, { jobs: { unit: { failureReason } } });
  }
  world.pipelines.create(web, { status: 'running', neverUpdated: true, source: 'external' });
  world.pipelines.setStatus(world.pipelines.create(web), 'thinking_about_it');
  world.releases.create(web, {
    tagName: 'odd/tag #1',
    author: null,
    releasedAt: new Date(gitLab.clock.now().getTime() + 86_400_000),
    links: [
      { name: 'b', url: 'https://downloads.example.com/b', linkType: 'image' },
      { name: 'a', url: 'https://downloads.example.com/a', linkType: 'other' },
    ],
  });
  const repository = world.registry.createRepository(web);
  for (let tag = 0; tag < 45; tag += 1) world.registry.pushTag(repository, `1.${tag}`);
  world.registry.pushTag(repository, 'index', { createdAt: null, totalSize: null });
}

describe('both ways of reading', () => {
  it('find the same events, versions, transitions and checkpoints in a first sync', async () => {
    expect((await ways.graphQl.run()).status).toBe('succeeded');
    expect((await ways.rest.run()).status).toBe('succeeded');
    expect(ways.graphQl.store.events.size).toBeGreaterThan(1000);
    expect(contentOf(ways.graphQl.store)).toEqual(contentOf(ways.rest.store));
  });

  it('find the same changes, and the same again in a full pass', async () => {
    for (const host of [ways.graphQl, ways.rest]) await host.run();
    gitLab.pass(30);
    changeWorld(gitLab.world, 15);
    gitLab.pass(30);
    // By REST a tag that was pushed again is found in its turn.
    for (let poll = 0; poll < 12; poll += 1) for (const host of [ways.graphQl, ways.rest]) await host.run();
    gitLab.pass(90);
    for (const host of [ways.graphQl, ways.rest]) await host.run();
    expect(eventsOf(ways.graphQl.store)).toEqual(eventsOf(ways.rest.store));
    for (const host of [ways.graphQl, ways.rest]) {
      const full = await host.run({ mode: 'full' });
      expect([full.status, full.stored.created, full.stored.updated]).toEqual(['succeeded', 0, 0]);
    }
    expect(eventsOf(ways.graphQl.store)).toEqual(eventsOf(ways.rest.store));
  });

  it('write nothing when the other takes over', async () => {
    await ways.graphQl.run();
    gitLab.pass();
    for (const reading of ['rest', 'auto', 'rest'] as const) {
      const { status, stored } = await ways.by(reading, ways.graphQl.store).run();
      expect([status, stored.created, stored.updated]).toEqual(['succeeded', 0, 0]);
      gitLab.pass();
    }
  });
});

describe('a switch in the middle of a first sync', () => {
  beforeEach(() => {
    seeded = seedWorld(gitLab.gitLab.resetWorld(), { ...smallSize, projects: 1, mergeRequests: 130, pipelines: 130 });
    gitLab.pass(10);
    const instance = { ...gitLab.instance, credentials: { token: seeded.token.value } };
    ways = new BothWays(gitLab, { instance, groups: ['acme'], branches: ['main', 'develop'] });
  });

  const directions = [
    ['auto', 'rest'],
    ['rest', 'auto'],
  ] as const;

  it.each(directions)('from %s to %s, after any page, loses and doubles nothing', async (from, to) => {
    const { commits } = await ways.rest.run();
    let switches = 0;
    for (let dieAfterCommit = 1; dieAfterCommit < commits.length; dieAfterCommit += 2) {
      const begun = ways.by(from);
      if ((await begun.run({ dieAfterCommit })).status === 'succeeded') break;
      const { status } = await ways.by(to, begun.store).run();
      expect(status).toBe('succeeded');
      expect(eventsOf(begun.store)).toEqual(eventsOf(ways.rest.store));
      switches += 1;
    }
    expect(switches).toBeGreaterThan(4);
  });

  it.each(directions)('from %s to %s, while the world changes, ends with what a first sync sees', async (from, to) => {
    for (const dieAfterCommit of [3, 5, 8]) {
      const begun = ways.by(from);
      await begun.run({ dieAfterCommit });
      gitLab.pass(10);
      changeWorld(gitLab.world, 15);
      gitLab.pass(10);
      await ways.by(to, begun.store).run();
      gitLab.pass(10);
      await ways.by(from, begun.store).run();
      const fresh = ways.by(to);
      await fresh.run();
      const [known, current] = [stateOf(begun.store.events), stateOf(fresh.store.events)];
      expect(Object.keys(current).filter((id) => known[id] !== current[id])).toEqual([]);
    }
  });
});

/** What two syncs agree on that saw different parts of an object's history. */
function stateOf(
  events: ReadonlyMap<
    string,
    { readonly status: string; readonly metadata: unknown; readonly updatedAt: string | null }
  >,
): Record<string, string> {
  return Object.fromEntries(
    [...events].map(([id, { status, metadata, updatedAt }]) => [id, JSON.stringify([status, metadata, updatedAt])]),
  );
}
