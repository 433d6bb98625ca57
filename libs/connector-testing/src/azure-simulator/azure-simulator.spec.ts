import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { getPersonalAccessTokenHandler, WebApi } from 'azure-devops-node-api';
import { BuildResult, BuildStatus } from 'azure-devops-node-api/interfaces/BuildInterfaces.js';
import { GitRefUpdateStatus, GitStatusState } from 'azure-devops-node-api/interfaces/GitInterfaces.js';
import { RunState } from 'azure-devops-node-api/interfaces/PipelinesInterfaces.js';
import { describeWithGit } from '../../../../test/support/capabilities.js';
import { BareRepository, zeroSha } from '../git-server/bare-repository.js';
import { gitClient, type ClientResult } from '../git-server/testing/git-client.js';
import type { AzureUser, PersonalAccessToken } from './model/identity.js';
import type { AzureRepository } from './model/repository.js';
import { AzureSimulator, type AzureSimulatorOptions } from './simulator.js';

describeWithGit('the Azure DevOps simulator', () => {
  let azure: AzureSimulator;
  let user: AzureUser;
  let token: PersonalAccessToken;
  let repository: AzureRepository;
  let folder: string;
  let local: BareRepository;
  let now: Date;

  async function open(options: AzureSimulatorOptions = {}): Promise<void> {
    azure = await AzureSimulator.start({ now: () => now, ...options });
    user = azure.world.createUser('Sync Robot');
    token = azure.world.createToken(user);
    repository = await azure.createProject('Web Shop');
  }

  beforeEach(async () => {
    now = new Date('2026-03-02T08:00:00.000Z');
    folder = await mkdtemp(join(tmpdir(), 'azure-spec-'));
    local = await BareRepository.create(join(folder, 'local.git'));
    await open();
  });

  afterEach(async () => {
    await azure.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const webApi = (secret = token.value): WebApi =>
    new WebApi(azure.url, getPersonalAccessTokenHandler(secret, false), { allowRetries: false });
  const remoteUrl = (): string => `${azure.url}/Web%20Shop/_git/Web%20Shop`;
  const push = (...args: string[]): Promise<ClientResult> =>
    gitClient(local, { origin: new URL(azure.url).origin, password: token.value }, [
      'push',
      '--porcelain',
      remoteUrl(),
      ...args,
    ]);

  it.each([
    { layout: 'services' },
    { layout: 'server', virtualDirectory: '/tfs', collection: 'DefaultCollection', apiVersion: '6.0' },
  ] as const)('answers what the library asks a $layout', async (options) => {
    await azure.stop();
    await open(options);
    const git = await webApi().getGitApi();
    expect(await git.getRepository('Web Shop', 'Web Shop')).toMatchObject({ id: repository.id, isDisabled: false });
    expect((await git.getRepositories('Web Shop')).map(({ name }) => name)).toEqual(['Web Shop']);
    const core = await webApi().getCoreApi();
    expect(await core.getProject('Web Shop')).toMatchObject({ id: repository.project.id });
    expect(await git.getRepository('Missing', 'Web Shop')).toBeNull();
    const connection = await (await webApi().getLocationsApi()).getConnectionData();
    expect(connection).toMatchObject({ authenticatedUser: { providerDisplayName: 'Sync Robot' } });
    expect(azure.requests.unexpected).toEqual([]);
  });

  it('makes the first pushed branch the default and shows refs as the library reads them', async () => {
    const [, head] = await local.commit('main', 2);
    const tag = await local.tag('v1', 'main', { message: 'first' });
    expect(await push('main:main', 'refs/tags/v1:refs/tags/v1')).toMatchObject({ code: 0 });
    const git = await webApi().getGitApi();
    expect(await git.getRepository(repository.id)).toMatchObject({ defaultBranch: 'refs/heads/main' });
    const refs = await git.getRefs(repository.id, 'Web Shop', undefined, false, false, false, false, true);
    expect(refs).toEqual([
      expect.objectContaining({ name: 'refs/heads/main', objectId: head }),
      expect.objectContaining({ name: 'refs/tags/v1', objectId: tag, peeledObjectId: head }),
    ]);
    const pushes = await git.getPushes(repository.id, 'Web Shop', 0, 10, {
      refName: 'refs/heads/main',
      includeRefUpdates: true,
    });
    expect(pushes).toHaveLength(1);
    expect(pushes[0]?.refUpdates?.[0]).toMatchObject({ name: 'refs/heads/main', newObjectId: head });
  });

  it('refuses pushes to protected branches with the sentence people know', async () => {
    await repository.git.commit('main', 1);
    await push(); // Nothing is there to push yet; the remote knows the client now.
    azure.world.protect(repository, 'main');
    const [base = ''] = [await repository.git.ref('refs/heads/main')];
    await gitClient(local, { origin: new URL(azure.url).origin, password: token.value }, [
      'fetch',
      remoteUrl(),
      'main:main',
    ]);
    expect(await local.ref('refs/heads/main')).toBe(base);
    await local.commit('main');
    await local.commit('topic');
    const refused = await push('main:main', 'topic:topic');
    expect(refused.output).toContain('(TF402455: Pushes to this branch are not permitted; you must use a pull request');
    expect(refused.output).toContain('*\trefs/heads/topic:refs/heads/topic\t[new branch]');
    user.permissions.add('policyExempt');
    expect(await push('main:main')).toMatchObject({ code: 0 });
  });

  it('tells each missing permission', async () => {
    await local.commit('main', 2);
    await local.tag('v1', 'main');
    user.permissions.delete('createTag');
    expect((await push('main:main', 'v1')).output).toContain("You need the Git 'CreateTag' permission");
    repository.branchCreators.clear();
    await local.commit('main', 1, { from: 'refs/heads/main~1' });
    expect((await push('--force', 'main:main')).output).toContain("You need the Git 'ForcePush' permission");
    user.permissions.delete('contribute');
    expect((await push('--force', 'main:main')).output).toContain("You need the Git 'GenericContribute' permission");
  });

  it('refuses names that differ in case only, its own refs, and the loss of the default branch', async () => {
    await local.commit('main');
    await local.setRef('refs/heads/Feature/x', await local.ref('refs/heads/main'));
    await local.setRef('refs/heads/feature/x', await local.ref('refs/heads/main'));
    await push('main:main');
    const clash = await push('refs/heads/Feature/x', 'refs/heads/feature/x');
    expect(clash.output).toMatch(/!.*conflicts with the existing ref/);
    expect([...(await repository.git.refs()).keys()]).toEqual(['refs/heads/Feature/x', 'refs/heads/main']);
    expect((await push('main:refs/pull/1/head')).output).toContain('deny updating a hidden ref');
    expect((await push(':main')).output).toContain('default branch');
  });

  it('limits the size of a push', async () => {
    repository.largestPush = 1024 ** 2;
    await local.commit('main', [{ files: { 'noise.txt': noise(4 * 1024 ** 2) } }]);
    const refused = await push('main:main');
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.output).toContain('TF402462');
    expect((await repository.git.refs()).size).toBe(0);
  });

  it('changes refs over REST with a result for each', async () => {
    const [first = '', second = ''] = await repository.git.commit('main', 2);
    const git = await webApi().getGitApi();
    const results = await git.updateRefs(
      [
        { name: 'refs/heads/copy', oldObjectId: zeroSha, newObjectId: first },
        { name: 'refs/heads/main', oldObjectId: first, newObjectId: second },
        { name: 'refs/heads/Main', oldObjectId: zeroSha, newObjectId: second },
        { name: 'refs/heads/main', oldObjectId: second, newObjectId: first },
      ],
      repository.id,
    );
    expect(results.map(({ updateStatus }) => updateStatus)).toEqual([
      GitRefUpdateStatus.Succeeded,
      GitRefUpdateStatus.StaleOldObjectId,
      GitRefUpdateStatus.RefNameConflict,
      GitRefUpdateStatus.ForcePushRequired,
    ]);
  });

  it('creates, renames and disables repositories', async () => {
    const git = await webApi().getGitApi();
    await expect(git.createRepository({ name: 'mirror' }, 'Web Shop')).rejects.toMatchObject({ statusCode: 403 });
    user.permissions.add('createRepository');
    const made = await git.createRepository({ name: 'mirror' }, 'Web Shop');
    expect(made).toMatchObject({ name: 'mirror', project: { name: 'Web Shop' } });
    expect(made.defaultBranch).toBeUndefined();
    await expect(git.createRepository({ name: 'Mirror' }, 'Web Shop')).rejects.toMatchObject({ statusCode: 409 });
    await git.updateRepository({ name: 'copy' }, made.id ?? '');
    expect(await git.getRepository('copy', 'Web Shop')).toMatchObject({ id: made.id });
    repository.isDisabled = true;
    await local.commit('main');
    expect((await push('main:main')).output).toContain('is disabled');
  });

  it('starts pipelines by push or by request and lets them pass with the clock', async () => {
    const course = { queueMs: 1_000, runMs: 5_000, result: 'succeeded' as const };
    const { project } = repository;
    const ci = azure.world.builds.createDefinition(project, { name: 'ci', repository, ciBranches: ['main'], course });
    const nightly = azure.world.builds.createDefinition(project, { name: 'nightly', repository, ciBranches: [] });
    const [head = ''] = await local.commit('main');
    await local.commit('quiet', [{ message: 'Tidy up ***NO_CI***' }]);
    await push('main:main', 'quiet:quiet');
    const api = await webApi().getBuildApi();
    const builds = await api.getBuilds('Web Shop', [ci.id]);
    expect(builds).toMatchObject([
      { sourceBranch: 'refs/heads/main', sourceVersion: head, status: BuildStatus.NotStarted },
    ]);
    now = new Date(now.getTime() + 3_000);
    expect(await api.getBuild('Web Shop', builds[0]?.id ?? 0)).toMatchObject({ status: BuildStatus.InProgress });
    now = new Date(now.getTime() + 3_000);
    const done = await api.getBuild('Web Shop', builds[0]?.id ?? 0);
    expect(done).toMatchObject({ status: BuildStatus.Completed, result: BuildResult.Succeeded });
    const pipelines = await webApi().getPipelinesApi();
    const resources = { repositories: { self: { refName: 'refs/heads/main', version: head } } };
    const run = await pipelines.runPipeline({ resources }, 'Web Shop', nightly.id);
    expect(run).toMatchObject({ state: RunState.InProgress });
    expect(await api.getDefinition('Web Shop', ci.id)).toMatchObject({ triggers: [{ branchFilters: ['+main'] }] });
    expect((await api.getDefinition('Web Shop', nightly.id)).triggers).toEqual([]);
    await expect(pipelines.runPipeline({ resources }, 'Web Shop', 77)).resolves.toBeNull();
    expect(azure.requests.unexpected).toEqual([]);
  });

  it('takes commit statuses for commits it has', async () => {
    const [head = ''] = await repository.git.commit('main');
    const git = await webApi().getGitApi();
    const status = { state: GitStatusState.Succeeded, description: 'ok', context: { name: 'sync', genre: 'ci' } };
    expect(await git.createCommitStatus(status, head, repository.id)).toMatchObject({ id: 1 });
    expect(repository.statuses).toMatchObject([{ sha: head, context: { name: 'sync' } }]);
  });

  it('keeps to the scopes of a token', async () => {
    const reader = azure.world.createToken(user, { scopes: ['vso.code'] }).value;
    const git = await webApi(reader).getGitApi();
    expect(await git.getRepository('Web Shop', 'Web Shop')).toMatchObject({ id: repository.id });
    await expect(git.createRepository({ name: 'x' }, 'Web Shop')).rejects.toMatchObject({ statusCode: 401 });
    await expect((await webApi(reader).getBuildApi()).getBuilds('Web Shop')).rejects.toMatchObject({ statusCode: 401 });
    await local.commit('main');
    const login = { origin: new URL(azure.url).origin, password: reader };
    expect(await gitClient(local, login, ['ls-remote', remoteUrl()])).toMatchObject({ code: 0 });
    expect(await gitClient(local, login, ['push', remoteUrl(), 'main:main'])).toMatchObject({ code: 128 });
  });

  it('meets a token that does not work in each of the ways of the real one', async () => {
    await expect((async () => (await webApi('wrong').getGitApi()).getRepository('Web Shop'))()).rejects.toMatchObject({
      statusCode: 401,
    });
    azure.badToken = 'page';
    const page = await fetch(`${azure.url}/_apis/connectionData?api-version=7.1-preview`);
    expect([page.status, page.headers.get('content-type')]).toEqual([203, 'text/html; charset=utf-8']);
    azure.badToken = 'redirect';
    const sent = await fetch(`${azure.url}/_apis/connectionData`, { redirect: 'manual' });
    expect([sent.status, sent.headers.get('location')]).toEqual([302, expect.stringContaining('/_signin')]);
    token.revoked = true;
    await local.commit('main');
    expect((await push('main:main')).output).toMatch(/Authentication failed|could not read/);
  });

  it('wants a version with each request', async () => {
    const authorization = `Basic ${Buffer.from(`:${token.value}`).toString('base64')}`;
    const answer = await fetch(`${azure.url}/_apis/projects`, { headers: { authorization } });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ typeKey: 'VssVersionNotSpecifiedException' });
  });

  it('says which permissions a person has in git', async () => {
    const authorization = `Basic ${Buffer.from(`:${token.value}`).toString('base64')}`;
    const ask = async (bits: number): Promise<unknown> => {
      const url = `${azure.url}/_apis/permissions/2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87/${bits}?tokens=repoV2/${repository.project.id}/${repository.id}&api-version=7.1`;
      return (await fetch(url, { headers: { authorization } })).json();
    };
    expect(await ask(4)).toEqual({ count: 1, value: [true] });
    expect(await ask(128)).toEqual({ count: 1, value: [false] });
  });

  it('throttles on request', async () => {
    azure.faults.add({ kind: 'rate_limited', match: { path: /repositories/ }, times: 1, retryAfterSeconds: 7 });
    const git = await webApi().getGitApi();
    await expect(git.getRepositories('Web Shop')).rejects.toMatchObject({
      statusCode: 429,
      rateLimit: { retryAfter: 7 },
    });
    expect(await git.getRepositories('Web Shop')).toHaveLength(1);
  });
});

function noise(length: number): string {
  let state = 42;
  const pieces: string[] = [];
  for (let at = 0; at < length; at += 6) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    pieces.push(state.toString(36).padStart(6, '0').slice(-6));
  }
  return pieces.join('');
}
