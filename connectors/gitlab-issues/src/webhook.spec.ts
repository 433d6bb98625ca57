import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { IdentifiedWebhook, JsonObject, WebhookRequest } from '@syncline/connector-sdk';
import { HookCatcher } from '@syncline/connector-testing';
import type { GitLabIssuesConfig } from './config.js';
import { PairWorld } from './testing/pair-world.js';
import { webhook } from './webhook.js';

const webhookSecret = 'hook-secret-5d0c9a7b';

let pair: PairWorld;
let hooks: HookCatcher;
beforeEach(async () => {
  pair = await PairWorld.start();
  hooks = await HookCatcher.start();
  const { hooks: registry } = pair.source.world;
  registry.create(pair.source.project, { url: hooks.url, token: webhookSecret });
});
afterEach(async () => {
  await hooks.stop();
  await pair.stop();
});

function identify(request: WebhookRequest, config: Partial<GitLabIssuesConfig> = {}): IdentifiedWebhook {
  return webhook.identify(request, pair.config({ webhookSecret, ...config }));
}

function delivery(body: JsonObject, headers: Record<string, string> = {}): WebhookRequest {
  return { headers, rawBody: new TextEncoder().encode(JSON.stringify(body)) };
}

describe('deliveries of a real sender', () => {
  it.each([
    [false, 'Issue Hook', 'Note Hook'],
    [true, 'Confidential Issue Hook', 'Confidential Note Hook'],
  ])('wake the issue they name; confidential: %s', async (confidential, issueHook, noteHook) => {
    const { issues, notes } = pair.source.world;
    issues.create(pair.source.project, { title: 'Another', by: pair.source.nora });
    const issue = issues.create(pair.source.project, { title: 'Secret plan', confidential, by: pair.source.nora });
    notes.create(issue, { body: 'Do not tell', internal: confidential, by: pair.source.nora });
    await pair.source.gitLab.hooks.idle();
    for (const event of [issueHook, noteHook]) {
      const request = hooks.last(event);
      expect(webhook.verify(request, pair.config({ webhookSecret }), pair.clock.now())).toEqual({
        ok: true,
        unsigned: false,
      });
      const found = identify(request);
      expect(found).toMatchObject({ event, scope: String(pair.source.project.id), scopePath: 'acme/source' });
      expect(found.wakes).toEqual([{ stream: 'issues', scope: String(pair.source.project.id), item: '2' }]);
      expect(JSON.stringify(found.payload)).not.toMatch(/Secret plan|Do not tell|@/);
    }
  });

  it('of other projects and other kinds are kept as ignored, with the reason', async () => {
    const { world, project, nora } = pair.source;
    const mergeRequest = world.mergeRequests.create(project, { author: nora });
    await pair.source.gitLab.hooks.idle();
    expect(mergeRequest.iid).toBe(1);
    expect(identify(hooks.last('Merge Request Hook'))).toMatchObject({
      wakes: [],
      reason: 'Nothing is read for merge_request',
    });
    world.issues.create(project, { title: 'One', by: nora });
    await pair.source.gitLab.hooks.idle();
    const config = {
      source: { instance: pair.source.instance, project: 999 },
      target: { instance: pair.target.instance, project: '998' },
    };
    expect(identify(hooks.last('Issue Hook'), config).reason).toContain('does not sync this project');
    expect(identify(hooks.last('Issue Hook')).wakes).toHaveLength(1);
  });
});

describe('payloads', () => {
  const project = { id: 7, path_with_namespace: 'acme/source' };

  it.each<[string, JsonObject, string]>([
    [
      'comments on merge requests',
      { object_kind: 'note', project, object_attributes: { noteable_type: 'MergeRequest' } },
      'MergeRequest',
    ],
    ['comments on nothing', { object_kind: 'note', project }, 'nothing'],
    ['issues without a number', { object_kind: 'issue', project, object_attributes: { iid: 'x' } }, 'names no issue'],
    ['issues of no project', { object_kind: 'issue', object_attributes: { iid: 4 } }, 'names no project'],
    ['nothing at all', {}, 'no kind'],
  ])('of %s wake nothing', (_, body, reason) => {
    const found = identify(delivery(body));
    expect(found.wakes).toEqual([]);
    expect(found.reason).toContain(reason);
  });

  it('of work items are those of issues', () => {
    const attributes = { iid: 5 };
    expect(identify(delivery({ object_kind: 'work_item', project, object_attributes: attributes })).wakes).toEqual([
      { stream: 'issues', scope: '7', item: '5' },
    ]);
  });

  it('are signed by either secret, and a wrong one is refused', () => {
    const now = new Date('2026-03-02T06:00:00.000Z');
    const signingToken = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
    const request = delivery({ object_kind: 'issue', project, object_attributes: { iid: 4 } });
    const [id, timestamp] = ['d1', String(now.getTime() / 1000)];
    const key = Buffer.from(signingToken.slice(6), 'base64');
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(request.rawBody).digest('base64');
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
    const config = pair.config({ signingToken });
    expect(webhook.verify({ ...request, headers }, config, now)).toEqual({ ok: true, unsigned: false });
    expect(webhook.verify(request, config, now).ok).toBe(false);
    expect(webhook.verify(request, pair.config(), now)).toEqual({ ok: true, unsigned: true });
    const wrong = { ...request, headers: { 'x-gitlab-token': 'guessed-it' } };
    expect(webhook.verify(wrong, pair.config({ webhookSecret }), now).ok).toBe(false);
  });

  it('that are not JSON objects are permanent errors', () => {
    const rawBody = new TextEncoder().encode('[1');
    expect(() => webhook.identify({ headers: {}, rawBody }, pair.config())).toThrow('not JSON');
  });
});
