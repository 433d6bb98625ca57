import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from './testing/acme.js';
import { ask, pluck } from './testing/ask.js';

describe('releases, images and deployments', () => {
  let acme: Acme;
  beforeEach(async () => {
    acme = await startAcme();
  });
  afterEach(async () => {
    await acme.gitlab.stop();
  });

  it('releases have no updated_at: an edit changes only what is read', async () => {
    const { gitlab, project, token, pass } = acme;
    const { releases } = gitlab.world;
    const links = [{ name: 'setup', url: 'https://dl.example/setup', linkType: 'package' }] as const;
    const first = releases.create(project, { tagName: 'v1/beta', links });
    pass(1000);
    releases.create(project, { tagName: 'v2', releasedAt: new Date('2030-01-01T00:00:00Z') });
    const rows = (await ask(gitlab, token, '/projects/1/releases')).rows();
    expect(rows).toMatchObject([
      { tag_name: 'v2', upcoming_release: true },
      { tag_name: 'v1/beta', assets: { count: 5 } },
    ]);
    expect(rows[0]).not.toHaveProperty('id');
    expect(rows[0]).not.toHaveProperty('updated_at');
    releases.edit(first, { description: 'Better notes' });
    expect((await ask(gitlab, token, '/projects/1/releases/v1%2Fbeta')).object()).toMatchObject({
      description: 'Better notes',
      released_at: '2026-03-04T05:06:07.000Z',
    });
    expect((await ask(gitlab, token, '/projects/1/releases')).rows()[1]).toHaveProperty('description', 'Better notes');
    gitlab.world.git.deleteTag(project, 'v1/beta');
    expect(pluck((await ask(gitlab, token, '/projects/1/releases')).rows(), 'tag_name')).toEqual(['v2']);
    const { headers, status } = await ask(gitlab, token, '/projects/1/releases/permalink/latest');
    expect([status, headers.get('location')]).toEqual([404, null]);
  });

  it('an image pushed again looks the same in every list', async () => {
    const { gitlab, project, token } = acme;
    const { registry } = gitlab.world;
    const repository = registry.createRepository(project, 'api');
    registry.pushTag(repository, 'latest', { createdAt: null, totalSize: null });
    const base = '/projects/1/registry/repositories';
    const lists = async () => [
      (await ask(gitlab, token, `${base}?tags_count=true`)).text,
      (await ask(gitlab, token, `${base}/1/tags`)).text,
    ];
    const before = await lists();
    const detail = (await ask(gitlab, token, `${base}/1/tags/latest`)).object();
    expect(detail).toMatchObject({ created_at: null, total_size: null, path: 'acme/web/api:latest' });
    registry.pushTag(repository, 'latest');
    expect(await lists()).toEqual(before);
    const after = (await ask(gitlab, token, `${base}/1/tags/latest`)).object();
    expect(after['digest']).not.toBe(detail['digest']);
    expect(after['created_at']).toBe('2026-03-04T05:06:07.000+00:00');
    expect((await ask(gitlab, token, `${base}?tags_count=true`)).rows()).toMatchObject([{ tags_count: 1 }]);
    expect((await ask(gitlab, token, base)).rows()[0]).not.toHaveProperty('tags_count');
    registry.deleteTag(repository, 'latest');
    expect((await ask(gitlab, token, `${base}/1/tags/latest`)).json()).toEqual({ message: '404 Tag Not Found' });
  });

  it('deployments couple the filter with the order', async () => {
    const { gitlab, project, token, pass } = acme;
    const job = gitlab.world.pipelines.create(project).jobs;
    const deployable = Array.isArray(job) ? job[2] : undefined;
    const deployment = gitlab.world.deployments.create(project, {
      environment: 'production',
      ...(deployable === undefined ? {} : { deployable }),
    });
    pass(90_000);
    gitlab.world.deployments.finish(deployment);
    const base = '/projects/1/deployments';
    const refused = await ask(gitlab, token, `${base}?updated_after=2026-01-01T00:00:00Z`);
    expect([refused.status, refused.json()]).toEqual([
      400,
      { message: '`updated_at` filter requires `updated_at` sort' },
    ]);
    const read = await ask(gitlab, token, `${base}?updated_after=2026-03-04T05:07:00Z&order_by=updated_at&sort=asc`);
    expect(read.rows()).toMatchObject([
      { status: 'success', environment: { name: 'production' }, deployable: { name: 'rollout', pipeline: { id: 1 } } },
    ]);
    expect((await ask(gitlab, token, `${base}?order_by=finished_at`)).status).toBe(400);
    expect((await ask(gitlab, token, `${base}?status=success&environment=staging`)).rows()).toEqual([]);
    const environments = (await ask(gitlab, token, '/projects/1/environments?name=production')).rows();
    expect(environments).toMatchObject([{ tier: 'production', state: 'available' }]);
    const one = await ask(gitlab, token, `/projects/1/environments/${String(environments[0]?.['id'])}`);
    expect(one.object()).toMatchObject({ last_deployment: { id: 1 } });
  });

  it('keeps an activity list by days', async () => {
    const { gitlab, project, token } = acme;
    gitlab.world.mergeRequests.create(project);
    const names = pluck((await ask(gitlab, token, '/projects/1/events')).rows(), 'action_name');
    expect(names).toEqual(['opened', 'pushed new', 'pushed new']);
    expect((await ask(gitlab, token, '/projects/1/events?after=2026-03-04')).rows()).toEqual([]);
    expect(
      (await ask(gitlab, token, '/projects/1/events?after=2026-03-03&target_type=merge_request')).rows(),
    ).toHaveLength(1);
  });
});
