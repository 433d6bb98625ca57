import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  benchSize,
  changeWorld,
  seedWorld,
  smallSize,
  type MemoryHost,
  type SeededWorld,
  type SeedSize,
} from '@syncline/connector-testing';
import type { GitLabEventsConfig } from './config.js';
import { GitLabWorld } from './testing/gitlab-world.js';

// Against hanging: hundreds of polls take most of a minute on a busy machine.
jest.setTimeout(600_000);

let gitLab: GitLabWorld;

beforeEach(async () => {
  gitLab = await GitLabWorld.start();
});
afterEach(() => gitLab.stop());

function seed(size: SeedSize): SeededWorld {
  const seeded = seedWorld(gitLab.gitLab.resetWorld(), size);
  gitLab.pass(10);
  return seeded;
}

function hostOf({ token }: SeededWorld, config: Partial<GitLabEventsConfig> = {}): MemoryHost<GitLabEventsConfig> {
  const instance = { ...gitLab.instance, credentials: { token: token.value } };
  return gitLab.host({ instance, limit: 1000, branches: ['main', 'develop'], ...config });
}

describe('reading by GraphQL costs', () => {
  it('for 10 projects with 10,400 objects at most 300 requests, 10 where nothing and 50 where 1 % changed', async () => {
    const host = hostOf(seed(benchSize));
    const first = await gitLab.requestsOf(host);
    // A commit on two branches is one object that is stored twice.
    expect([first.outcome.status, first.outcome.result?.stored]).toEqual(['succeeded', 10_400]);
    expect(first.endpoints.length).toBeLessThanOrEqual(300);
    gitLab.pass();
    const idle = await gitLab.requestsOf(host);
    expect(idle.outcome.commits).toEqual([]);
    expect(idle.endpoints.length).toBeLessThanOrEqual(10);
    const before = new Map(host.store.events);
    const changes = changeWorld(gitLab.world, 1);
    gitLab.pass();
    const changed = await gitLab.requestsOf(host);
    expect(changed.endpoints.length).toBeLessThanOrEqual(50);
    expect(changes.filter(({ eventId }) => host.store.events.get(eventId) === before.get(eventId))).toEqual([]);
    expect(gitLab.gitLab.requests.unexpected).toEqual([]);
  });

  it('for 100 projects where nothing changed at most 20 requests, and over hours hardly more', async () => {
    const host = hostOf(seed({ ...smallSize, projects: 100, mergeRequests: 4, pipelines: 4, repositories: 3 }));
    await host.run();
    const costs: number[] = [];
    for (let poll = 0; poll < 54; poll += 1) {
      gitLab.pass();
      costs.push((await gitLab.requestsOf(host)).endpoints.length);
    }
    expect(Math.max(...costs.slice(0, 8))).toBeLessThanOrEqual(20);
    // Once an hour each project's deployments are looked at, every few hours its other lists: a few projects at each poll.
    expect(costs.reduce((sum, cost) => sum + cost, 0) / costs.length).toBeLessThanOrEqual(25);
  });
});

describe('what nothing announces', () => {
  it('is found within 75 minutes: deployments without a pipeline, and edits of older releases', async () => {
    const seeded = seed({ ...smallSize, releases: 24 });
    const host = hostOf(seeded);
    await host.run();
    gitLab.pass();
    const [web] = seeded.projects;
    const oldest = [...(web?.releases.values() ?? [])][0];
    if (web === undefined || oldest === undefined) throw new Error('the seeded world is empty');
    const deployment = gitLab.world.deployments.create(web, { environment: 'live', status: 'success' });
    gitLab.world.releases.edit(oldest, { description: 'Corrected' });
    let minutes = 0;
    const isFound = (): boolean =>
      host.store.events.has(`deployment-${web.id}-${deployment.id}`) &&
      host.store.events.get(`release-${web.id}-${oldest.tagName}`)?.description === 'Corrected';
    while (!isFound() && minutes <= 80) {
      gitLab.pass();
      minutes += 5;
      await host.run();
    }
    expect(minutes).toBeGreaterThan(30);
    expect(minutes).toBeLessThanOrEqual(80);
  });

  it('is found in turn, in a registry of hundreds of repositories, and the log says when', async () => {
    const seeded = seed({ ...smallSize, projects: 1, repositories: 230, tags: 1 });
    const [web] = seeded.projects;
    const last = [...(web?.registry.values() ?? [])].at(-1);
    if (web === undefined || last === undefined) throw new Error('the seeded world is empty');
    const host = hostOf(seeded, { eventTypes: ['image'] });
    await host.run();
    gitLab.pass();
    gitLab.world.registry.pushTag(last, 'latest');
    const before = host.store.events.size;
    let polls = 0;
    while (host.store.events.size === before && polls < 6) {
      polls += 1;
      const { endpoints, outcome } = await gitLab.requestsOf(host);
      expect(endpoints.length).toBeLessThanOrEqual(11);
      expect(outcome.logs.map(({ message }) => message).join('\n')).toMatch(
        /Looked at 100 of 230 registry repositories; a pushed image tag is noticed within 4 polls/,
      );
      gitLab.pass();
    }
    expect(polls).toBeGreaterThan(1);
    expect(polls).toBeLessThanOrEqual(4);
  });

  it('is found where the registry does not tell of pushes, by comparing digests', async () => {
    gitLab.gitLab.graphql.set({ registry: 'plain' });
    const seeded = seed({ ...smallSize, repositories: 2, tags: 25 });
    const host = hostOf(seeded, { eventTypes: ['image'] });
    await host.run();
    gitLab.pass();
    const repository = [...(seeded.projects[1]?.registry.values() ?? [])][0];
    if (repository === undefined) throw new Error('the seeded world is empty');
    const pushed = gitLab.world.registry.pushTag(repository, '1.3.0');
    const { outcome } = await gitLab.requestsOf(host);
    expect(outcome.stored.created).toBe(1);
    expect(host.store.events.has(`registry-${repository.id}-1.3.0-${pushed.digest}`)).toBe(true);
  });

  it('is found though it happens in the second in which it is read', async () => {
    const project = gitLab.project('web');
    const mergeRequest = gitLab.world.mergeRequests.create(project);
    const repository = gitLab.world.registry.createRepository(project, 'app');
    gitLab.world.registry.pushTag(repository, 'latest');
    for (const reading of ['auto', 'rest'] as const) {
      const host = gitLab.host({ eventTypes: ['merge_request', 'image'], reading });
      gitLab.world.mergeRequests.label(mergeRequest, { add: [`first-${reading}`] });
      gitLab.world.registry.pushTag(repository, 'latest');
      await host.run();
      // The clock of the world stands still.
      gitLab.world.mergeRequests.label(mergeRequest, { add: [`second-${reading}`] });
      gitLab.world.registry.pushTag(repository, 'latest');
      const images = (): number => [...host.store.events.keys()].filter((id) => id.startsWith('registry-')).length;
      expect(images()).toBe(1);
      gitLab.pass();
      await host.run();
      expect(host.store.events.get(`mr-${project.id}-1`)).toMatchObject({
        metadata: { labels: expect.arrayContaining([`second-${reading}`]) },
      });
      expect(images()).toBe(2);
    }
  });
});
