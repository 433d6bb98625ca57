import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { changeWorld, seedWorld, smallSize, type EventRow, type Project } from '@syncline/connector-testing';
import { GitLabWorld } from './testing/gitlab-world.js';

let gitLab: GitLabWorld;
let project: Project;

beforeEach(async () => {
  gitLab = await GitLabWorld.start();
  project = gitLab.project('web');
});
afterEach(() => gitLab.stop());

function statuses(row: EventRow | undefined): string[] {
  return (row?.transitions ?? []).map((transition) => transition.split('@')[0] ?? '');
}

describe('a record follows reality', () => {
  it('sees an open merge request become merged, and keeps both states', async () => {
    const mergeRequest = gitLab.world.mergeRequests.create(project, { author: gitLab.author, labels: ['b', 'a'] });
    const host = gitLab.host();
    await host.run();
    const id = `mr-${project.id}-${mergeRequest.iid}`;
    expect(host.store.events.get(id)).toMatchObject({
      status: 'opened',
      author: 'nora',
      metadata: { labels: ['a', 'b'] },
    });
    gitLab.pass();
    gitLab.world.mergeRequests.approve(mergeRequest, { by: gitLab.author });
    gitLab.world.mergeRequests.merge(mergeRequest, { by: gitLab.author });
    const mergedAt = new Date(mergeRequest.mergedAt ?? 0).toISOString();
    gitLab.pass();
    await host.run();
    expect(host.store.events.get(id)).toMatchObject({
      status: 'merged',
      occurredAt: mergedAt,
      metadata: { approvedBy: ['nora'], approvedCount: 1, merged: true, mergedAt, mergedBy: 'nora' },
    });
    expect(statuses(host.store.events.get(id))).toEqual(['opened', 'merged']);
  });

  it('does not move a merge because of a later comment', async () => {
    const mergeRequest = gitLab.world.mergeRequests.create(project);
    gitLab.world.mergeRequests.merge(mergeRequest);
    const host = gitLab.host();
    await host.run();
    const id = `mr-${project.id}-${mergeRequest.iid}`;
    const before = host.store.events.get(id);
    gitLab.pass(120);
    gitLab.world.mergeRequests.comment(mergeRequest);
    await host.run();
    const after = host.store.events.get(id);
    expect(after).toMatchObject({ occurredAt: before?.occurredAt, metadata: { userNotesCount: 1 }, revision: 2 });
    expect(after?.transitions).toEqual(before?.transitions);
  });

  it('gives a merge request that is first seen merged both of its transitions', async () => {
    const mergeRequest = gitLab.world.mergeRequests.create(project);
    gitLab.pass();
    gitLab.world.mergeRequests.merge(mergeRequest);
    const host = gitLab.host();
    await host.run();
    expect(statuses(host.store.events.get(`mr-${project.id}-${mergeRequest.iid}`))).toEqual(['opened', 'merged']);
  });

  it('sees at the next poll what began after a pass whose last page held nothing new', async () => {
    const start = (count: number): string[] =>
      Array.from({ length: count }, () => `pipeline-${project.id}-${gitLab.world.pipelines.create(project).id}`);
    const host = gitLab.host({ eventTypes: ['pipeline'] });
    // Known and unchanged, they are the last page of the next pass, which goes back a little; the newest are the first.
    start(8);
    gitLab.pass(1);
    await host.run();
    gitLab.pass();
    start(20);
    gitLab.pass();
    await host.run();
    const [newest] = start(1);
    gitLab.pass();
    await host.run();
    expect([...host.store.events.keys()]).toContain(newest);
    expect(host.store.checkpoints.get(`pipelines/${project.id}`)).not.toHaveProperty('at.position');
  });

  it('dates a reopening by when it happened, not by the creation', async () => {
    const mergeRequest = gitLab.world.mergeRequests.create(project);
    gitLab.pass();
    gitLab.world.mergeRequests.close(mergeRequest);
    const host = gitLab.host();
    await host.run();
    gitLab.pass();
    gitLab.world.mergeRequests.reopen(mergeRequest);
    const reopenedAt = new Date(mergeRequest.updatedAt).toISOString();
    await host.run();
    const row = host.store.events.get(`mr-${project.id}-${mergeRequest.iid}`);
    expect(row).toMatchObject({ status: 'opened', occurredAt: reopenedAt });
    expect(statuses(row)).toEqual(['opened', 'closed', 'opened']);
  });

  it('sees a pipeline run, fail with its jobs, and come back to life', async () => {
    const pipeline = gitLab.world.pipelines.create(project, { user: gitLab.author });
    gitLab.world.pipelines.start(pipeline);
    const host = gitLab.host();
    await host.run();
    const id = `pipeline-${project.id}-${pipeline.id}`;
    expect(host.store.events.get(id)).toMatchObject({ status: 'running', author: 'nora', title: 'Pipeline for main' });
    gitLab.pass();
    gitLab.world.pipelines.finish(pipeline, { jobs: { unit: { failureReason: 'script_failure' } }, coverage: 81.5 });
    await host.run();
    expect(host.store.events.get(id)).toMatchObject({
      status: 'failed',
      metadata: {
        failedJobs: [{ name: 'unit', stage: 'test', reason: 'script_failure' }],
        failedJobsCount: 1,
        coverage: '81.50',
      },
    });
    gitLab.pass();
    gitLab.world.pipelines.retry(pipeline);
    const retriedAt = new Date(pipeline.updatedAt ?? 0).toISOString();
    await host.run();
    expect(host.store.events.get(id)).toMatchObject({ status: 'running', occurredAt: retriedAt });
    gitLab.pass();
    gitLab.world.pipelines.finish(pipeline);
    await host.run();
    const row = host.store.events.get(id);
    expect(row).toMatchObject({ status: 'success', metadata: { failedJobs: [], failedJobsCount: 0 } });
    expect(statuses(row)).toEqual(['created', 'running', 'failed', 'running', 'success']);
  });

  it('sees an edited release, and one whose day has come', async () => {
    const release = gitLab.world.releases.create(project, { tagName: 'v1.0.0' });
    const soon = gitLab.clock.now().getTime() + 30 * 60_000;
    gitLab.world.releases.create(project, { tagName: 'v2.0.0', releasedAt: soon });
    const host = gitLab.host();
    await host.run();
    const upcoming = host.store.events.get(`release-${project.id}-v2.0.0`);
    expect(upcoming).toMatchObject({ status: 'published', metadata: { upcoming: true } });
    expect(new Date(upcoming?.occurredAt ?? 0).getTime()).toBeLessThan(soon);
    gitLab.pass(60);
    gitLab.world.releases.edit(release, { description: 'Now with notes' });
    await host.run();
    expect(host.store.events.get(`release-${project.id}-v1.0.0`)).toMatchObject({ description: 'Now with notes' });
    expect(host.store.events.get(`release-${project.id}-v2.0.0`)).toMatchObject({
      occurredAt: new Date(soon).toISOString(),
      metadata: { upcoming: false },
    });
  });

  it('finds a renamed label in a full pass, without asking for details again', async () => {
    const mergeRequest = gitLab.world.mergeRequests.create(project, { labels: ['old'] });
    gitLab.pass(60);
    const host = gitLab.host();
    await host.run();
    gitLab.pass();
    // Renaming a label leaves its merge requests as old as they were.
    mergeRequest.labels = ['new'];
    mergeRequest.json = undefined;
    await host.run();
    const id = `mr-${project.id}-${mergeRequest.iid}`;
    expect(host.store.events.get(id)).toMatchObject({ metadata: { labels: ['old'] } });
    const { endpoints } = await gitLab.requestsOf(host, { mode: 'full' });
    expect(host.store.events.get(id)).toMatchObject({ metadata: { labels: ['new'] } });
    expect(endpoints.filter((endpoint) => endpoint.includes('approvals'))).toEqual([]);
  });
});

describe('nothing is lost between two polls', () => {
  it('reads more changes than fit on a page, also when they all happened in the same millisecond', async () => {
    const host = gitLab.host({ reading: 'rest' });
    await host.run();
    gitLab.pass();
    gitLab.world.at(gitLab.clock.now(), () => {
      for (let number = 0; number < 230; number += 1) gitLab.world.deployments.create(project, { environment: 'live' });
    });
    gitLab.pass();
    const { stored, status } = await host.run();
    expect([status, stored.created]).toEqual(['succeeded', 230]);
  });

  it('catches every change of a seeded world, and adds nothing when nothing changes', async () => {
    const seeded = seedWorld(gitLab.gitLab.resetWorld(), { ...smallSize, mergeRequests: 40, pipelines: 40 });
    const instance = { ...gitLab.instance, credentials: { token: seeded.token.value } };
    const host = gitLab.host({ instance, groups: ['acme'], branches: ['main', 'develop'] });
    expect((await host.run()).status).toBe('succeeded');
    gitLab.pass(10);
    const before = new Map(host.store.events);
    const changes = changeWorld(gitLab.world, 20);
    gitLab.pass(10);
    await host.run();
    for (let poll = 0; poll < 3; poll += 1) await host.run();
    const missed = changes.filter(({ eventId }) => host.store.events.get(eventId) === before.get(eventId));
    expect(missed).toEqual([]);
    const idle = await host.run();
    expect([idle.stored.created, idle.stored.updated]).toEqual([0, 0]);
  });
});
