import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { GitLabSimulator, type Project, type User } from '@syncline/connector-testing';
import type { HubProcess } from './bench/lib/hub.mjs';
import { startHubProcess } from './support/hub-process.js';
import { retryOnceInCi } from './support/retry.js';
import { until } from './support/until.js';

retryOnceInCi();
jest.setTimeout(600_000);

type Json = ReturnType<JSON['parse']>;

/** Two issues that people know to be one are linked through a hub, with two GitLabs as they answer. */
describe('issues that people link by hand', () => {
  let hub: HubProcess;
  let gitLab: GitLabSimulator;
  let source: Project;
  let target: Project;
  let nora: User;
  let instance: string;
  let connectionId: string;

  async function call(method: string, path: string, body?: object): Promise<{ status: number; body: Json }> {
    const headers = { authorization: `Bearer ${hub.token}`, 'content-type': 'application/json' };
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const response = await fetch(`${hub.url}${path}`, init);
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  const link = (left: object, right: object, more: object = {}) =>
    call('POST', '/api/links', { connectionId, kind: 'issue', left, right, ...more });

  async function idle(): Promise<void> {
    const path = `/api/runs?connectionId=${connectionId}&status=queued&status=running`;
    await until(async () => (await call('GET', path)).body.items.length === 0);
  }

  async function sync(body: object = {}): Promise<Json> {
    const { body: begun } = await call('POST', `/api/connections/${connectionId}/sync`, body);
    await idle();
    return (await call('GET', `/api/runs/${begun.runId}`)).body;
  }

  const issue = (project: Project, title: string, more: object = {}) =>
    gitLab.world.issues.create(project, { title, by: nora, ...more });

  beforeAll(async () => {
    gitLab = await GitLabSimulator.start({ seed: 'links' });
    const { groups, projects, tokens, users } = gitLab.world;
    const owner = groups.create({ path: 'acme' });
    [source, target] = [projects.create({ path: 'source', owner }), projects.create({ path: 'target', owner })];
    const bot = users.create({ username: 'sync-bot' });
    nora = users.create({ username: 'nora' });
    for (const project of [source, target]) {
      for (const user of [bot, nora]) projects.setMember(project, user, 'developer');
    }
    hub = await startHubProcess();
    const credentials = { token: tokens.create({ user: bot, scopes: ['api'] }).value };
    const made = await call('POST', '/api/instances', {
      name: 'GitLab',
      kind: 'gitlab',
      baseUrl: gitLab.url,
      credentials,
    });
    instance = made.body.id as string;
    const config = {
      source: { instance, project: 'acme/source' },
      target: { instance, project: 'acme/target' },
      bidirectional: true,
      filter: { labels: ['wanted'] },
    };
    const connection = { name: 'Pair', connectorId: 'gitlab-issues', schedule: null, config };
    connectionId = (await call('POST', '/api/connections', connection)).body.id as string;
  });
  afterAll(async () => {
    await hub.stop('SIGKILL');
    await gitLab.stop();
  });

  it('are refused with a sentence for whatever is wrong', async () => {
    issue(source, 'Ours');
    issue(target, 'Theirs');
    const away = issue(source, 'Moved away');
    gitLab.world.issues.move(away, target, { by: nora });
    const faults = async (left: object, right: object, more?: object): Promise<[number, string[]]> => {
      const { status, body } = await link(left, right, more);
      return [status, (body.errors ?? []).map(({ path, message }: Json) => `${path} ${message}`)];
    };
    expect(await faults({ key: '99' }, { key: '1' })).toEqual([422, ['/left/key is no issue on the left side']]);
    expect(await faults({ key: '1' }, { key: 'one' })).toEqual([422, ['/right/key is no issue on the right side']]);
    expect(await faults({ key: '1' }, { key: '../1' })).toEqual([422, ['/right/key is no issue on the right side']]);
    expect(await faults({ key: '1' }, { key: '1', projectId: '4711' })).toEqual([
      422,
      ['/right/projectId is not what the connection has on its right side'],
    ]);
    expect(await faults({ key: String(away.iid) }, { key: '1' })).toEqual([
      422,
      [expect.stringMatching(/^\/left\/key Issue 2 was moved to another project/)],
    ]);
    expect(await faults({ key: '1' }, { key: '1' }, { kind: 'milestone' })).toEqual([
      422,
      ['/left/key is no milestone on the left side', '/right/key is no milestone on the right side'],
    ]);
    const unknown = '00000000-0000-4000-8000-000000000000';
    const [status, [message]] = await faults({ key: '1' }, { key: '1' }, { connectionId: unknown });
    expect([status, message]).toEqual([422, '/connectionId is no connection of this hub']);
    expect((await faults({}, { key: '1' }))[0]).toBe(422);
    expect((await call('GET', `/api/links?connectionId=${connectionId}`)).body.items).toEqual([]);
  });

  it('are one from then on: what differs is asked, the rest merges, later edits follow', async () => {
    const [ours, theirs] = [source.issues.byIid.get(1), target.issues.byIid.get(1)];
    if (ours === undefined || theirs === undefined) throw new Error('no issues');
    gitLab.world.issues.update(ours, { addLabels: ['bug'], description: 'A text' }, { by: nora });
    gitLab.world.issues.update(theirs, { addLabels: ['urgent'], dueDate: '2026-05-01' }, { by: nora });
    const made = await link({ key: '1' }, { key: '1', instanceId: instance });
    expect([made.status, made.body.state]).toEqual([201, 'active']);
    await idle();
    for (const each of [ours, theirs]) {
      expect(each.labels.map(({ name }) => name)).toEqual(['bug', 'urgent']);
      expect(each).toMatchObject({ dueDate: '2026-05-01', description: expect.stringContaining('A text') });
    }
    expect([ours.title, theirs.title]).toEqual(['Ours', 'Theirs']);
    const { body } = await call('GET', `/api/conflicts?connectionId=${connectionId}&state=open`);
    expect(body.items).toMatchObject([{ field: 'title', left: 'Ours', right: 'Theirs', linkId: made.body.id }]);
    await call('POST', `/api/conflicts/${body.items[0].id}/resolve`, { choice: 'value', value: 'Both' });
    await idle();
    expect([ours.title, theirs.title]).toEqual(['Both', 'Both']);
    gitLab.world.issues.close(theirs, { by: nora });
    await sync();
    expect(ours.state).toBe('closed');
    const detail = await call('GET', `/api/links/${made.body.id}`);
    expect(detail.body.history[0]).toMatchObject({ action: 'created', reason: expect.stringContaining('Linked by') });
    const mark = gitLab.requests.mark();
    for (const mode of ['incremental', 'full', 'incremental']) await sync({ mode });
    expect(gitLab.requests.since(mark).filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('cannot be linked twice, until they are taken apart', async () => {
    issue(target, 'Another');
    const again = await link({ key: '1' }, { key: '3' });
    expect(again).toMatchObject({ status: 409, body: { detail: 'issue 1 is already linked.' } });
    const { body } = await call('GET', `/api/links?connectionId=${connectionId}&kind=issue`);
    expect((await call('DELETE', `/api/links/${body.items[0].id}`)).status).toBe(204);
    await sync({ mode: 'full' });
    expect(source.issues.byIid.size).toBe(2);
    expect((await link({ key: '1' }, { key: '3' })).status).toBe(201);
    await idle();
  });

  it('may be a copy that has lost its marker: nothing is made again until people say what it is', async () => {
    const original = issue(source, 'Half made', { labels: ['wanted'] });
    gitLab.faults.add({ kind: 'reset_after', match: { method: 'POST', path: /\/issues$/ }, times: 1 });
    await sync();
    const copies = () => [...target.issues.byIid.values()].filter(({ title }) => title === 'Half made');
    const [copy] = copies();
    if (copy === undefined) throw new Error('no copy');
    gitLab.world.issues.update(copy, { description: 'Somebody took the marker out.' }, { by: nora });
    await sync();
    const { body } = await call('GET', `/api/connections/${connectionId}/items`);
    expect(body.items).toMatchObject([
      {
        key: String(original.iid),
        error: {
          kind: 'permanent',
          message: expect.stringMatching(/may be .* lost its marker\. Link the two by hand/),
        },
      },
    ]);
    expect(copies()).toHaveLength(1);
    const made = await link({ key: String(original.iid) }, { key: String(copy.iid) });
    expect(made.status).toBe(201);
    await idle();
    gitLab.world.issues.update(original, { dueDate: '2026-08-01' }, { by: nora });
    await sync();
    expect(copies()).toMatchObject([{ dueDate: '2026-08-01' }]);
    expect((await call('GET', `/api/connections/${connectionId}/items`)).body.items).toEqual([]);
  });
});
