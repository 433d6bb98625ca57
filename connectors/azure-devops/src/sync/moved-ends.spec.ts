import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { MemoryHost, Project } from '@syncline/connector-testing';
import { describeWithGit } from '../../../../test/support/capabilities.js';
import type { AzureDevOpsConfig } from '../config.js';
import { CodeWorld, complaints } from '../testing/code-world.js';
import { webhook } from '../webhook.js';
import { backgroundPatienceMs } from '../testing/patience.js';

jest.setTimeout(backgroundPatienceMs);

describeWithGit('a repository that is no longer what it was', () => {
  let world: CodeWorld;
  let host: MemoryHost<AzureDevOpsConfig>;

  beforeEach(async () => {
    world = await CodeWorld.start();
    host = world.host();
    await world.left.commit('main', 2);
    await world.left.commit('topic', 1, { from: 'refs/heads/main' });
    expect(complaints(await world.sync(host))).toEqual([]);
  });

  afterEach(async () => {
    await world.stop();
  });

  const expectEqual = async (): Promise<void> => {
    const { left, right } = await world.refs();
    expect(right).toEqual(left);
  };

  /** A project of another owner at the path where ours was, which the token may read. */
  async function squat(path: string): Promise<Project> {
    const { projects, groups, users } = world.gitLab.world;
    const impostor = projects.create({ path, owner: groups.find('acme')! });
    projects.setMember(impostor, users.find('sync')!, 'developer');
    await (await world.repositories.of(impostor)).commit('evil');
    await world.repositories.announce(impostor);
    return impostor;
  }

  it.each(['incremental', 'full'] as const)(
    'renamed in GitLab is followed by its id, by a poll (%s) and by its hooks, past a stranger at its old path',
    async (mode) => {
      const { projects } = world.gitLab.world;
      projects.rename(world.project, 'shop');
      await squat('web');
      const [head] = await world.left.commit('main');
      expect(complaints(await world.sync(host, { mode }))).toEqual([]);
      expect(Object.keys((await world.refs()).right)).toEqual(['refs/heads/main', 'refs/heads/topic']);
      expect(await world.right.ref('refs/heads/main')).toBe(head);

      const [next] = await world.left.commit('topic');
      expect(await hooked(world.project.id, 'acme/shop', 'refs/heads/topic')).toEqual([]);
      expect(await world.right.ref('refs/heads/topic')).toBe(next);
    },
  );

  it('has a hook of a stranger at its old path do nothing', async () => {
    world.gitLab.world.projects.rename(world.project, 'shop');
    const impostor = await squat('web');
    const before = world.azure.git.requests.length;
    expect(await hooked(impostor.id, 'acme/web', 'refs/heads/evil')).toEqual([]);
    expect(world.azure.git.requests).toHaveLength(before);
  });

  /** What a delivery of this project wakes. */
  async function hooked(id: number, path: string, ref: string): Promise<string[]> {
    const body = { object_kind: 'push', ref, project: { id, path_with_namespace: path } };
    const rawBody = new TextEncoder().encode(JSON.stringify(body));
    const { wakes } = webhook.identify({ headers: {}, rawBody }, world.config());
    return complaints(await world.sync(host, { mode: 'wake', wakes }));
  }

  it('moved to another group is followed, also where GitLab redirects git to the new place', async () => {
    const { projects, groups } = world.gitLab.world;
    projects.rename(world.project, 'web', groups.create({ path: 'elsewhere' }));
    projects.setMember(world.project, world.gitLab.world.users.find('sync')!, 'developer');
    world.repositories.git.faults.add({
      kind: 'redirect',
      location: world.gitLab.url,
      match: { path: /\/acme\/web\.git$/ },
    });
    await world.left.commit('main');
    expect(complaints(await world.sync(host))).toEqual([]);
    await expectEqual();
  });

  it('archived in GitLab is read as before, and its test says that it is', async () => {
    Object.assign(world.project, { archived: true });
    await world.left.commit('main');
    expect(complaints(await world.sync(host))).toEqual([]);
    await expectEqual();
    const { steps } = await host.check();
    expect(steps.find(({ id }) => id === 'project')?.hint).toMatch(/archived/);
  });

  it('deleted in GitLab ends the run with a sentence and deletes nothing', async () => {
    const mirror = world.host({ deletions: 'mirror' }, host.store);
    world.gitLab.world.projects.delete(world.project);
    const outcome = await host.run();
    expect(outcome.error).toMatchObject({
      kind: 'config',
      message: expect.stringMatching(/project/),
    });
    expect((await mirror.run()).error?.kind).toBe('config');
    expect(Object.keys((await world.refs()).right)).toHaveLength(2);
  });

  it('emptied in GitLab deletes nothing, and goes on when something comes', async () => {
    const mirror = world.host({ deletions: 'mirror' }, host.store);
    for (const ref of (await world.left.refs()).keys()) await world.left.setRef(ref, undefined);
    expect(complaints(await world.sync(mirror))).toEqual([expect.stringContaining('is empty')]);
    expect(Object.keys((await world.refs()).right)).toHaveLength(2);
    const [head] = await world.left.commit('fresh');
    expect(complaints(await world.sync(mirror))).toEqual([expect.stringContaining('default branch')]);
    // Then what was deleted is known to be: the default branch stays.
    const { right } = await world.refs();
    expect([Object.keys(right).sort(), right['refs/heads/fresh']]).toEqual([
      ['refs/heads/fresh', 'refs/heads/main'],
      head,
    ]);
  });

  it('renamed in Azure DevOps is followed by its id, past another one that took its name', async () => {
    world.repository.name = 'storefront';
    world.repository.project.name = 'Shops';
    const other = await world.azure.world.createRepository(
      world.azure.world.createProject(world.azure.collection, 'Web Shop'),
      'Web Shop',
    );
    await world.left.commit('main');
    for (const mode of ['incremental', 'full'] as const) {
      expect(complaints(await world.sync(host, { mode }))).toEqual([]);
      await expectEqual();
      await world.left.commit('main');
    }
    expect(await other.git.isEmpty()).toBe(true);
  });

  it('disabled in Azure DevOps ends the run with a sentence, and goes on when it is enabled', async () => {
    world.repository.isDisabled = true;
    await world.left.commit('main');
    expect((await world.sync(host)).error).toMatchObject({
      kind: 'config',
      message: expect.stringMatching(/Azure DevOps denies git access/),
      hint: expect.stringMatching(/disabled/),
    });
    world.repository.isDisabled = false;
    expect(complaints(await world.sync(host))).toEqual([]);
    await expectEqual();
  });

  it('emptied in Azure DevOps is filled again', async () => {
    for (const ref of (await world.right.refs()).keys()) await world.right.setRef(ref, undefined);
    expect(complaints(await world.sync(host))).toEqual([]);
    await expectEqual();
  });

  it.each([
    ['fetch', 'git-upload-pack', 'reset_during'],
    ['fetch', 'git-upload-pack', 'cut_body'],
    ['push', 'git-receive-pack', 'reset_during'],
    ['push', 'git-receive-pack', 'reset_after'],
  ] as const)(
    'reached over a network that is cut in the middle of a %s loses nothing',
    async (_what, service, kind) => {
      await world.left.commit('main', [{ files: { 'big.bin': 'x7'.repeat(200_000) } }]);
      await world.left.commit('other', 2);
      const match = { service, phase: 'exchange' } as const;
      const side = service === 'git-upload-pack' ? world.repositories.git : world.azure.git;
      const before = (await world.refs()).right;
      // Of a fetch the second exchange: the first is the question for refs.
      const fault = side.faults.add({
        kind,
        match: { ...match, nth: service === 'git-upload-pack' ? 2 : 1 },
        afterBytes: 40,
      });
      const outcome = await world.sync(host);
      expect(fault.hits).toBe(1);
      expect(['transient', undefined]).toContain(outcome.error?.kind);
      if (kind !== 'reset_after' && outcome.error !== undefined) expect((await world.refs()).right).toEqual(before);
      side.faults.clear();
      expect(complaints(await world.sync(host))).toEqual([]);
      await expectEqual();
    },
  );
});
