import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { seedWorld, smallSize, type MemoryHost, type SeededWorld } from '@syncline/connector-testing';
import type { GitLabEventsConfig } from './config.js';
import { GitLabWorld } from './testing/gitlab-world.js';

let gitLab: GitLabWorld;
let seeded: SeededWorld;

beforeEach(async () => {
  gitLab = await GitLabWorld.start();
  seeded = seedWorld(gitLab.gitLab.resetWorld(), smallSize);
  gitLab.pass(10);
});
afterEach(() => gitLab.stop());

/** By REST; what the other way costs is in `graphql-cost.spec.ts`. */
function hostOf(config: Partial<GitLabEventsConfig>): MemoryHost<GitLabEventsConfig> {
  return gitLab.host({
    reading: 'rest',
    instance: { ...gitLab.instance, credentials: { token: seeded.token.value } },
    ...config,
  });
}

const withoutImages = ['merge_request', 'release', 'pipeline', 'commit', 'deployment'];

describe('a poll costs what changed', () => {
  it('five requests a project where nothing did, and one for the list of projects', async () => {
    const host = hostOf({ branches: ['main', 'develop'], eventTypes: withoutImages });
    await host.run();
    const { outcome, endpoints } = await gitLab.requestsOf(host);
    expect(outcome.commits).toEqual([]);
    expect([...endpoints].sort()).toEqual(
      [
        'GET /projects',
        ...seeded.projects.flatMap(() => [
          'GET /projects/:id/deployments',
          'GET /projects/:id/merge_requests',
          'GET /projects/:id/pipelines',
          'GET /projects/:id/releases',
          'GET /projects/:id/repository/branches',
        ]),
      ].sort(),
    );
    expect(gitLab.gitLab.requests.unexpected).toEqual([]);
  });

  it('nothing for named projects, whose ids are remembered', async () => {
    const host = hostOf({ projects: ['acme/web', 'acme/api'], eventTypes: ['deployment'] });
    await host.run();
    const { endpoints } = await gitLab.requestsOf(host);
    expect(endpoints).toEqual(['GET /projects/:id/deployments', 'GET /projects/:id/deployments']);
  });

  it('for the registry one list, one list of tags a repository, and at most five known tags', async () => {
    const [web] = seeded.projects;
    const repository = gitLab.world.registry.createRepository(web ?? never(), 'tools');
    for (let number = 1; number <= 12; number += 1) gitLab.world.registry.pushTag(repository, `1.${number}`);
    const host = hostOf({ projects: ['acme/web'], eventTypes: ['image'] });
    await host.run();
    const { endpoints, outcome } = await gitLab.requestsOf(host);
    expect(endpoints).toHaveLength(1 + 2 + 5);
    expect(outcome.logs.at(-1)?.message).toBe(
      'acme/web: looked again at 5 of 15 known image tags; a tag that is pushed again is noticed within 3 polls',
    );
    const looked = new Set<string>();
    for (let poll = 0; poll < 3; poll += 1) {
      const { all } = await gitLab.requestsOf(host);
      for (const { path } of all.filter(({ endpoint }) => endpoint?.includes('/tags/:'))) looked.add(path);
    }
    expect(looked.size).toBe(15);
  });

  it('details for what changed alone', async () => {
    const host = hostOf({ projects: ['acme/web'], eventTypes: ['merge_request', 'pipeline'] });
    await host.run();
    gitLab.pass();
    const web = seeded.projects[0] ?? never();
    gitLab.world.mergeRequests.label([...web.mergeRequests.values()][2] ?? never(), { add: ['urgent'] });
    const { endpoints } = await gitLab.requestsOf(host);
    expect([...endpoints].sort()).toEqual([
      'GET /projects/:id/merge_requests',
      'GET /projects/:id/merge_requests/:iid/approvals',
      'GET /projects/:id/merge_requests/:iid/diffs',
      'GET /projects/:id/pipelines',
    ]);
  });
});

describe('a webhook wakes the read of exactly what it names', () => {
  it('once for each object, however often it was named', async () => {
    const host = hostOf({ branches: ['main'] });
    await host.run();
    gitLab.pass();
    const web = seeded.projects[0] ?? never();
    const scope = String(web.id);
    const mergeRequest = [...web.mergeRequests.values()][2] ?? never();
    gitLab.world.mergeRequests.label(mergeRequest, { add: ['urgent'] });
    gitLab.world.releases.create(web, { tagName: 'v9.0.0' });
    gitLab.world.git.push(web, 'main', 2);
    const wakes = [
      { stream: 'merge_requests', scope, item: String(mergeRequest.iid) },
      { stream: 'merge_requests', scope, item: String(mergeRequest.iid) },
      { stream: 'releases', scope, item: 'v9.0.0' },
      { stream: 'releases', scope, item: 'tag-without-release' },
      { stream: 'commits', scope, item: 'main' },
      { stream: 'commits', scope, item: 'branch-of-no-interest' },
    ];
    const checkpoints = [...host.store.checkpoints];
    const { outcome, endpoints } = await gitLab.requestsOf(host, { mode: 'wake', wakes });
    expect([outcome.status, outcome.stored]).toEqual(['succeeded', { created: 3, updated: 1, unchanged: 0 }]);
    expect([...endpoints].sort()).toEqual([
      'GET /projects/:id/merge_requests/:iid',
      'GET /projects/:id/merge_requests/:iid/approvals',
      'GET /projects/:id/merge_requests/:iid/diffs',
      'GET /projects/:id/releases/:tag',
      'GET /projects/:id/releases/:tag',
      'GET /projects/:id/repository/branches/:branch',
      'GET /projects/:id/repository/commits',
    ]);
    expect([...host.store.checkpoints]).toEqual(checkpoints);
    const poll = await host.run();
    expect([poll.stored.created, poll.stored.updated]).toEqual([0, 0]);
  });

  it('not at all for a project that the config does not select', async () => {
    const host = hostOf({ projects: ['acme/api'] });
    await host.run();
    const stranger = String(seeded.projects[0]?.id);
    const wakes = [{ stream: 'merge_requests', scope: stranger, item: '1' }];
    const { outcome, all } = await gitLab.requestsOf(host, { mode: 'wake', wakes });
    expect(outcome.status).toBe('succeeded');
    expect(all.filter(({ path }) => path.includes(`/projects/${stranger}/`))).toEqual([]);
    expect(outcome.logs.map(({ message }) => message)).toEqual([
      `Ignored 1 webhooks of project ${stranger}, which this connection does not read`,
    ]);
  });

  it('by the list of changes when a flood names more objects than that costs', async () => {
    const host = hostOf({ projects: ['acme/web'] });
    await host.run();
    const scope = String(seeded.projects[0]?.id);
    const wakes = Array.from({ length: 400 }, (_, index) => ({ stream: 'deployments', scope, item: String(index) }));
    const { endpoints } = await gitLab.requestsOf(host, { mode: 'wake', wakes });
    expect(endpoints).toEqual(['GET /projects/:id/deployments']);
  });
});

function never(): never {
  throw new Error('the world lacks what the test needs');
}
