import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { ChangeEvent } from '@syncline/connector-sdk';
import type { RunOutcome } from '@syncline/connector-testing';
import { describeWithGit } from '../../../../test/support/capabilities.js';
import { CodeWorld, complaints } from '../testing/code-world.js';
import { backgroundPatienceMs } from '../testing/patience.js';

jest.setTimeout(backgroundPatienceMs);

describeWithGit('pipelines in Azure DevOps', () => {
  let world: CodeWorld;

  beforeEach(async () => {
    world = await CodeWorld.start();
  });

  afterEach(async () => {
    await world.stop();
  });

  const pipelineEvents = ({ commits }: RunOutcome): ChangeEvent[] =>
    commits.flatMap(({ records }) => records.events ?? []).filter(({ eventType }) => eventType === 'azure_pipeline');
  const builds = () => [...world.repository.project.builds.values()];

  function definition(ciBranches: readonly string[]) {
    const { project } = world.repository;
    const course = { queueMs: 30_000, runMs: 90_000, result: 'succeeded' as const };
    return world.azure.world.builds.createDefinition(project, {
      name: 'ci',
      repository: world.repository,
      ciBranches,
      course,
    });
  }

  it('that a push starts are shown with their states, until they are done', async () => {
    definition(['main']);
    const host = world.host();
    const [head] = await world.left.commit('main');
    const first = await world.sync(host);
    expect(pipelineEvents(first)).toMatchObject([{ status: 'notStarted', metadata: { sha: head, reason: 'push' } }]);
    expect(pipelineEvents(await world.sync(host))).toMatchObject([{ status: 'inProgress' }]);
    const last = await world.sync(host);
    expect(pipelineEvents(last)).toMatchObject([{ status: 'succeeded', metadata: { durationSeconds: 90 } }]);
    world.clock.advance(60 * 60_000);
    await world.sync(host);
    expect((await world.sync(host)).requests).toBe(0);
  });

  it('are started on request, once for each push, with a word about builds that come twice', async () => {
    const { id } = definition([]);
    const host = world.host({ trigger: { pipelineId: id } });
    await world.left.commit('main');
    expect(complaints(await world.sync(host))).toEqual([]);
    expect(builds()).toMatchObject([{ reason: 'manual', sourceBranch: 'refs/heads/main' }]);
    await world.sync(host);
    expect(builds()).toHaveLength(1);
    const twice = definition(['main']);
    const other = world.host({ trigger: { pipelineId: twice.id } }, host.store);
    await world.left.commit('main');
    expect(complaints(await world.sync(other))).toEqual([expect.stringContaining('built twice')]);
  });

  it('are started once even if the run ends right after the start', async () => {
    const { id } = definition([]);
    const host = world.host({ trigger: { pipelineId: id } });
    await world.left.commit('main');
    const undisturbed = await world.sync(host);
    for (let commit = 1; commit <= undisturbed.commits.length; commit += 1) {
      const before = builds().length;
      await world.left.commit('main');
      await world.sync(host, { dieAfterCommit: commit });
      await world.sync(host);
      expect([commit, builds().length - before]).toEqual([commit, 1]);
    }
  });

  it('do not stop the code where the token may not read them, unless they are wanted', async () => {
    const code = world.azure.world.createToken(world.robot, { scopes: ['vso.code_write'] }).value;
    const instance = { ...world.azureInstance, credentials: { token: code } };
    const azure = { instance, project: 'Web Shop', repository: 'Web Shop' };
    await world.left.commit('main');
    const silent = await world.sync(world.host({ azure }));
    expect([silent.status, complaints(silent)]).toEqual(['succeeded', []]);
    await world.left.commit('main');
    const wanted = await world.sync(world.host({ azure, statusBack: true }));
    expect(wanted.status).toBe('partial');
  });

  it('are shown where GitLab does not take their states, which each run says', async () => {
    definition(['main']);
    const host = world.host({ statusBack: true });
    await world.left.commit('main');
    for (const status of ['notStarted', 'inProgress', 'succeeded']) {
      const outcome = await world.sync(host);
      expect(pipelineEvents(outcome)).toMatchObject([{ status }]);
      expect([outcome.status, ...complaints(outcome)]).toEqual([
        'partial',
        'GitLab does not let the token write commit statuses.',
      ]);
    }
  });

  it('that cannot be started are tried again, the newest commit of each branch, and do not hide others', async () => {
    const { id } = definition(['main']);
    const host = world.host({ trigger: { pipelineId: 4711 } });
    for (const name of ['main', 'dev']) await world.left.commit(name);
    const [last] = await world.left.commit('dev');
    const first = await world.sync(host);
    expect(pipelineEvents(first)).toMatchObject([{ metadata: { reason: 'push' } }]);
    const missing = 'There is no pipeline 4711 in the project, or the token may not see it.';
    expect([first.status, ...complaints(first)]).toEqual(['partial', missing]);
    expect(complaints(await world.sync(host))).toEqual([missing]);
    const [newest] = await world.left.commit('dev');
    expect(complaints(await world.sync(host))).toEqual([missing]);
    await world.left.setRef('refs/heads/same', newest);
    const right = world.host({ trigger: { pipelineId: id } }, host.store);
    await world.sync(right);
    await world.sync(right);
    const manual = builds().filter(({ reason }) => reason === 'manual');
    expect(manual.map(({ sourceBranch }) => sourceBranch).sort()).toEqual(
      ['dev', 'main', 'same'].map((name) => `refs/heads/${name}`),
    );
    expect(manual.map(({ sourceVersion }) => sourceVersion)).not.toContain(last);
  });

  it('are reported to GitLab, each state once, also when an answer was lost', async () => {
    definition(['main']);
    const { world: gitLab } = world.gitLab;
    const token = gitLab.tokens.create({ user: gitLab.users.find('sync')!, scopes: ['api'] }).value;
    const instance = { ...world.gitLabInstance, credentials: { token } };
    const host = world.host({ statusBack: true, gitlab: { instance, project: 'acme/web' } });
    const [head = ''] = await world.left.commit('main');
    const statuses = async (): Promise<unknown> => {
      const url = `${world.gitLab.url}/api/v4/projects/${world.project.id}/repository/commits/${head}/statuses`;
      return (await fetch(url, { headers: { 'PRIVATE-TOKEN': token } })).json();
    };
    world.gitLab.faults.add({ kind: 'reset_after', match: { method: 'POST', path: /statuses/ }, times: 1 });
    expect((await world.sync(host)).error?.kind).toBe('transient');
    expect(complaints(await world.sync(host))).toEqual([]);
    expect(await statuses()).toMatchObject([{ name: 'azure/ci', status: 'running', ref: 'main' }]);
    expect(complaints(await world.sync(host))).toEqual([]);
    expect(complaints(await world.sync(host))).toEqual([]);
    expect(await statuses()).toMatchObject([{ status: 'success' }]);
    expect(
      world.gitLab.requests.all
        .filter(({ method, path }) => method === 'POST' && path.includes('statuses'))
        .map(({ status }) => status),
    ).toEqual([0, 201, 201]);
  });
});
