import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { GitLabSimulator, type Project, type User } from '@syncline/connector-testing';
import type { HubProcess } from './bench/lib/hub.mjs';
import { startHubProcess } from './support/hub-process.js';
import { retryOnceInCi } from './support/retry.js';
import { until } from './support/until.js';

retryOnceInCi();
jest.setTimeout(600_000);

const ADMIN = 'an-admin-token-of-forty-characters-length';
const webhookSecret = 'hook-secret-5d0c9a7b';

type Json = ReturnType<JSON['parse']>;

interface Side {
  readonly gitLab: GitLabSimulator;
  readonly project: Project;
  readonly nora: User;
  readonly token: string;
}

async function startSide(path: string): Promise<Side> {
  const gitLab = await GitLabSimulator.start({ seed: path });
  const { world } = gitLab;
  const project = world.projects.create({ path, owner: world.groups.create({ path: 'acme' }) });
  const [bot, nora] = [world.users.create({ username: 'sync-bot' }), world.users.create({ username: `nora-${path}` })];
  for (const user of [bot, nora]) world.projects.setMember(project, user, 'developer');
  return { gitLab, project, nora, token: world.tokens.create({ user: bot, scopes: ['api'] }).value };
}

const issuesOf = ({ project }: Side) => [...project.issues.byIid.values()];

/** The hub as people run it, two GitLabs as they answer, and everything between them over HTTP. */
describe('two projects kept in step by a hub', () => {
  let hub: HubProcess;
  let source: Side;
  let target: Side;
  let connectionId: string;

  const api = (method: string, path: string, body?: object): Promise<Json> => hub.api<Json>(method, path, body);

  async function sync(body: object = {}): Promise<Json> {
    const { runId } = await api('POST', `/api/connections/${connectionId}/sync`, body);
    const run: Json = await hub.ended(runId);
    expect([run.status, run.error]).toEqual(['succeeded', undefined]);
    return run;
  }

  /** All hooks have arrived, and what they named was read; the copy's own hook, too. */
  async function idle(): Promise<void> {
    await until(async () => {
      await Promise.all([source, target].map(({ gitLab }) => gitLab.hooks.idle()));
      for (const path of ['/api/deliveries?state=pending', '/api/runs?status=queued&status=running']) {
        if ((await api('GET', path)).items.length > 0) return false;
      }
      return true;
    });
  }

  beforeAll(async () => {
    source = await startSide('source');
    target = await startSide('target');
    hub = await startHubProcess({ token: ADMIN });
    const instances: string[] = [];
    for (const { gitLab, token } of [source, target]) {
      const body = { name: `GitLab ${instances.length}`, kind: 'gitlab', baseUrl: gitLab.url, credentials: { token } };
      instances.push((await api('POST', '/api/instances', body)).id);
    }
    await api('POST', '/api/user-mappings', {
      sourceInstanceId: instances[0],
      sourceUsername: 'nora-source',
      targetInstanceId: instances[1],
      targetUsername: 'nora-target',
    });
    const config = {
      source: { instance: instances[0], project: 'acme/source' },
      target: { instance: instances[1], project: 'acme/target' },
      bidirectional: true,
      webhookSecret,
    };
    const connection = { name: 'Pair', connectorId: 'gitlab-issues', enabled: true, schedule: null, config };
    const test = await api('POST', '/api/connections/test', { connectorId: 'gitlab-issues', config });
    expect(test.steps.filter(({ ok }: Json) => !ok)).toEqual([]);
    connectionId = (await api('POST', '/api/connections', connection)).id;
    for (const { gitLab, project } of [source, target]) {
      gitLab.world.hooks.create(project, { url: `${hub.url}/webhooks/${connectionId}`, token: webhookSecret });
    }
  });
  afterAll(async () => {
    await hub.stop('SIGKILL');
    await source.gitLab.stop();
    await target.gitLab.stop();
  });

  it('are planned first, then copied, and a second sync writes nothing', async () => {
    source.gitLab.hooks.hold();
    const { issues, notes } = source.gitLab.world;
    const one = issues.create(source.project, {
      title: 'Login fails',
      description: 'Steps',
      labels: ['bug'],
      assignees: [source.nora],
      by: source.nora,
    });
    notes.create(one, { body: 'Me too', by: source.nora });
    const { runId } = await api('POST', `/api/connections/${connectionId}/plan`, {});
    expect((await hub.ended(runId)).status).toBe('succeeded');
    const plan = await api('GET', `/api/runs/${runId}/plan`);
    expect(plan.items).toContainEqual(expect.objectContaining({ op: 'create', kind: 'issue', title: 'Login fails' }));
    expect(issuesOf(target)).toEqual([]);
    const run = await sync();
    expect(run.counts).toMatchObject({ created: expect.any(Number), conflicts: 0, failed: 0 });
    const [copy] = issuesOf(target);
    expect(copy).toMatchObject({ title: 'Login fails', assignees: [{ username: 'nora-target' }] });
    expect(copy?.description).toContain(`Synced from: ${source.gitLab.url}/acme/source/-/issues/1`);
    const mark = target.gitLab.requests.mark();
    await sync();
    await sync({ mode: 'full' });
    expect(target.gitLab.requests.since(mark).filter(({ method }) => method !== 'GET')).toEqual([]);
    const links = await api('GET', `/api/links?connectionId=${connectionId}&kind=issue`);
    expect(links.items).toHaveLength(1);
    expect(links.items[0]).toMatchObject({ state: 'active', left: { key: '1' }, right: { key: '1' } });
    const history = await api('GET', `/api/links/${links.items[0].id}`);
    expect(history.history.map(({ action }: Json) => action)).toContain('created');
    source.gitLab.hooks.release({ drop: 99 });
    await idle();
  });

  it('follow a webhook within moments, and only the named issue is touched', async () => {
    const { issues } = source.gitLab.world;
    const [one] = issuesOf(source);
    if (one === undefined) throw new Error('no issue');
    issues.update(one, { title: 'Login fails with SSO' }, { by: source.nora });
    await until(() => issuesOf(target)[0]?.title === 'Login fails with SSO');
    await idle();
  });

  it('hold what both changed until somebody decides', async () => {
    const [left, right] = [issuesOf(source)[0], issuesOf(target)[0]];
    if (left === undefined || right === undefined) throw new Error('no issues');
    for (const { gitLab } of [source, target]) gitLab.hooks.hold();
    source.gitLab.world.issues.update(left, { title: 'Ours' }, { by: source.nora });
    target.gitLab.world.issues.update(right, { title: 'Theirs' }, { by: target.nora });
    await sync();
    const { items } = await api('GET', `/api/conflicts?connectionId=${connectionId}&state=open`);
    expect(items).toEqual([expect.objectContaining({ field: 'title', left: 'Ours', right: 'Theirs' })]);
    await api('POST', `/api/conflicts/${items[0].id}/resolve`, { choice: 'right' });
    await sync();
    expect([left.title, right.title]).toEqual(['Theirs', 'Theirs']);
    const open = await api('GET', `/api/conflicts?connectionId=${connectionId}&state=open`);
    expect(open.items).toEqual([]);
    for (const { gitLab } of [source, target]) gitLab.hooks.release({ drop: 99 });
  });
});
