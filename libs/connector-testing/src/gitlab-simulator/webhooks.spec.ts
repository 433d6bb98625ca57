import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from './testing/acme.js';
import { ask } from './testing/ask.js';
import { startHookReceiver, type HookReceiver } from './testing/hook-receiver.js';

describe('webhooks', () => {
  let acme: Acme;
  let receiver: HookReceiver;
  beforeEach(async () => {
    acme = await startAcme();
    receiver = await startHookReceiver();
  });
  afterEach(async () => {
    await acme.gitlab.stop();
    await receiver.stop();
  });
  const firstReceived = () => {
    const [first] = receiver.received;
    if (first === undefined) throw new Error('no hook arrived');
    return first;
  };
  const kinds = () => receiver.received.map(({ body }) => body['object_kind']);
  const actions = () =>
    receiver.received.map(({ body }) => body['object_attributes']).map((attributes) => Object(attributes).action);

  it('tell what happened, with the secret and a fresh key each', async () => {
    const { gitlab, project, nora } = acme;
    gitlab.world.hooks.create(project, { url: receiver.url, token: 's3cret', flags: { merge_requests_events: true } });
    const mergeRequest = gitlab.world.mergeRequests.create(project, { title: 'SSO' });
    gitlab.world.mergeRequests.approve(mergeRequest, { by: nora });
    await gitlab.hooks.idle();
    expect(actions().sort()).toEqual(['approved', 'open']);
    const { headers } = firstReceived();
    expect(headers).toMatchObject({
      'x-gitlab-event': 'Merge Request Hook',
      'x-gitlab-token': 's3cret',
      'x-gitlab-instance': gitlab.url,
      'content-type': 'application/json',
    });
    expect(headers).not.toHaveProperty('webhook-signature');
    const keys = receiver.received.map((hook) => hook.headers['idempotency-key']);
    expect(new Set(keys).size).toBe(2);
  });

  it('are signed over the raw body where a signing token is set', async () => {
    const { gitlab, project } = acme;
    const secret = Buffer.alloc(32, 7);
    gitlab.world.hooks.create(project, { url: receiver.url, signingToken: `whsec_${secret.toString('base64')}` });
    gitlab.world.git.push(project, 'main');
    await gitlab.hooks.idle();
    const { headers, raw } = firstReceived();
    expect(headers['webhook-id']).toBe(headers['idempotency-key']);
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${raw}`;
    const expected = createHmac('sha256', secret).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
  });

  it('show at most twenty commits of a push and stay silent when it changes many branches', async () => {
    const { gitlab, project } = acme;
    gitlab.world.hooks.create(project, { url: receiver.url, flags: { push_events: true } });
    const pushed = gitlab.world.git.push(project, 'main', 23);
    await gitlab.hooks.idle();
    const [push] = receiver.received;
    expect(push?.body).toMatchObject({ total_commits_count: 23, after: pushed.at(-1)?.sha, ref: 'refs/heads/main' });
    const shown = Object(push?.body['commits']);
    expect([shown.length, shown[19].id]).toEqual([20, pushed.at(-1)?.sha]);
    gitlab.world.git.pushMany(project, ['a', 'b', 'c', 'd']);
    gitlab.world.git.deleteBranch(project, 'a');
    await gitlab.hooks.idle();
    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[1]?.body).toMatchObject({ after: '0'.repeat(40), checkout_sha: null, commits: [] });
  });

  it('tell pipelines, jobs, releases, tags and deployments', async () => {
    const { gitlab, project } = acme;
    gitlab.world.hooks.create(project, { url: receiver.url });
    const pipeline = gitlab.world.pipelines.create(project, { jobs: [{ name: 'unit' }] });
    gitlab.world.pipelines.start(pipeline);
    gitlab.world.pipelines.finish(pipeline, { status: 'failed' });
    gitlab.world.releases.edit(gitlab.world.releases.create(project, { tagName: 'v1' }), { name: 'One' });
    gitlab.world.deployments.finish(gitlab.world.deployments.create(project, { environment: 'staging' }));
    await gitlab.hooks.idle();
    expect(kinds().sort()).toEqual(
      [
        'build',
        'build',
        'deployment',
        'deployment',
        'pipeline',
        'pipeline',
        'pipeline',
        'release',
        'release',
        'tag_push',
      ].sort(),
    );
    const statuses = receiver.received
      .filter(({ body }) => body['object_kind'] === 'build')
      .map(({ body }) => body['build_status']);
    expect(statuses.sort()).toEqual(['failed', 'running']);
  });

  it('are held, lost, repeated and reordered as a test wants', async () => {
    const { gitlab, project } = acme;
    gitlab.world.hooks.create(project, { url: receiver.url, flags: { pipeline_events: true } });
    gitlab.hooks.hold();
    for (let count = 0; count < 4; count += 1) gitlab.world.pipelines.create(project);
    await gitlab.hooks.idle();
    expect([gitlab.hooks.holding, receiver.received.length]).toEqual([4, 0]);
    gitlab.hooks.release({ order: 'reversed', duplicate: true, drop: 1 });
    await gitlab.hooks.idle();
    const ids = receiver.received.map(({ body }) => Object(body['object_attributes']).id);
    expect([...ids].sort()).toEqual([1, 1, 2, 2, 3, 3]);
    expect(new Set(receiver.received.map(({ headers }) => headers['idempotency-key'])).size).toBe(3);
  });

  it('are not repeated after a failure; four failures pause the hook, one success heals it', async () => {
    const { gitlab, project, token, pass } = acme;
    const hook = gitlab.world.hooks.create(project, { url: receiver.url, flags: { pipeline_events: true } });
    receiver.answer = 500;
    const happen = async () => {
      gitlab.world.pipelines.create(project);
      await gitlab.hooks.idle();
    };
    for (let count = 0; count < 3; count += 1) await happen();
    const shown = async () => (await ask(gitlab, token, `/projects/1/hooks/${hook.id}`)).object();
    expect(await shown()).toMatchObject({ alert_status: 'executable', disabled_until: null });
    receiver.answer = 'hang up';
    await happen();
    expect(await shown()).toMatchObject({
      alert_status: 'temporarily_disabled',
      disabled_until: '2026-03-04T05:07:07.000Z',
    });
    expect(hook.events.at(-1)?.responseStatus).toBe('internal error');
    await happen();
    expect(receiver.received).toHaveLength(4);
    pass(60_000);
    receiver.answer = 503;
    await happen();
    expect(await shown()).toMatchObject({ disabled_until: '2026-03-04T05:09:07.000Z' });
    receiver.answer = 204;
    const tested = await ask(gitlab, token, `/projects/1/hooks/${hook.id}/test/pipeline_events`, { method: 'POST' });
    expect([tested.status, tested.json()]).toEqual([201, { message: '201 Created' }]);
    expect(await shown()).toMatchObject({ alert_status: 'executable' });
    hook.failures = 40;
    expect(await shown()).toMatchObject({ alert_status: 'disabled' });
    pass(48 * 3_600_000);
    await happen();
    expect(receiver.received).toHaveLength(6);
  });

  it('give up on a receiver that does not answer', async () => {
    const impatient = await startAcme({ hookTimeoutMs: 50 });
    const hook = impatient.gitlab.world.hooks.create(impatient.project, { url: receiver.url });
    receiver.answer = 'hang';
    impatient.gitlab.world.git.push(impatient.project, 'main');
    await impatient.gitlab.hooks.idle();
    expect(hook.events).toMatchObject([{ responseStatus: 'internal error' }]);
    expect(hook.failures).toBe(1);
    await impatient.gitlab.stop();
  });

  it('are managed through the API, which never tells their secrets', async () => {
    const { gitlab, token } = acme;
    const body = { url: receiver.url, token: 's3cret', push_events: false, releases_events: true };
    const made = await ask(gitlab, token, '/projects/1/hooks', { method: 'POST', body });
    expect(made.status).toBe(201);
    expect(made.object()).toMatchObject({ push_events: false, releases_events: true, token_present: true });
    expect(made.text).not.toContain('s3cret');
    const path = `/projects/1/hooks/${String(made.object()['id'])}`;
    const changed = await ask(gitlab, token, path, { method: 'PUT', body: { url: `${receiver.url}/2` } });
    expect(changed.object()).toMatchObject({ token_present: false, releases_events: true });
    const missing = await ask(gitlab, token, '/projects/1/hooks', { method: 'POST', body: {} });
    expect([missing.status, missing.json()]).toEqual([400, { error: 'url is missing' }]);
    const noSample = await ask(gitlab, token, `${path}/test/releases_events`, { method: 'POST' });
    expect(noSample.status).toBe(422);
    expect((await ask(gitlab, token, path, { method: 'DELETE' })).status).toBe(204);
    expect((await ask(gitlab, token, '/projects/1/hooks')).rows()).toEqual([]);
  });

  it('can be sent again from their history, under the same key', async () => {
    const { gitlab, project, token } = acme;
    const hook = gitlab.world.hooks.create(project, {
      url: receiver.url,
      token: 's3cret',
      flags: { push_events: true },
    });
    receiver.answer = 500;
    gitlab.world.git.push(project, 'main');
    await gitlab.hooks.idle();
    receiver.answer = 200;
    const path = `/projects/1/hooks/${hook.id}/events`;
    const [event] = (await ask(gitlab, token, `${path}?status=server_failure`)).rows();
    expect(event).toMatchObject({ response_status: '500', request_headers: { 'X-Gitlab-Token': '[REDACTED]' } });
    const again = await ask(gitlab, token, `${path}/${String(event?.['id'])}/resend`, { method: 'POST' });
    expect([again.status, again.json()]).toEqual([201, { response_status: 200 }]);
    const [first, second] = receiver.received;
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
    expect(second?.raw).toBe(first?.raw);
  });
});
