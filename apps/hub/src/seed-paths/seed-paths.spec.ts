import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endOfRun } from '../testing/pair-connector.js';
import { type PairHub, startPairHub } from '../testing/pair-hub.js';
import { type Json, request } from '../testing/test-hub.js';

describe('the paths of GitLab Issue Transfer Buddy', () => {
  let hub: PairHub;

  beforeAll(async () => {
    hub = await startPairHub({ id: 'gitlab-issues' });
  });
  afterAll(() => hub.close());

  const pair = (changes: object = {}) => ({
    source_instance_id: hub.source,
    source_project_id: 'acme/web',
    target_instance_id: hub.target,
    target_project_id: 4711,
    sync_enabled: false,
    ...changes,
  });
  const post = (body: unknown) => hub.api('POST', '/api/project-pairs/', body);

  it('make, show, change, pause and delete a connection', async () => {
    const made = await post(pair({ bidirectional: true, sync_interval_minutes: 25 }));
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      name: 'Production:acme/web <-> Mirror:4711',
      connectorId: 'gitlab-issues',
      source_instance_id: hub.source,
      source_project_id: 'acme/web',
      target_instance_id: hub.target,
      target_project_id: '4711',
      bidirectional: true,
      sync_enabled: false,
      sync_interval_minutes: 25,
      last_sync_at: null,
    });
    const path = `/api/project-pairs/${made.body.id}`;
    expect((await hub.api('GET', `/api/connections/${made.body.id}`)).body).toMatchObject({
      schedule: { intervalMinutes: 25 },
      config: {
        source: { instance: hub.source, project: 'acme/web' },
        target: { instance: hub.target, project: '4711' },
        bidirectional: true,
      },
    });
    expect((await hub.api('PATCH', path, { target_project_id: 'acme/other' })).body).toMatchObject({
      source_project_id: 'acme/web',
      target_project_id: 'acme/other',
      target_instance_id: hub.target,
    });
    expect((await hub.api('PUT', path, { name: 'Web', sync_interval_minutes: 5 })).body).toMatchObject({
      name: 'Web',
      sync_interval_minutes: 5,
    });
    expect((await hub.api('POST', `${path}/toggle`)).body.sync_enabled).toBe(true);
    expect((await hub.api('POST', `${path}/toggle`)).body.sync_enabled).toBe(false);
    const { body } = await hub.api('GET', '/api/project-pairs/');
    expect(body.items.map(({ name }: Json) => name)).toEqual(['Web']);
    expect(body.nextCursor).toBeNull();
    expect((await hub.api('DELETE', path)).status).toBe(204);
    expect((await hub.api('GET', path)).status).toBe(404);
  });

  it('name what is wrong in their own words', async () => {
    const paths = (answer: { body: Json }) => answer.body.errors.map(({ path }: Json) => path);
    const unknown = await post(pair({ source_instance_id: randomUUID() }));
    expect(unknown.status).toBe(422);
    expect(paths(unknown)).toEqual(['/source_instance_id']);
    expect(unknown.body.detail).toMatch(/^\/source_instance_id is not the id of an instance/);
    expect(paths(await post({}))).toEqual([
      '/source_instance_id',
      '/source_project_id',
      '/target_instance_id',
      '/target_project_id',
    ]);
    expect((await post(pair({ target_instance_id: hub.source, target_project_id: 'acme/web' }))).status).toBe(422);
    const first = await post(pair());
    const second = await post(pair({ name: 'Other' }));
    expect(second.status).toBe(409);
    expect(second.body.detail).toMatch(/keeps these two projects in step already/);
    await hub.api('DELETE', `/api/project-pairs/${first.body.id}`);
  });

  it('run a pair, and show its log and its conflicts', async () => {
    const id = await hub.connect();
    const link = randomUUID();
    const ref = (instanceId: string, key: string) => ({ instanceId, projectId: '1', key });
    hub.here.answers.set('/script', [
      [
        'pair.commit',
        {
          links: [
            { id: link, kind: 'issue', state: 'active', left: ref(hub.source, '1'), right: ref(hub.target, '2') },
          ],
          conflicts: [{ linkId: link, field: 'title', base: 'a', left: 'b', right: 'c', state: 'open' }],
        },
      ],
    ]);
    const { status, body } = await hub.api('POST', `/api/sync/${id}/trigger`);
    expect(status).toBe(202);
    expect(body).toEqual({ runId: expect.any(String), coalesced: false });
    await endOfRun(hub, body.runId as string);
    hub.here.answers.set('/script', []);
    const logs = await hub.api('GET', `/api/sync/logs?project_pair_id=${id}&limit=1`);
    expect(logs.body.items).toMatchObject([{ connectionId: id, runId: body.runId, level: 'info' }]);
    expect(logs.body.nextCursor).not.toBeNull();
    const conflicts = (query: string) => hub.api('GET', `/api/sync/conflicts?project_pair_id=${id}${query}`);
    const { body: open } = await conflicts('&resolved=false');
    expect(open.items).toMatchObject([{ connectionId: id, field: 'title', state: 'open' }]);
    expect((await conflicts('&resolved=true')).body.items).toEqual([]);
    hub.here.answers.set('/fields/1', { title: 'b' });
    hub.there.answers.set('/fields/2', { title: 'b' });
    const fixed = await hub.api('POST', `/api/sync/conflicts/${open.items[0].id}/resolve`, {
      resolution_notes: 'By hand.',
    });
    expect(fixed).toMatchObject({ status: 200, body: { state: 'resolved', resolution: { choice: 'fixed' } } });
    expect((await conflicts('&resolved=true')).body.items).toHaveLength(1);
    expect((await hub.api('GET', `/api/project-pairs/${id}`)).body.last_sync_at).toEqual(expect.any(String));
  });

  it('need a token and what exists', async () => {
    for (const path of ['/api/project-pairs', '/api/sync/logs', '/api/sync/conflicts']) {
      expect((await request(hub.url + path)).status).toBe(401);
    }
    for (const id of ['7', randomUUID()]) {
      expect((await hub.api('POST', `/api/sync/${id}/trigger`)).status).toBe(404);
      expect((await hub.api('GET', `/api/project-pairs/${id}`)).status).toBe(404);
    }
    expect((await hub.api('GET', '/api/sync/conflicts?resolved=maybe')).status).toBe(400);
    const id = await hub.connect({ enabled: false });
    expect((await hub.api('POST', `/api/sync/${id}/trigger`)).status).toBe(409);
  });
});
