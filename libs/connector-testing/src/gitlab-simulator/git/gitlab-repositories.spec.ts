import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeWithGit } from '../../../../../test/support/capabilities.js';
import { BareRepository } from '../../git-server/bare-repository.js';
import { gitClient, type ClientResult } from '../../git-server/testing/git-client.js';
import type { Project } from '../model/project.js';
import type { Scope } from '../model/people.js';
import { GitLabSimulator } from '../simulator.js';
import { startHookReceiver } from '../testing/hook-receiver.js';
import { GitLabRepositories } from './gitlab-repositories.js';

describeWithGit('repositories of a simulated GitLab', () => {
  let gitLab: GitLabSimulator;
  let repositories: GitLabRepositories;
  let project: Project;
  let server: BareRepository;
  let local: BareRepository;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gitlab-spec-'));
    local = await BareRepository.create(join(folder, 'local.git'));
    gitLab = await GitLabSimulator.start({ pathPrefix: '/gitlab' });
    repositories = await GitLabRepositories.open(gitLab);
    const { world } = gitLab;
    project = world.projects.create({ path: 'web', owner: world.groups.create({ path: 'acme' }) });
    server = await repositories.of(project);
  });

  afterEach(async () => {
    await repositories.stop();
    await gitLab.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function tokenWith(role: 'reporter' | 'developer', ...scopes: Scope[]): string {
    const { world } = gitLab;
    const user = world.users.create({ username: `${role}-${scopes.join('-')}` });
    world.projects.setMember(project, user, role);
    return world.tokens.create({ user, scopes }).value;
  }

  const client = (password: string, ...args: string[]): Promise<ClientResult> =>
    gitClient(local, { origin: new URL(gitLab.url).origin, username: 'oauth2', password }, args);

  it('shows to the REST interface what is in the repository', async () => {
    const [first, second] = await server.commit('main', 2);
    const tag = await server.tag('v1', 'main', { message: 'first' });
    await repositories.announce(project);
    expect(project.repository.branches.get('main')).toMatchObject({ sha: second });
    expect(project.repository.find(second ?? '')).toMatchObject({ parents: [first] });
    expect(project.repository.tags.get('v1')).toMatchObject({ sha: second, target: tag });
    await server.setRef('refs/tags/v1', undefined);
    await repositories.announce(project);
    expect(project.repository.tags.has('v1')).toBe(false);
  });

  it('tells hooks of pushes that come over HTTP, with the shas of git', async () => {
    const receiver = await startHookReceiver();
    gitLab.world.hooks.create(project, { url: receiver.url });
    const [head] = await local.commit('main', 2);
    const pushed = await client(
      tokenWith('developer', 'write_repository'),
      'push',
      repositories.url(project),
      'main:main',
    );
    expect(pushed).toMatchObject({ code: 0 });
    await gitLab.hooks.idle();
    const newest = (await local.ref('refs/heads/main')) ?? '';
    expect(receiver.received.map(({ body }) => body)).toEqual([
      expect.objectContaining({ object_kind: 'push', ref: 'refs/heads/main', before: '0'.repeat(40), after: newest }),
    ]);
    expect(project.repository.contains(newest, head ?? '')).toBe(true);
    await receiver.stop();
  });

  it('tells no hook of a push of more than three branches', async () => {
    const receiver = await startHookReceiver();
    gitLab.world.hooks.create(project, { url: receiver.url });
    const [head] = await server.commit('main');
    for (const name of ['a', 'b', 'c']) await server.setRef(`refs/heads/${name}`, head);
    await repositories.announce(project);
    await gitLab.hooks.idle();
    expect(receiver.received).toEqual([]);
    await receiver.stop();
  });

  it('lets in by scope and role', async () => {
    await server.commit('main');
    const url = repositories.url(project);
    expect(await client(tokenWith('reporter', 'read_repository'), 'ls-remote', url)).toMatchObject({ code: 0 });
    expect((await client(tokenWith('reporter', 'read_api'), 'ls-remote', url)).output).toContain('403');
    expect((await client('glpat-wrong', 'ls-remote', url)).output).toMatch(/Authentication failed|could not read/);
    expect((await client(tokenWith('reporter', 'api'), 'ls-remote', url.replace('web', 'other'))).output).toContain(
      'could not be found',
    );
    await local.commit('topic');
    const refused = await client(tokenWith('reporter', 'write_repository'), 'push', url, 'topic:topic');
    expect(refused.output).toContain('403');
  });

  it('serves a project that was renamed under its former path, too', async () => {
    const [head] = await server.commit('main');
    const old = repositories.url(project);
    gitLab.world.projects.rename(project, 'shop');
    const token = tokenWith('reporter', 'read_repository');
    for (const url of [old, repositories.url(project)]) {
      expect((await client(token, 'ls-remote', url)).output).toContain(head);
    }
  });
});
