import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { CheckStep } from '@syncline/connector-sdk';
import { describeWithGit } from '../../../test/support/capabilities.js';
import type { AzureDevOpsConfig } from './config.js';
import { CodeWorld } from './testing/code-world.js';
import { backgroundPatienceMs } from './testing/patience.js';

jest.setTimeout(backgroundPatienceMs);

describeWithGit('the test of a connection', () => {
  let world: CodeWorld;

  beforeEach(async () => {
    world = await CodeWorld.start();
    await world.left.commit('main');
    await world.repositories.announce(world.project);
  });

  afterEach(async () => {
    await world.stop();
  });

  const steps = async (config: Partial<AzureDevOpsConfig> = {}): Promise<readonly CheckStep[]> =>
    (await world.host(config).check()).steps;
  const failed = async (config: Partial<AzureDevOpsConfig> = {}): Promise<CheckStep | undefined> =>
    (await steps(config)).find(({ ok }) => !ok);
  const azureWith = (token: string): AzureDevOpsConfig['azure'] => ({
    instance: { ...world.azureInstance, credentials: { token } },
    project: 'Web Shop',
    repository: 'Web Shop',
  });

  it('passes where all is well, and changes nothing', async () => {
    const found = await steps({ webhookSecret: 'secret' });
    expect(found.filter(({ ok, hint }) => !ok || hint !== undefined)).toEqual([]);
    expect(found.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['auth', 'scope', 'project', 'git', 'role', 'feature', 'webhook']),
    );
    expect((await world.refs()).right).toEqual({});
  });

  it.each(['page', 'redirect', 'unauthorized'] as const)(
    'takes a bad token for a bad token, answered by %s',
    async (answer) => {
      world.azure.badToken = answer;
      expect(await failed({ azure: azureWith('expired') })).toMatchObject({
        id: 'auth',
        hint: expect.stringMatching(/token/),
      });
    },
  );

  it('names the scope that git needs on either side', async () => {
    const { users, tokens } = world.gitLab.world;
    const token = tokens.create({ user: users.find('sync')!, scopes: ['read_api'] }).value;
    const gitlab = { instance: { ...world.gitLabInstance, credentials: { token } }, project: 'acme/web' };
    expect(await failed({ gitlab })).toMatchObject({ id: 'git', label: expect.stringContaining('GitLab') });
    const reader = world.azure.world.createToken(world.robot, { scopes: ['vso.code'] }).value;
    expect(await failed({ azure: azureWith(reader) })).toMatchObject({
      id: 'scope',
      hint: expect.stringContaining('Code'),
    });
  });

  it('asks for the scope api only where something is written to GitLab', async () => {
    expect(await failed({ statusBack: true })).toMatchObject({ id: 'scope', hint: expect.stringContaining('api') });
  });

  it('finds what is missing or disabled', async () => {
    const azure = { ...world.config().azure };
    expect(await failed({ azure: { ...azure, project: 'Nowhere' } })).toMatchObject({
      id: 'project',
      hint: expect.stringContaining('no project'),
    });
    expect(await failed({ azure: { ...azure, repository: 'nothing' } })).toMatchObject({
      id: 'project',
      hint: expect.stringContaining('createIfMissing'),
    });
    const missing = { azure: { ...azure, repository: 'new', createIfMissing: true } };
    expect(await failed(missing)).toMatchObject({ id: 'role', hint: expect.stringContaining('"Create repository"') });
    world.robot.permissions.add('createRepository');
    expect(await failed(missing)).toBeUndefined();
    world.repository.isDisabled = true;
    expect(await failed()).toMatchObject({ hint: expect.stringContaining('disabled') });
  });

  it('warns of what the first push would stumble over', async () => {
    world.azure.world.protect(world.repository, 'main');
    world.robot.permissions.delete('createTag');
    const hints = (await steps({ divergence: 'force-with-lease' })).flatMap(({ hint }) => hint ?? []);
    expect(hints).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/"Create tag".*"Force push"/),
        expect.stringMatching(/Policies refuse pushes to main/),
      ]),
    );
    world.robot.permissions.delete('contribute');
    expect(await failed()).toMatchObject({ id: 'role' });
  });

  it('warns that a pipeline would be built twice, and fails for one that is not there', async () => {
    const { project } = world.repository;
    const { id } = world.azure.world.builds.createDefinition(project, { name: 'ci', repository: world.repository });
    const hints = (await steps({ trigger: { pipelineId: id } })).flatMap(({ hint }) => hint ?? []);
    expect(hints).toEqual(expect.arrayContaining([expect.stringContaining('twice')]));
    expect(await failed({ trigger: { pipelineId: 99 } })).toMatchObject({ id: 'feature' });
  });

  it('offers projects and repositories to choose from', async () => {
    const host = world.host();
    const { discovery } = (await import('./connector.js')).azureDevOps;
    const ask = async (property: string, query?: string): Promise<string[]> =>
      (await discovery!.discover(host.session(), world.config(), { property, query })).items.map(({ value }) => value);
    expect(await ask('gitlab.project')).toEqual(['acme/web']);
    expect(await ask('azure.project')).toEqual(['Web Shop']);
    expect(await ask('azure.repository', 'shop')).toEqual(['Web Shop']);
    expect(await ask('azure.repository', 'zzz')).toEqual([]);
  });
});
