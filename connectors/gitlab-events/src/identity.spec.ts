import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Project } from '@syncline/connector-testing';
import { GitLabWorld } from './testing/gitlab-world.js';

let gitLab: GitLabWorld;
let project: Project;

beforeEach(async () => {
  gitLab = await GitLabWorld.start();
  project = gitLab.project('web');
});
afterEach(() => gitLab.stop());

describe('one object is one event', () => {
  it('whatever its project is called', async () => {
    gitLab.world.mergeRequests.create(project);
    gitLab.world.pipelines.create(project);
    gitLab.world.releases.create(project, { tagName: 'v1.0.0' });
    const host = gitLab.host({ projects: ['acme/web'] });
    await host.run();
    const known = [...host.store.events.keys()];
    gitLab.pass(90);
    gitLab.world.projects.rename(project, 'website');
    gitLab.world.mergeRequests.create(project, { title: 'After the renaming' });
    const { status } = await host.run();
    expect(status).toBe('succeeded');
    expect([...host.store.events.keys()]).toEqual([...known, `mr-${project.id}-2`]);
    expect(host.store.events.get(`mr-${project.id}-2`)?.project.path).toBe('acme/website');
  });

  it('though a commit is on two branches, in one poll or in two', async () => {
    gitLab.world.git.push(project, 'main', 3);
    gitLab.world.git.createBranch(project, 'stable');
    gitLab.world.git.push(project, 'stable', 1);
    const host = gitLab.host({ branches: ['stable', 'main', 'gone'] });
    expect((await host.run()).status).toBe('succeeded');
    const branchesOf = (): unknown[] =>
      [...host.store.events.values()]
        .filter(({ eventType }) => eventType === 'commit')
        .map(({ metadata }) => (metadata as { branches: unknown }).branches);
    expect(branchesOf()).toHaveLength(5);
    expect(branchesOf().filter((branches) => String(branches) === 'main,stable')).toHaveLength(4);
    gitLab.pass();
    gitLab.world.git.moveBranch(project, 'main', project.repository.branches.get('stable')?.sha ?? '');
    const again = await host.run();
    expect([again.stored.created, again.stored.updated]).toEqual([0, 1]);
    expect(branchesOf().map(String)).toEqual(Array(5).fill('main,stable'));
  });

  it('and two projects may have the same tag', async () => {
    const other = gitLab.project('api');
    for (const one of [project, other]) gitLab.world.releases.create(one, { tagName: 'v1.0.0' });
    const host = gitLab.host();
    await host.run();
    expect([...host.store.events.keys()].sort()).toEqual([
      `release-${project.id}-v1.0.0`,
      `release-${other.id}-v1.0.0`,
    ]);
  });

  it('but an image that is pushed again under its tag is another one', async () => {
    const repository = gitLab.world.registry.createRepository(project, 'app');
    const first = gitLab.world.registry.pushTag(repository, 'latest');
    const host = gitLab.host();
    await host.run();
    gitLab.pass();
    const second = gitLab.world.registry.pushTag(repository, 'latest');
    await host.run();
    expect([...host.store.events.values()].map(({ eventId, title }) => [eventId, title])).toEqual([
      [`registry-${repository.id}-latest-${first.digest}`, 'acme/web/app:latest'],
      [`registry-${repository.id}-latest-${second.digest}`, 'acme/web/app:latest'],
    ]);
  });
});

describe('what occurs in reality', () => {
  it('pipelines that nothing ever touched are read, and followed by the full pass', async () => {
    const pipeline = gitLab.world.pipelines.create(project, {
      neverUpdated: true,
      status: 'running',
      source: 'external',
    });
    const host = gitLab.host();
    await host.run();
    const id = `pipeline-${project.id}-${pipeline.id}`;
    expect(host.store.events.get(id)).toMatchObject({ status: 'running', updatedAt: null });
    pipeline.status = 'success';
    pipeline.json = undefined;
    gitLab.pass();
    await host.run({ mode: 'full' });
    expect(host.store.events.get(id)).toMatchObject({ status: 'success' });
  });

  it('a status GitLab has yet to invent, and people who are gone', async () => {
    const pipeline = gitLab.world.pipelines.create(project, { user: null });
    gitLab.world.pipelines.setStatus(pipeline, 'thinking_about_it');
    const mergeRequest = gitLab.world.mergeRequests.create(project, { author: null });
    gitLab.world.releases.create(project, { tagName: 'v1', author: null });
    gitLab.world.deployments.create(project, { environment: 'live', user: null });
    const host = gitLab.host();
    expect((await host.run()).status).toBe('succeeded');
    expect(host.store.events.get(`pipeline-${project.id}-${pipeline.id}`)).toMatchObject({
      status: 'thinking_about_it',
    });
    expect(host.store.events.get(`mr-${project.id}-${mergeRequest.iid}`)?.author).toBeNull();
    expect([...host.store.events.values()].map(({ author }) => author)).toEqual([null, null, null, null]);
  });

  it('a branch that is deleted, and one that is pushed over', async () => {
    gitLab.world.git.push(project, 'work', 4);
    const host = gitLab.host({ branches: ['main', 'work'], eventTypes: ['commit'] });
    await host.run();
    gitLab.pass();
    gitLab.world.git.forcePush(project, 'work', { drop: 2, add: 3 });
    const forced = await host.run();
    expect([forced.status, forced.stored.created]).toEqual(['succeeded', 3]);
    gitLab.world.git.deleteBranch(project, 'work');
    const deleted = await host.run();
    expect([deleted.status, deleted.stored.created, deleted.failures]).toEqual(['succeeded', 0, []]);
    expect(deleted.logs.some(({ message }) => message === 'acme/web has no branch work')).toBe(true);
  });

  it('an image whose config has no time happened not before its repository, never at the poll', async () => {
    const repository = gitLab.world.registry.createRepository(project, 'charts');
    gitLab.pass();
    gitLab.world.registry.pushTag(repository, '1.0.0', { createdAt: null, totalSize: null });
    gitLab.pass();
    const host = gitLab.host();
    await host.run();
    expect([...host.store.events.values()][0]).toMatchObject({
      occurredAt: new Date(repository.createdAt).toISOString(),
      metadata: { createdAt: null, sizeBytes: null },
    });
  });

  it('branches limit pipelines of merge requests by their source, and merge requests by their target', async () => {
    const { mergeRequests, pipelines, git } = gitLab.world;
    git.createBranch(project, 'stable');
    const toMain = mergeRequests.create(project, { sourceBranch: 'topic', targetBranch: 'main' });
    const toStable = mergeRequests.create(project, { sourceBranch: 'main', targetBranch: 'stable' });
    const of = (iid: number): number =>
      pipelines.create(project, { ref: `refs/merge-requests/${iid}/head`, source: 'merge_request_event' }).id;
    const [fromTopic, fromMain, again] = [of(toMain.iid), of(toStable.iid), of(toStable.iid)];
    const onMain = pipelines.create(project, { ref: 'main' }).id;
    pipelines.create(project, { ref: 'stable' });
    const host = gitLab.host({ branches: ['main'], eventTypes: ['pipeline', 'merge_request'], reading: 'rest' });
    const { endpoints } = await gitLab.requestsOf(host);
    const ids = [...host.store.events.keys()];
    expect(ids).toEqual(
      expect.arrayContaining([
        `mr-${project.id}-${toMain.iid}`,
        ...[fromMain, again, onMain].map((id) => `pipeline-${project.id}-${id}`),
      ]),
    );
    expect(ids).toHaveLength(4);
    expect(ids).not.toContain(`pipeline-${project.id}-${fromTopic}`);
    const lookUps = endpoints.filter((endpoint) => endpoint === 'GET /projects/:id/merge_requests/:iid');
    expect(lookUps).toHaveLength(2);
  });
});
