import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { answersOf, endOfRun, Status } from '../testing/pair-connector.js';
import { type PairHub, startPairHub } from '../testing/pair-hub.js';
import { type Json, request } from '../testing/test-hub.js';

describe('the conflicts API', () => {
  let hub: PairHub;
  let connectionId: string;
  let linkId: string;

  beforeAll(async () => {
    hub = await startPairHub();
  });
  afterAll(() => hub.close());
  beforeEach(async () => {
    connectionId = await hub.connect();
    linkId = randomUUID();
    await run(['pair.commit', { links: [link(linkId)] }]);
  });

  const ref = (instanceId: string, projectId: string, key: string) => ({
    instanceId,
    projectId,
    key,
    title: `#${key}`,
  });
  const link = (id: string) => ({
    id,
    kind: 'issue',
    state: 'active',
    left: ref(hub.source, '1', '7'),
    right: ref(hub.target, '2', '12'),
    baseline: { revision: '1' },
  });
  const run = async (...script: unknown[]) => {
    hub.here.answers.set('/script', script);
    const { body } = await hub.api('POST', `/api/connections/${connectionId}/sync`);
    const ended = await endOfRun(hub, body.runId as string);
    expect(ended.error).toBeUndefined();
    return ended;
  };
  const clash = (field: string, values: object = {}, state = 'open') => [
    'pair.commit',
    { conflicts: [{ linkId, field, base: 'a', left: 'b', right: 'c', ...values, state }] },
  ];
  const list = async (query = '') => {
    const { status, body } = await hub.api('GET', `/api/conflicts?connectionId=${connectionId}${query}`);
    expect(status).toBe(200);
    return body.items as Json[];
  };
  const only = async (): Promise<Json> => (await list())[0];
  const resolve = (id: string, body: unknown) => hub.api('POST', `/api/conflicts/${id}/resolve`, body);
  const seenByNextRun = async () => {
    hub.here.answers.set('/script', [['pair.openConflicts', [linkId]]]);
    const { body } = await hub.api('POST', `/api/connections/${connectionId}/sync`);
    await endOfRun(hub, body.runId as string);
    return (await answersOf(hub, body.runId as string))['pair.openConflicts'];
  };
  const linkState = async () => (await hub.api('GET', `/api/links/${linkId}`)).body.state;
  /** The wake-up of a decision is a run of its own. */
  const settle = async () => {
    for (const state of ['queued', 'running']) {
      const { body } = await hub.api('GET', `/api/runs?connectionId=${connectionId}&status=${state}`);
      for (const { id } of body.items) await endOfRun(hub, id as string);
    }
  };

  it('shows long texts whole, and their beginnings in lists', async () => {
    const [short, left, right] = ['ä'.repeat(4_000), `${'ö'.repeat(4_000)}!`, '\u{1F600}'.repeat(50_000)];
    await run(clash('description', { base: short, left, right }), clash('title'));
    const [title, listed] = await list();
    expect(title).not.toHaveProperty('cut');
    expect(listed).toMatchObject({ field: 'description', base: short, cut: ['left', 'right'] });
    expect([listed.left, listed.right]).toEqual(['ö'.repeat(4_000), '\u{1F600}'.repeat(4_000)]);
    const { body: whole } = await hub.api('GET', `/api/conflicts/${listed.id}`);
    expect(whole).toMatchObject({ base: short, left, right });
    expect(whole).not.toHaveProperty('cut');
    expect((await hub.api('GET', `/api/sync/conflicts?project_pair_id=${connectionId}`)).body.items).toHaveLength(2);
  });

  it('shows what a run found, and counts it', async () => {
    const ended = await run(clash('title'), clash('labels', { base: [], left: ['x'], right: null }));
    expect(ended.counts.conflicts).toBe(2);
    const [labels, title] = await list();
    expect(title).toEqual({
      id: expect.any(String),
      connectionId,
      linkId,
      field: 'title',
      base: 'a',
      left: 'b',
      right: 'c',
      state: 'open',
      detectedAt: expect.any(String),
      updatedAt: expect.any(String),
      leftRef: ref(hub.source, '1', '7'),
      rightRef: ref(hub.target, '2', '12'),
    });
    expect(labels).toMatchObject({ base: [], left: ['x'], right: null });
    expect((await hub.api('GET', `/api/conflicts/${title.id}`)).body).toEqual(title);
    expect(await linkState()).toBe('conflicted');
    const { body } = await hub.api('GET', '/api/dashboard/stats');
    expect(body.conflicts.open).toBeGreaterThanOrEqual(2);
    expect(body.pairs.find((pair: Json) => pair.connectionId === connectionId).openConflicts).toBe(2);
  });

  it('lists newest first, page by page, and filters', async () => {
    for (const field of ['title', 'state', 'weight']) await run(clash(field));
    await run(clash('state', {}, 'closed'));
    const fields = async (query: string) => (await list(query)).map(({ field }) => field);
    expect(await fields('')).toEqual(['weight', 'state', 'title']);
    expect(await fields('&state=open')).toEqual(['weight', 'title']);
    expect(await fields('&state=closed&state=resolved')).toEqual(['state']);
    expect(await fields('&field=title')).toEqual(['title']);
    expect(await fields(`&linkId=${linkId}`)).toHaveLength(3);
    expect(await fields(`&linkId=${randomUUID()}`)).toEqual([]);
    const { body } = await hub.api('GET', `/api/conflicts?connectionId=${connectionId}&limit=2`);
    expect(await fields(`&limit=2&cursor=${body.nextCursor}`)).toEqual(['title']);
    for (const query of ['state=x', 'linkId=7', 'limit=0', 'cursor=x']) {
      expect([query, (await hub.api('GET', `/api/conflicts?${query}`)).status]).toEqual([query, 400]);
    }
  });

  it('hands a decision to the next run, which is woken for it', async () => {
    await run(clash('title'));
    hub.here.answers.set('/script', []);
    const decided = await resolve((await only()).id as string, { choice: 'left' });
    expect(decided).toMatchObject({
      status: 200,
      body: { state: 'resolved', resolution: { choice: 'left', by: expect.any(String), at: expect.any(String) } },
    });
    await settle();
    const { body } = await hub.api('GET', `/api/runs?connectionId=${connectionId}&limit=1`);
    expect(body.items[0]).toMatchObject({ mode: 'wake', trigger: 'manual' });
    const { request: asked } = await answersOf(hub, body.items[0].id as string);
    expect(asked.items).toEqual([{ side: 'left', key: '7' }]);
    expect(await seenByNextRun()).toEqual([
      { linkId, field: 'title', base: 'a', left: 'b', right: 'c', resolution: { choice: 'left' } },
    ]);
    await run(clash('title', {}, 'resolved'));
    expect((await only()).resolution).toMatchObject({ choice: 'left', appliedAt: expect.any(String) });
    expect(await linkState()).toBe('active');
    const { body: shown } = await hub.api('GET', `/api/links/${linkId}`);
    expect(shown.history).toMatchObject([
      { action: 'conflicted', field: 'title', runId: null, reason: expect.stringMatching(/chose the left side/) },
    ]);
    const audited: unknown[] = await hub.database.query(
      `select 1 from audit_log where action = 'conflict.resolve' and subject_id = $1`,
      [(await only()).id],
    );
    expect(audited).toHaveLength(1);
  });

  it('takes a value in its one form, and refuses one that the field cannot have', async () => {
    await run(clash('labels', { base: [], left: ['x'], right: ['y'] }));
    const { id } = await only();
    expect((await resolve(id as string, { choice: 'value', value: 'x, y' })).body).toMatchObject({
      status: 422,
      errors: [{ path: '/value', message: 'must be a list of names' }],
    });
    expect((await resolve(id as string, { choice: 'value' })).body.errors[0].path).toBe('/value');
    expect((await resolve(id as string, { choice: 'left', value: [] })).body.errors[0].path).toBe('/value');
    expect((await resolve(id as string, { choice: 'both' })).body.errors[0].path).toBe('/choice');
    expect((await resolve(id as string, {})).status).toBe(422);
    expect((await only()).state).toBe('open');
    const decided = await resolve(id as string, { choice: 'value', value: ['y', 'x', 'y'] });
    expect(decided.body.resolution.value).toEqual(['x', 'y']);
    await settle();
    expect((await seenByNextRun())[0].resolution).toEqual({ choice: 'value', value: ['x', 'y'] });
  });

  it('is decided once, and only by who saw its values', async () => {
    await run(clash('title'));
    const seen = await only();
    await run(clash('title', { right: 'cc' }));
    const late = await resolve(seen.id as string, { choice: 'left', updatedAt: seen.updatedAt });
    expect(late).toMatchObject({ status: 409, body: { errors: [{ path: '/updatedAt' }] } });
    const now = await only();
    expect(now).toMatchObject({ id: seen.id, right: 'cc', state: 'open' });
    const both = await Promise.all([
      resolve(now.id as string, { choice: 'left', updatedAt: now.updatedAt }),
      resolve(now.id as string, { choice: 'right', updatedAt: now.updatedAt }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    await run(clash('title', {}, 'closed'));
    expect((await resolve(now.id as string, { choice: 'left' })).status).toBe(409);
  });

  it('that was fixed at the remotes is read again: over where they agree, open with fresh values where not', async () => {
    await run(clash('title'));
    const { id } = await only();
    hub.here.answers.set('/script', []);
    hub.here.answers.set('/fields/7', { title: 'new' });
    hub.there.answers.set('/fields/12', { title: 'newer' });
    const open = await resolve(id as string, { choice: 'fixed' });
    expect(open).toMatchObject({ status: 200, body: { state: 'open', left: 'new', right: 'newer' } });
    expect(open.body.resolution).toBeUndefined();
    hub.there.answers.set('/fields/12', { title: 'new' });
    const over = await resolve(id as string, { choice: 'fixed' });
    expect(over.body).toMatchObject({ state: 'resolved', left: 'new', right: 'new', resolution: { choice: 'fixed' } });
    expect(await linkState()).toBe('active');
    await settle();
    expect(await seenByNextRun()).toEqual([]);
  });

  it('says why both sides cannot be read again, and stays open', async () => {
    await run(clash('title'));
    const { id } = await only();
    hub.here.answers.set('/fields/7', new Status(500));
    const { status, body } = await resolve(id as string, { choice: 'fixed' });
    expect(status).toBe(502);
    expect(body.detail).toMatch(/The store answered 500/);
    expect((await only()).state).toBe('open');
  });

  it('is over when its link is severed', async () => {
    await run(clash('title'));
    await hub.api('DELETE', `/api/links/${linkId}`);
    expect((await only()).state).toBe('closed');
    expect(await linkState()).toBe('severed');
  });

  it('waits for a connection that is paused', async () => {
    await run(clash('title'));
    await hub.api('PATCH', `/api/connections/${connectionId}`, { enabled: false });
    expect((await resolve((await only()).id as string, { choice: 'right' })).body.state).toBe('resolved');
    const { body } = await hub.api('GET', `/api/runs?connectionId=${connectionId}&status=queued`);
    expect(body.items).toEqual([]);
  });

  it('needs a token and an id that exists', async () => {
    expect((await request(`${hub.url}/api/conflicts`)).status).toBe(401);
    for (const id of ['7', randomUUID()]) {
      expect((await hub.api('GET', `/api/conflicts/${id}`)).status).toBe(404);
      expect((await resolve(id, { choice: 'left' })).status).toBe(404);
    }
  });
});
