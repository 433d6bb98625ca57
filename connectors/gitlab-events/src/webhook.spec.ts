import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject, WebhookRequest } from '@syncline/connector-sdk';
import { HookCatcher, type Project } from '@syncline/connector-testing';
import { describeWithRecordings } from '../../../test/support/capabilities.js';
import type { GitLabEventsConfig } from './config.js';
import { GitLabWorld } from './testing/gitlab-world.js';
import { webhook } from './webhook.js';

const instance = {
  id: 'i',
  kind: 'gitlab',
  name: 'GitLab',
  baseUrl: 'https://gl.example',
  credentials: { token: 'glpat-x1' },
};

function delivery(body: JsonObject, headers: Record<string, string> = {}): WebhookRequest {
  return { headers, rawBody: new TextEncoder().encode(JSON.stringify(body)) };
}

function identify(body: JsonObject, config: Partial<GitLabEventsConfig> = {}): ReturnType<typeof webhook.identify> {
  return webhook.identify(delivery(body), { instance, ...config });
}

const project = { id: 7, path_with_namespace: 'acme/web' };

describe('deliveries of a real sender', () => {
  let gitLab: GitLabWorld;
  let web: Project;
  let hooks: HookCatcher;

  beforeEach(async () => {
    gitLab = await GitLabWorld.start();
    web = gitLab.project('web');
    hooks = await HookCatcher.start();
    gitLab.world.hooks.create(web, { url: hooks.url, token: 'the-secret' });
  });
  afterEach(async () => {
    await hooks.stop();
    await gitLab.stop();
  });

  it('wake the object they are about, of all kinds', async () => {
    const { world } = gitLab;
    const mergeRequest = world.mergeRequests.create(web);
    const pipeline = world.pipelines.create(web);
    world.pipelines.start(pipeline);
    world.releases.create(web, { tagName: 'v1.0.0' });
    const deployment = world.deployments.create(web, { environment: 'live' });
    world.git.push(web, 'main', 1);
    await gitLab.gitLab.hooks.idle();
    const config = { instance: gitLab.instance, branches: ['main'], webhookSecret: 'the-secret' };
    const wakesOf = (event: string): unknown => {
      const request = hooks.last(event);
      expect(webhook.verify(request, config, gitLab.clock.now())).toEqual({ ok: true, unsigned: false });
      const identified = webhook.identify(request, config);
      expect(identified).toMatchObject({ event, scope: String(web.id), scopePath: 'acme/web' });
      return identified.wakes.map(({ stream, item }) => [stream, item]);
    };
    expect(wakesOf('Merge Request Hook')).toEqual([['merge_requests', String(mergeRequest.iid)]]);
    expect(wakesOf('Pipeline Hook')).toEqual([['pipelines', String(pipeline.id)]]);
    expect(wakesOf('Release Hook')).toEqual([['releases', 'v1.0.0']]);
    expect(wakesOf('Tag Push Hook')).toEqual([['releases', 'v1.0.0']]);
    expect(wakesOf('Deployment Hook')).toEqual([['deployments', String(deployment.id)]]);
    const pushes = hooks.caught.filter(({ headers }) => headers['x-gitlab-event'] === 'Push Hook');
    expect(pushes.map((push) => webhook.identify(push, config).wakes)).toContainEqual([
      { stream: 'commits', scope: String(web.id), item: 'main' },
    ]);
    const job = webhook.identify(hooks.last('Job Hook'), config);
    expect(job.wakes).toEqual([{ stream: 'pipelines', scope: String(web.id), item: String(pipeline.id) }]);
  });

  it('in any order, twice, or lost, end in the same records', async () => {
    const { world } = gitLab;
    const host = gitLab.host({ projects: ['acme/web'] });
    await host.run();
    gitLab.gitLab.hooks.hold();
    const mergeRequest = world.mergeRequests.create(web);
    world.mergeRequests.close(mergeRequest);
    const pipeline = world.pipelines.create(web);
    world.pipelines.start(pipeline);
    world.pipelines.finish(pipeline);
    gitLab.gitLab.hooks.release({ order: 'shuffled', duplicate: true, drop: 3 });
    await gitLab.gitLab.hooks.idle();
    const keys = new Set<string>();
    for (const request of hooks.caught) {
      const { wakes, dedupKey } = webhook.identify(request, { instance: gitLab.instance });
      if (keys.has(dedupKey)) continue;
      keys.add(dedupKey);
      await host.run({ mode: 'wake', wakes });
    }
    expect(keys.size).toBeLessThan(hooks.caught.length);
    await host.run();
    const fresh = gitLab.host({ projects: ['acme/web'] });
    await fresh.run();
    expect([...host.store.rows()]).toEqual([...fresh.store.rows()]);
  });

  it.each([
    ['projects by path', { projects: ['acme/web'] }],
    ['groups by path', { groups: ['acme'] }],
  ])('wake a project that was renamed or moved since; the config names %s', async (_, config) => {
    const { world } = gitLab;
    const host = gitLab.host(config);
    await host.run();
    world.projects.rename(web, 'website');
    const mergeRequest = world.mergeRequests.create(web);
    await gitLab.gitLab.hooks.idle();
    const { wakes } = webhook.identify(hooks.last('Merge Request Hook'), { instance: gitLab.instance, ...config });
    const { all } = await gitLab.requestsOf(host, { mode: 'wake', wakes });
    expect(host.store.events.has(`mr-${web.id}-${mergeRequest.iid}`)).toBe(true);
    expect(all.every(({ path }) => path.startsWith(`/projects/${web.id}/merge_requests/`))).toBe(true);
  });

  it.each([
    ['nothing where the config names projects', { projects: ['acme/web'] }, 0],
    ['one request where it names groups', { groups: ['acme'] }, 1],
  ])('of strangers cost %s, and store nothing', async (_, config, requests) => {
    const { world } = gitLab;
    const others = world.groups.create({ path: 'acme-labs' });
    const stranger = gitLab.project('web', { owner: others });
    const iids = [1, 2, 3].map(() => world.mergeRequests.create(stranger).iid);
    const host = gitLab.host(config);
    await host.run();
    const before = host.store.rows().size;
    const bodies = iids.map((iid) => ({
      object_kind: 'merge_request',
      object_attributes: { iid },
      project: { id: stranger.id, path_with_namespace: 'acme-labs/web' },
    }));
    const wakes = bodies.flatMap((body) => identify(body, config).wakes);
    const { all, outcome } = await gitLab.requestsOf(host, { mode: 'wake', wakes });
    expect([outcome.status, all.length, host.store.rows().size]).toEqual(['succeeded', requests, before]);
  });

  it('wake a project that is new in a group, and not one that the token may not see', async () => {
    const config = { groups: ['acme'] };
    const host = gitLab.host(config);
    await host.run();
    const fresh = gitLab.project('fresh');
    const { iid } = gitLab.world.mergeRequests.create(fresh);
    const wakes = [fresh.id, 4711].map((id) => ({ stream: 'merge_requests', scope: String(id), item: String(iid) }));
    const { status } = await host.run({ mode: 'wake', wakes });
    expect([status, host.store.events.has(`mr-${fresh.id}-${iid}`)]).toEqual(['succeeded', true]);
  });

  it('are proven by a signing token, within five minutes and over the very bytes', () => {
    const key = Buffer.alloc(32, 7);
    const config = { instance, signingToken: `whsec_${key.toString('base64')}` };
    const now = new Date('2026-03-02T08:00:00.000Z');
    const body = JSON.stringify({ object_kind: 'push' });
    const sign = (seconds: number, signed = body): WebhookRequest => {
      const timestamp = String(Math.floor(now.getTime() / 1000) + seconds);
      const signature = createHmac('sha256', key).update(`id-1.${timestamp}.${signed}`).digest('base64');
      const headers = { 'webhook-id': 'id-1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
      return { headers, rawBody: new TextEncoder().encode(body) };
    };
    expect(webhook.verify(sign(-30), config, now)).toEqual({ ok: true, unsigned: false });
    for (const bad of [sign(-301), sign(301), sign(0, `${body} `), delivery({ object_kind: 'push' })]) {
      expect(webhook.verify(bad, config, now).ok).toBe(false);
    }
  });
});

describe('what is ignored, and why', () => {
  const push = { object_kind: 'push', ref: 'refs/heads/main', after: 'a1', project };
  const reasonOf = (body: JsonObject, config: Partial<GitLabEventsConfig> = {}): string | undefined => {
    const { wakes, reason } = identify(body, config);
    expect(wakes).toEqual([]);
    return reason;
  };

  it('pushes to branches that are not read, and deletions', () => {
    expect(reasonOf(push)).toBe('The config does not read the branch main');
    expect(reasonOf({ ...push, after: '0'.repeat(40) }, { branches: ['main'] })).toBe('The branch was deleted');
    expect(identify(push, { branches: ['main'] }).wakes).toHaveLength(1);
    const tag = { object_kind: 'tag_push', ref: 'refs/tags/v1', after: '0'.repeat(40), project };
    expect(reasonOf(tag)).toBe('The tag was deleted');
    expect(reasonOf({ object_kind: 'release', action: 'delete', tag: 'v1', project })).toBe('The release was deleted');
  });

  it('kinds of events and projects that the config leaves out', () => {
    const pipeline = { object_kind: 'pipeline', object_attributes: { id: 3 }, project };
    expect(reasonOf(pipeline, { eventTypes: ['release'] })).toBe('The config does not read pipeline events');
    expect(reasonOf(pipeline, { projects: [8, '9'] })).toBe('The config does not read this project');
    for (const config of [{ projects: [7] }, { projects: 'ACME/web, x/y' }, { groups: ['acme'] }]) {
      expect(identify(pipeline, config).wakes).toEqual([{ stream: 'pipelines', scope: '7', item: '3' }]);
    }
  });

  it('payloads that name nothing', () => {
    expect(reasonOf({})).toBe('The payload names no kind of object');
    expect(reasonOf({ object_kind: 'constructor' })).toBe('Nothing is read for constructor');
    expect(reasonOf({ object_kind: 'pipeline', project })).toBe('The payload names no object');
    expect(reasonOf({ object_kind: 'pipeline', object_attributes: { id: 3 } })).toBe('The payload names no project');
  });
});

describe('what is kept of a delivery', () => {
  it('neither variables nor tokens nor addresses of people', () => {
    const { payload } = identify(
      {
        object_kind: 'pipeline',
        object_attributes: {
          id: 3,
          variables: [{ key: 'PASSWORD', value: 'hunter2' }],
          url: 'https://bot:pw@gl.example/p',
        },
        user: { username: 'nora', email: 'nora@acme.example' },
        project: { ...project, runners_token: 'GR1348941' },
        note: 'the secret is s3cret-of-ours',
      },
      { webhookSecret: 's3cret-of-ours' },
    );
    expect(payload).toEqual({
      object_kind: 'pipeline',
      object_attributes: { id: 3, url: 'https://gl.example/p' },
      user: { username: 'nora' },
      project,
      note: 'the secret is [redacted]',
    });
  });
});

describe('transitions of a payload', () => {
  const ended = (finishedAt: string): unknown =>
    identify({
      object_kind: 'pipeline',
      object_attributes: { id: 3, status: 'failed', finished_at: finishedAt },
      project,
    }).transitions;

  it('have whole seconds, so that the API tells the same ones', () => {
    const transition = { status: 'failed', at: new Date('2026-02-03T10:11:12.000Z') };
    for (const finishedAt of ['2026-02-03T10:11:12.345Z', '2026-02-03 10:11:12 UTC']) {
      expect(ended(finishedAt)).toEqual([{ eventId: 'pipeline-7-3', transition }]);
    }
    expect(ended('soon')).toEqual([]);
  });
});

describeWithRecordings('recorded payloads', (folder) => {
  const bodyOf = (name: string): JsonObject =>
    JSON.parse(readFileSync(join(folder, 'gitlab-webhooks', `${name}.json`), 'utf8')) as JsonObject;

  it.each([
    ['merge_request', [{ stream: 'merge_requests', scope: '1', item: '1' }]],
    ['pipeline', [{ stream: 'pipelines', scope: '1', item: '31' }]],
    ['build', [{ stream: 'pipelines', scope: '380', item: '2366' }]],
    ['release', [{ stream: 'releases', scope: '327622', item: '1.0.0' }]],
    ['deployment', [{ stream: 'deployments', scope: '30', item: '15' }]],
    ['push', [{ stream: 'commits', scope: '15', item: 'master' }]],
    ['issue', []],
    ['note_merge_request', []],
  ])('of a %s', (name, wakes) => {
    const identified = identify(bodyOf(name), { branches: ['master'] });
    expect(identified.wakes).toEqual(wakes);
    expect(JSON.stringify(identified.payload)).not.toMatch(/"[^":\s]+@[^":\s]+"|us-west-1/);
  });
});
