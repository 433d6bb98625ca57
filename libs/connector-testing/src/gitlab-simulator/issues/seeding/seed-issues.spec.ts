import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from '../../testing/acme.js';
import { ask } from '../../testing/ask.js';
import { changeIssues } from './change-issues.js';
import { seedIssues } from './seed-issues.js';

describe('seeded issues', () => {
  let acme: Acme;
  beforeEach(async () => {
    acme = await startAcme();
  });
  afterEach(async () => {
    await acme.gitlab.stop();
  });

  it('are the same for the same seed, in the asked shares, and tell nobody', async () => {
    const { world } = acme.gitlab;
    const other = world.projects.create({ path: 'api', owner: acme.group });
    const people = ['sam', 'ada'].map((username) => world.users.create({ username }));
    for (const project of [acme.project, other])
      for (const person of people) world.projects.setMember(project, person, 'developer');
    const seed = { issues: 200, confidential: 0.1, internal: 0.1, people };
    const issues = seedIssues(world, acme.project, seed);
    const share = (matches: (issue: (typeof issues)[number]) => boolean): number => issues.filter(matches).length / 200;
    expect(share(({ state }) => state === 'closed')).toBeCloseTo(0.25, 1);
    expect(share(({ description }) => description?.includes('/uploads/') === true)).toBeCloseTo(0.05, 1);
    expect(share(({ confidential }) => confidential)).toBeCloseTo(0.1, 1);
    expect(issues.every(({ notes }) => notes.filter(({ system }) => !system).length === 3)).toBe(true);
    expect(
      issues.every(({ createdAt, updatedAt }) => createdAt < updatedAt && updatedAt <= world.core.clock.read()),
    ).toBe(true);
    expect([world.notifications.all.length, world.quickActions.executed.length]).toEqual([0, 0]);
    const again = await startAcme();
    again.gitlab.world.projects.create({ path: 'api', owner: again.group });
    const same = ['sam', 'ada'].map((username) => again.gitlab.world.users.create({ username }));
    for (const person of same) again.gitlab.world.projects.setMember(again.project, person, 'developer');
    const repeated = seedIssues(again.gitlab.world, again.project, { ...seed, people: same });
    await again.gitlab.stop();
    const shown = (rows: typeof issues) =>
      rows.map(({ title, description, state, updatedAt }) => [title, description, state, updatedAt]);
    expect(shown(repeated)).toEqual(shown(issues));
    expect((await ask(acme.gitlab, acme.token, '/projects/1/issues?per_page=1')).headers.get('x-total')).toBe('200');
  });

  it('change where asked, one field or one comment each', () => {
    const { world } = acme.gitlab;
    seedIssues(world, acme.project, { issues: 30, comments: 0 });
    acme.pass(1000);
    const before = world.core.clock.read();
    const changed = changeIssues(world, acme.project, { edits: 8, comments: 4, created: 2, by: acme.nora });
    const touched = [...acme.project.issues.byIid.values()].filter(({ updatedAt }) => updatedAt >= before);
    const named = [...changed.edited, ...changed.commented, ...changed.created];
    expect(touched.map(({ iid }) => iid).sort()).toEqual([...named].sort());
    expect(new Set(named).size).toBe(14);
  });
});
