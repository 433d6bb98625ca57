import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MemoryHost, Project } from '@syncline/connector-testing';
import type { GitLabEventsConfig } from './config.js';
import { createConnector } from './connector.js';
import { GitLabWorld } from './testing/gitlab-world.js';

let gitLab: GitLabWorld;
let projects: readonly Project[];

beforeEach(async () => {
  gitLab = await GitLabWorld.start();
  projects = ['web', 'api', 'docs', 'tools'].map((path) => gitLab.project(path));
  for (const project of projects) {
    for (let number = 0; number < 3; number += 1) gitLab.world.mergeRequests.create(project);
    gitLab.world.pipelines.create(project);
    gitLab.world.releases.create(project, { tagName: 'v1.0.0' });
    gitLab.world.git.push(project, 'stable', 2);
  }
  gitLab.pass();
});
afterEach(() => gitLab.stop());

type Host = MemoryHost<GitLabEventsConfig>;

function connections(): Host[] {
  return projects.map(({ fullPath }, index) =>
    gitLab.host({
      projects: [fullPath],
      branches: index % 2 === 0 ? ['main'] : ['stable', 'main'],
      eventTypes: index === 3 ? ['commit', 'release'] : ['merge_request', 'pipeline', 'release', 'commit'],
    }),
  );
}

/** Everybody polls, one right after the other. */
async function round(hosts: readonly Host[]): Promise<number[]> {
  gitLab.pass();
  const costs: number[] = [];
  for (const host of hosts) {
    const { outcome, endpoints } = await gitLab.requestsOf(host);
    expect([outcome.status, outcome.failures]).toEqual(['succeeded', []]);
    costs.push(endpoints.length);
    gitLab.clock.advance(1_000);
  }
  return costs;
}

describe('connections of one instance and token', () => {
  it('are polled together once it is known when they come', async () => {
    const hosts = connections();
    for (let number = 0; number < 3; number += 1) await round(hosts);
    const costs = await round(hosts);
    expect(costs).toEqual([2, 0, 0, 0]);
  });

  it('ask once, also when they begin at the same moment', async () => {
    const hosts = connections();
    for (let number = 0; number < 2; number += 1) await round(hosts);
    gitLab.pass();
    const mark = gitLab.gitLab.requests.mark();
    await Promise.all(hosts.map((host) => host.run()));
    expect(gitLab.gitLab.requests.since(mark).length).toBeLessThanOrEqual(4);
  });

  it('find what changed in their own projects and branches, all of it and nothing else', async () => {
    const hosts = connections();
    for (let number = 0; number < 3; number += 1) await round(hosts);
    const changed = projects.map((project) => {
      const [commit] = gitLab.world.git.push(project, 'stable', 1);
      return {
        project,
        mergeRequest: `mr-${project.id}-${gitLab.world.mergeRequests.create(project).iid}`,
        commit: `commit-${project.id}-${commit?.sha ?? ''}`,
      };
    });
    await round(hosts);
    for (const [index, { project, mergeRequest, commit }] of changed.entries()) {
      const { events } = hosts[index]?.store ?? never();
      expect(events.has(mergeRequest)).toBe(index !== 3);
      expect(events.has(commit)).toBe(index % 2 === 1);
      expect([...events.values()].filter(({ project: { id } }) => id !== String(project.id))).toEqual([]);
    }
  });

  it('are given no answer twice, and none that is older than half a minute', async () => {
    const hosts = connections();
    for (let number = 0; number < 4; number += 1) await round(hosts);
    const [first, second] = hosts;
    if (first === undefined || second === undefined) throw new Error('there are four');
    gitLab.pass();
    await first.run();
    gitLab.clock.advance(10_000);
    const added = gitLab.world.mergeRequests.create(projects[0] ?? never());
    await first.run();
    expect(first.store.events.has(`mr-${projects[0]?.id ?? 0}-${added.iid}`)).toBe(true);
    gitLab.clock.advance(40_000);
    expect((await gitLab.requestsOf(second)).endpoints.length).toBeGreaterThan(0);
  });

  it('ask for themselves in a full pass, and in another process', async () => {
    const hosts = connections();
    for (let number = 0; number < 4; number += 1) await round(hosts);
    gitLab.pass();
    const [first, second, third] = hosts;
    if (first === undefined || second === undefined || third === undefined) throw new Error('there are four');
    await first.run();
    expect((await gitLab.requestsOf(second, { mode: 'full' })).endpoints.length).toBeGreaterThan(2);
    const config = { projects: [projects[2]?.fullPath ?? never()], branches: ['main'] };
    const elsewhere = gitLab.host(config, third.store, createConnector());
    expect((await gitLab.requestsOf(elsewhere)).endpoints.length).toBeGreaterThan(0);
  });
});

describe('connections with different tokens', () => {
  it('share nothing: what one may not see, another one does not show it', async () => {
    const stranger = gitLab.world.users.create({ username: 'stranger' });
    const [web, api] = projects;
    if (web === undefined || api === undefined) throw new Error('there are four');
    gitLab.world.projects.setMember(web, stranger, 'reporter');
    gitLab.world.projects.setMember(api, stranger, 'reporter');
    const token = gitLab.world.tokens.create({ user: stranger });
    const instance = { ...gitLab.instance, credentials: { token: token.value } };
    const own = { projects: ['acme/web', 'acme/api'], eventTypes: ['merge_request'] };
    const [owner, guest] = [gitLab.host(own), gitLab.host({ ...own, instance })];
    for (let number = 0; number < 3; number += 1) await round([owner, guest]);
    gitLab.world.projects.setMember(web, stranger, null);
    gitLab.pass();
    const added = gitLab.world.mergeRequests.create(web);
    await owner.run();
    const outcome = await guest.run();
    expect(outcome.status).toBe('partial');
    expect(owner.store.events.has(`mr-${web.id}-${added.iid}`)).toBe(true);
    expect(guest.store.events.has(`mr-${web.id}-${added.iid}`)).toBe(false);
    const hashes = new Set(gitLab.gitLab.requests.all.map(({ tokenHash }) => tokenHash));
    expect(hashes.size).toBe(2);
  });
});

function never(): never {
  throw new Error('the world lacks what the test needs');
}
