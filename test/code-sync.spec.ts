import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import {
  AzureSimulator,
  GitLabRepositories,
  GitLabSimulator,
  type AzureRepository,
  type BareRepository,
  type Project,
} from '@syncline/connector-testing';
import type { HubProcess } from './bench/lib/hub.mjs';
import { describeWithGit } from './support/capabilities.js';
import { startHubProcess } from './support/hub-process.js';
import { retryOnceInCi } from './support/retry.js';
import { until } from './support/until.js';

retryOnceInCi();
jest.setTimeout(600_000);

const ADMIN = 'an-admin-token-of-forty-characters-length';
const webhookSecret = 'hook-secret-5d0c9a7b';

type Json = ReturnType<JSON['parse']>;

/** The hub as people run it, told of both systems by its environment, a GitLab and an Azure DevOps with real git. */
describeWithGit('a hub that carries code', () => {
  let gitLab: GitLabSimulator;
  let repositories: GitLabRepositories;
  let project: Project;
  let left: BareRepository;
  let azure: AzureSimulator;
  let repository: AzureRepository;
  let hub: HubProcess;
  let connectionId: string;

  const api = (method: string, path: string, body?: object): Promise<Json> => hub.api<Json>(method, path, body);
  const announce = (): Promise<void> => repositories.announce(project);
  const hooked = async (): Promise<void> => {
    await announce();
    await gitLab.hooks.idle();
  };

  /** No run is under way or to come: what a hook has named waits in its delivery for a moment before a run is queued. */
  const idle = (): Promise<void> =>
    until(async () => {
      for (const path of ['/api/deliveries?state=pending', '/api/runs?status=queued&status=running']) {
        if ((await api('GET', path)).items.length > 0) return false;
      }
      return true;
    });
  const areEqual = async (): Promise<boolean> =>
    JSON.stringify([...(await left.refs())]) === JSON.stringify([...(await repository.git.refs())]);
  const arrived = async (): Promise<void> => {
    await until(areEqual);
    await idle();
  };
  const runs = async (): Promise<Json[]> => (await api('GET', '/api/runs?limit=200')).items;
  const pushesOf = (sha: string | undefined): number =>
    azure.git.requests.flatMap(({ updates }) => updates).filter(({ after }) => after === sha).length;
  const events = async (type: string): Promise<Json[]> =>
    (await api('GET', `/api/events?eventType=${type}&limit=200`)).items;
  const manual = async (body: object): Promise<Json> => api('POST', '/sync/manual', body);

  beforeAll(async () => {
    gitLab = await GitLabSimulator.start();
    repositories = await GitLabRepositories.open(gitLab);
    const { world } = gitLab;
    project = world.projects.create({ path: 'web', owner: world.groups.create({ path: 'acme' }) });
    left = await repositories.of(project);
    const reader = world.users.create({ username: 'sync' });
    world.projects.setMember(project, reader, 'developer');
    const token = world.tokens.create({ user: reader, scopes: ['read_api', 'read_repository'] }).value;
    azure = await AzureSimulator.start();
    repository = await azure.createProject('Web Shop');
    const course = { queueMs: 200, runMs: 500, result: 'succeeded' as const };
    azure.world.builds.createDefinition(repository.project, { name: 'ci', repository, course });
    const pat = azure.world.createToken(azure.world.createUser('Sync Robot')).value;
    await left.commit('main', 3);
    await announce();
    hub = await startHubProcess({
      token: ADMIN,
      env: {
        GITLAB_URL: gitLab.url,
        GITLAB_ACCESS_TOKEN: token,
        GITLAB_PROJECT_ID: String(project.id),
        GITLAB_WEBHOOK_SECRET: webhookSecret,
        AZURE_DEVOPS_URL: azure.url,
        AZURE_DEVOPS_TOKEN: pat,
        AZURE_DEVOPS_PROJECT: 'Web Shop',
        AZURE_DEVOPS_REPO: 'Web Shop',
      },
    });
    connectionId = (await api('GET', '/api/connections')).items[0].id;
    world.hooks.create(project, { url: `${hub.url}/webhook/gitlab`, token: webhookSecret });
    await arrived();
    // What comes from here on comes by hooks, and by what is asked for.
    await api('PATCH', `/api/connections/${connectionId}`, { schedule: null });
  });
  afterAll(async () => {
    await hub.stop('SIGKILL');
    await repositories.stop();
    await gitLab.stop();
    await azure.stop();
  });

  it('takes a push at the path of the seed, and shows it and its pipeline on the timeline', async () => {
    const [head] = await left.commit('main');
    await hooked();
    await arrived();
    expect((await events('code_push')).filter(({ metadata }) => metadata.sha === head)).toHaveLength(1);
    await setTimeout(800);
    await manual({});
    await idle();
    const built = (await events('azure_pipeline')).find(({ metadata }) => metadata.sha === head);
    expect(built).toMatchObject({ status: 'succeeded', metadata: { ref: 'main' } });
  });

  it('makes one sync of a sha that a push and a merge both name', async () => {
    const [head = ''] = await left.commit('main');
    gitLab.hooks.hold();
    await announce();
    const merge = {
      object_kind: 'merge_request',
      project: { id: project.id, path_with_namespace: 'acme/web' },
      object_attributes: { id: 5, iid: 1, action: 'merge', target_branch: 'main', merge_commit_sha: head },
    };
    gitLab.hooks.release();
    const answer = await fetch(`${hub.url}/webhook/gitlab`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-gitlab-event': 'Merge Request Hook',
        'x-gitlab-token': webhookSecret,
      },
      body: JSON.stringify(merge),
    });
    expect(answer.status).toBe(202);
    await gitLab.hooks.idle();
    await arrived();
    expect(pushesOf(head)).toBe(1);
    expect((await events('code_push')).filter(({ metadata }) => metadata.sha === head)).toHaveLength(1);
  });

  it('makes one more run of many pushes while one is under way, and answers hooks without waiting for git', async () => {
    const before = (await runs()).length;
    const fault = repositories.git.faults.add({ kind: 'held' });
    await left.commit('main');
    await hooked();
    await until(() => fault.hits > 0);
    for (let push = 0; push < 5; push += 1) {
      await left.commit('main');
      await hooked();
    }
    // A hook waits for a moment, in which others may come, before it asks for a run: that is over.
    await setTimeout(1_000);
    const deliveries = (await api('GET', '/api/deliveries?limit=50')).items;
    expect(deliveries.length).toBeGreaterThanOrEqual(6);
    fault.remove();
    await arrived();
    // The one that was under way, and one for all that came meanwhile.
    expect((await runs()).length - before).toBe(2);
  });

  it('finds by a poll what sent no hook: more than three branches in one push', async () => {
    const before = (await api('GET', '/api/deliveries?limit=500')).items.length;
    for (const name of ['a', 'b', 'c', 'd', 'e']) await left.commit(`many/${name}`, 1, { from: 'refs/heads/main' });
    await hooked();
    await idle();
    expect((await api('GET', '/api/deliveries?limit=500')).items).toHaveLength(before);
    expect(await areEqual()).toBe(false);
    await hub.ended((await api('POST', `/api/connections/${connectionId}/sync`)).runId);
    expect(await areEqual()).toBe(true);
  });

  it('does what each of several people asks by hand, whatever waits', async () => {
    const fault = repositories.git.faults.add({ kind: 'held' });
    await left.commit('main');
    await manual({});
    await until(() => fault.hits > 0);
    const asked = [
      { ref: 'main', branch: 'review/one', message: 'first note' },
      { ref: 'many/a', branch: 'review/two', message: '"; $(second) --note' },
    ];
    const ids = [];
    for (const body of asked) ids.push((await manual(body)).runId);
    expect(new Set(ids).size).toBe(2);
    fault.remove();
    for (const id of ids) expect((await hub.ended(id)).status).toBe('succeeded');
    expect(await repository.git.ref('refs/heads/review/one')).toBe(await left.ref('refs/heads/main'));
    expect(await repository.git.ref('refs/heads/review/two')).toBe(await left.ref('refs/heads/many/a'));
    const notes = (await events('code_push')).map(({ metadata }) => metadata.message);
    expect(notes).toEqual(expect.arrayContaining(asked.map(({ message }) => message)));
    await idle();
    for (const name of ['one', 'two']) await repository.git.setRef(`refs/heads/review/${name}`, undefined);
  });

  it('plans, and shows on a link what both sides have where they differ', async () => {
    const [theirs] = await repository.git.commit('main');
    const [ours] = await left.commit('main');
    await left.commit('fresh', 1, { from: 'refs/heads/main' });
    const { runId } = await api('POST', `/api/connections/${connectionId}/plan`, {});
    expect((await hub.ended(runId)).status).toBe('succeeded');
    const plan = await api('GET', `/api/runs/${runId}/plan`);
    expect(plan.summary).toMatchObject({ byOp: { create: 1, conflict: 1 }, writes: 1 });
    expect(await repository.git.ref('refs/heads/fresh')).toBeUndefined();
    const run = await hub.ended((await api('POST', `/api/connections/${connectionId}/sync`)).runId);
    expect(run.status).toBe('partial');
    const { items } = await api('GET', `/api/links?connectionId=${connectionId}&kind=ref&state=conflicted`);
    expect(items).toMatchObject([
      { left: { key: 'refs/heads/main', sha: ours }, right: { sha: theirs }, outcome: 'diverged' },
    ]);
    const { history } = await api('GET', `/api/links/${items[0].id}`);
    expect(history.at(-1)).toMatchObject({ action: 'conflicted', reason: expect.stringMatching(/^diverged/) });
    expect(JSON.stringify(await api('GET', '/api/logs?limit=500'))).not.toMatch(/azpat|glpat/);
  });
});
