import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Project } from '@syncline/connector-testing';
import { GitLabWorld } from './testing/gitlab-world.js';

let gitLab: GitLabWorld;
let web: Project;
let api: Project;

beforeEach(async () => {
  gitLab = await GitLabWorld.start();
  [web, api] = [gitLab.project('web'), gitLab.project('api')];
  for (const project of [web, api]) {
    for (let number = 0; number < 3; number += 1) gitLab.world.mergeRequests.create(project);
    gitLab.world.deployments.create(project, { environment: 'live' });
  }
  gitLab.pass();
});
afterEach(() => gitLab.stop());

/** By REST, where each object and list is a request of its own that can fail; `graphql-failures.spec.ts` has the other way. */
const rest = { reading: 'rest' } as const;
const quick = { eventTypes: ['merge_request', 'deployment'], ...rest };

describe('what fails alone', () => {
  it('a stream that is denied: the rest of the project and the others go on, and the run says why', async () => {
    const fault = gitLab.gitLab.faults.add({
      kind: 'forbidden',
      match: { path: new RegExp(`^/projects/${web.id}/merge_requests`) },
    });
    const host = gitLab.host(quick);
    const outcome = await host.run();
    expect(outcome.status).toBe('partial');
    expect(outcome.failures.map(({ stream, error }) => [stream, error.kind, error.status])).toEqual([
      [`merge_requests/${web.id}`, 'permanent', 403],
    ]);
    expect([...host.store.events.keys()].filter((id) => id.startsWith('mr-'))).toHaveLength(3);
    expect([...host.store.events.keys()].filter((id) => id.startsWith('deployment-'))).toHaveLength(2);
    fault.remove();
    expect((await host.run()).stored.created).toBe(3);
  });

  it('a feature that is switched off in the project is not even asked for', async () => {
    gitLab.world.projects.setFeature(web, 'container_registry', 'disabled');
    gitLab.world.projects.setFeature(web, 'merge_requests', 'disabled');
    const { outcome, all } = await gitLab.requestsOf(gitLab.host(rest));
    expect(outcome.status).toBe('succeeded');
    expect(all.filter(({ path }) => new RegExp(`^/projects/${web.id}/(registry|merge_requests)`).test(path))).toEqual(
      [],
    );
    expect(outcome.logs.map(({ message }) => message)).toContain(
      'acme/web: switched off in the project: merge requests, images',
    );
  });

  it('a feature that is switched off after it was read: one run complains, the next one knows', async () => {
    const host = gitLab.host({ projects: ['acme/web', 'acme/api'], ...quick });
    await host.run();
    gitLab.world.projects.setFeature(web, 'merge_requests', 'disabled');
    expect((await host.run()).status).toBe('partial');
    expect((await host.run()).status).toBe('succeeded');
  });

  it('a project that is gone', async () => {
    const host = gitLab.host({ projects: ['acme/web', 'acme/api'], ...quick });
    await host.run();
    gitLab.world.projects.delete(web);
    gitLab.pass();
    gitLab.world.mergeRequests.create(api);
    const first = await host.run();
    expect([first.status, first.stored.created]).toEqual(['partial', 1]);
    const next = await host.run();
    expect(next.failures.map(({ stream, error }) => [stream, error.kind, error.path])).toEqual([
      ['projects/acme/web', 'config', '/config/projects/0'],
    ]);
  });

  it('an object that GitLab cannot show is set aside, and read later', async () => {
    const ill = new RegExp(`^/projects/${web.id}/merge_requests/2/diffs`);
    const fault = gitLab.gitLab.faults.add({ kind: 'error500', match: { path: ill } });
    const host = gitLab.host(quick);
    const outcome = await host.run();
    expect([outcome.status, outcome.failures]).toEqual(['partial', []]);
    expect(host.store.setAsides.map(({ stream, item }) => [stream, item])).toEqual([
      [`merge_requests/${web.id}`, `mr-${web.id}-2`],
    ]);
    expect([...host.store.events.keys()].filter((id) => id.startsWith('mr-'))).toHaveLength(5);
    fault.remove();
    expect((await host.run()).stored.created).toBe(0);
    gitLab.pass();
    expect((await host.run()).stored.created).toBe(1);
    expect(host.store.setAsides).toEqual([]);
  });

  it.each(['truncated_json', 'cut_body', 'reset_before'] as const)(
    'an object whose answer never arrives whole (%s) is set aside',
    async (kind) => {
      const ill = new RegExp(`^/projects/${web.id}/merge_requests/2/diffs`);
      gitLab.gitLab.faults.add({ kind, match: { path: ill } });
      const host = gitLab.host(quick);
      const outcome = await host.run();
      expect([outcome.status, outcome.failures]).toEqual(['partial', []]);
      expect(host.store.setAsides.map(({ item, error }) => [item, error.kind])).toEqual([
        [`mr-${web.id}-2`, 'transient'],
      ]);
      expect([...host.store.events.keys()].filter((id) => id.startsWith('mr-'))).toHaveLength(5);
    },
  );

  it('an object that was set aside and is deleted, or leaves the configured branches, is not waited for', async () => {
    const [first, second] = [web.mergeRequests.get(1), web.mergeRequests.get(2)];
    if (first === undefined || second === undefined) throw new Error('the world has three merge requests');
    const fault = gitLab.gitLab.faults.add({
      kind: 'error500',
      match: { path: new RegExp(`^/projects/${web.id}/merge_requests/[12]/diffs`) },
    });
    const host = gitLab.host({ projects: ['acme/web'], branches: ['main'], eventTypes: ['merge_request'], ...rest });
    await host.run();
    expect(host.store.setAsides).toHaveLength(2);
    fault.remove();
    gitLab.world.mergeRequests.delete(first);
    gitLab.world.mergeRequests.update(second, { targetBranch: 'release' });
    gitLab.pass();
    expect((await host.run()).status).toBe('succeeded');
    expect(host.store.setAsides).toEqual([]);
  });

  it('an object that was set aside is waited for while its project is out of sight', async () => {
    const ill = new RegExp(`^/projects/${web.id}/merge_requests/2/diffs`);
    const fault = gitLab.gitLab.faults.add({ kind: 'error500', match: { path: ill } });
    const host = gitLab.host({ projects: ['acme/web', 'acme/api'], ...quick });
    await host.run();
    fault.remove();
    gitLab.world.projects.setMember(web, gitLab.reader, null);
    gitLab.pass();
    expect((await host.run()).status).toBe('partial');
    gitLab.world.projects.setMember(web, gitLab.reader, 'reporter');
    await host.run();
    expect(host.store.events.has(`mr-${web.id}-2`)).toBe(true);
  });

  it('a list that GitLab cannot make: the other streams and projects are read', async () => {
    const fault = gitLab.gitLab.faults.add({
      kind: 'error500',
      match: { path: new RegExp(`^/projects/${web.id}/merge_requests$`) },
    });
    const host = gitLab.host(quick);
    const outcome = await host.run();
    expect(outcome.status).toBe('partial');
    expect(outcome.failures.map(({ stream, error }) => [stream, error.kind])).toEqual([
      [`merge_requests/${web.id}`, 'transient'],
    ]);
    expect(host.store.events.size).toBe(5);
    fault.remove();
    expect((await host.run()).stored.created).toBe(3);
  });

  it('a stream of which too many objects fail: none is set aside, and its checkpoint stays', async () => {
    for (let number = 0; number < 10; number += 1) gitLab.world.mergeRequests.create(web);
    gitLab.gitLab.faults.add({ kind: 'bad_gateway_before', match: { path: /diffs$/ } });
    const host = gitLab.host({ projects: ['acme/web'], ...quick });
    const outcome = await host.run();
    expect(outcome.failures.map(({ stream, error }) => [stream, error.kind])).toEqual([
      [`merge_requests/${web.id}`, 'transient'],
    ]);
    expect(host.store.setAsides).toEqual([]);
    expect(host.store.checkpoints.has(`merge_requests/${web.id}`)).toBe(false);
  });

  it('a payload that cannot be read', async () => {
    const mergeRequest = web.mergeRequests.get(2);
    if (mergeRequest === undefined) throw new Error('the world has three merge requests');
    const broken = { id: 1, iid: 2, title: 7, updated_at: new Date(mergeRequest.updatedAt) };
    mergeRequest.json = { epoch: gitLab.world.core.epoch, bytes: Buffer.from(JSON.stringify(broken)) };
    const host = gitLab.host(quick);
    const outcome = await host.run();
    expect(outcome.status).toBe('partial');
    expect(host.store.setAsides.map(({ item, error }) => [item, error.kind])).toEqual([
      [`mr-${web.id}-2`, 'permanent'],
    ]);
    mergeRequest.json = undefined;
    gitLab.pass();
    await host.run();
    expect(host.store.events.has(`mr-${web.id}-2`)).toBe(true);
    expect(host.store.setAsides).toEqual([]);
  });

  it.each(['read once it can be', 'no more waited for once GitLab has removed it'])('a commit: %s', async (end) => {
    const [commit] = gitLab.world.git.push(web, 'main', 1);
    if (commit === undefined) throw new Error('something was pushed');
    const broken = { id: commit.sha, title: 7 };
    commit.json = { epoch: gitLab.world.core.epoch, bytes: Buffer.from(JSON.stringify(broken)) };
    const host = gitLab.host({ projects: ['acme/web'], branches: ['main'], eventTypes: ['commit'], ...rest });
    expect((await host.run()).status).toBe('partial');
    const id = `commit-${web.id}-${commit.sha}`;
    expect(host.store.setAsides.map(({ item }) => item)).toEqual([id]);
    const isGone = end.startsWith('no more');
    if (isGone) {
      gitLab.world.git.forcePush(web, 'main');
      web.repository.prune(commit.sha);
    } else commit.json = undefined;
    gitLab.pass();
    expect((await host.run()).status).toBe('succeeded');
    expect([host.store.setAsides, host.store.events.has(id)]).toEqual([[], !isGone]);
  });

  it('an image tag that cannot be read: reported, and read at a later poll', async () => {
    const repository = gitLab.world.registry.createRepository(web, 'app');
    for (const tag of ['a', 'b', 'c']) gitLab.world.registry.pushTag(repository, tag);
    const fault = gitLab.gitLab.faults.add({ kind: 'error500', match: { path: /\/tags\/b$/ } });
    const host = gitLab.host({ eventTypes: ['image'], ...rest });
    const outcome = await host.run();
    expect([outcome.status, outcome.stored.created]).toEqual(['partial', 2]);
    fault.remove();
    expect((await host.run()).stored.created).toBe(1);
  });
});

describe('what ends the run', () => {
  it('a token that ends midway: nothing that was stored is lost, nothing more is asked', async () => {
    const host = gitLab.host(quick);
    gitLab.gitLab.faults.add({ kind: 'unauthorized', match: { path: /deployments/ } });
    const outcome = await host.run();
    expect([outcome.status, outcome.error?.kind]).toEqual(['failed', 'auth']);
  });

  it('a remote that is ill as a whole, not stream by stream', async () => {
    for (let number = 0; number < 9; number += 1) gitLab.project(`more-${number}`);
    gitLab.gitLab.faults.add({ kind: 'bad_gateway_before', match: { path: /merge_requests|deployments/ } });
    const { outcome, all } = await gitLab.requestsOf(gitLab.host({ ...quick, limit: 20 }));
    expect([outcome.status, outcome.error?.kind, outcome.failures]).toEqual(['failed', 'transient', []]);
    const asked = new Set(all.map(({ path }) => path).filter((path) => path !== '/projects'));
    expect(asked.size).toBeLessThan(22);
  });

  it('the only stream there is', async () => {
    gitLab.gitLab.faults.add({ kind: 'bad_gateway_before', match: { path: /merge_requests/ } });
    const outcome = await gitLab.host({ projects: ['acme/web'], eventTypes: ['merge_request'], ...rest }).run();
    expect([outcome.status, outcome.error?.kind]).toEqual(['failed', 'transient']);
  });
});
