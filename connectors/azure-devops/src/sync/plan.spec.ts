import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { MemoryHost } from '@syncline/connector-testing';
import { describeWithGit } from '../../../../test/support/capabilities.js';
import type { AzureDevOpsConfig } from '../config.js';
import { CodeWorld, complaints } from '../testing/code-world.js';
import { backgroundPatienceMs } from '../testing/patience.js';

jest.setTimeout(backgroundPatienceMs);

describeWithGit('a plan of code sync', () => {
  let world: CodeWorld;

  beforeEach(async () => {
    world = await CodeWorld.start();
  });

  afterEach(async () => {
    await world.stop();
  });

  async function plan(host: MemoryHost<AzureDevOpsConfig>): Promise<string[]> {
    const before = [(await world.refs()).right, host.store.links.all(), [...host.store.checkpoints], host.store.rows()];
    const outcome = await world.sync(host, { kind: 'plan' });
    expect(outcome.error?.message).toBeUndefined();
    const after = [(await world.refs()).right, host.store.links.all(), [...host.store.checkpoints], host.store.rows()];
    expect(after).toEqual(before);
    return outcome.planned.map(({ op, title, reason }) => `${op} ${title}: ${reason}`);
  }

  it('says of each ref what would become of it, and why, and changes nothing anywhere', async () => {
    const host = world.host({ deletions: 'mirror' });
    for (const branch of ['main', 'old', 'guarded', 'theirs', 'rewritten', 'same']) await world.left.commit(branch, 2);
    expect(await plan(host)).toHaveLength(6);
    expect(world.pushes).toEqual([]);
    await world.sync(host);

    const [next] = await world.left.commit('main');
    await world.left.commit('fresh');
    await world.left.commit('FRESH');
    await world.left.setRef('refs/heads/old', undefined);
    await world.left.commit('guarded');
    world.azure.world.protect(world.repository, 'guarded');
    await world.left.commit('theirs');
    const [theirs] = await world.right.commit('theirs');
    await world.left.commit('rewritten', 1, { from: 'refs/heads/rewritten~1' });
    const found = await plan(host);
    expect(found.sort()).toEqual([
      expect.stringMatching(new RegExp(`^conflict rewritten: rewritten: GitLab's history was rewritten`)),
      expect.stringMatching(new RegExp(`^conflict theirs: diverged: .*Azure DevOps ${theirs}`)),
      expect.stringMatching(/^create FRESH: New in GitLab, at [0-9a-f]{40}/),
      expect.stringMatching(/^delete old: Deleted in GitLab/),
      expect.stringMatching(/^skip fresh: name clash: Azure DevOps cannot have fresh beside FRESH/),
      expect.stringMatching(/^skip guarded: refused: A branch policy allows changes by pull request only/),
      expect.stringMatching(new RegExp(`^update main: Moved forward in GitLab, from [0-9a-f]{40} to ${next}`)),
    ]);
    expect(world.pushes).toHaveLength(1);
    // What was planned is what then happens.
    expect(complaints(await world.sync(host))).toHaveLength(4);
    expect(await plan(host)).toEqual(found.filter((line) => /^(?:conflict|skip)/.test(line)).sort());
  });

  it('foresees a policy on a whole folder of branches', async () => {
    const host = world.host();
    for (const branch of ['releases/1', 'main']) await world.left.commit(branch);
    await world.sync(host);
    world.azure.world.protect(world.repository, 'releases/');
    for (const branch of ['releases/1', 'main']) await world.left.commit(branch);
    expect((await plan(host)).sort()).toEqual([
      expect.stringMatching(/^skip releases\/1: refused: A branch policy/),
      expect.stringMatching(/^update main: /),
    ]);
  });

  it('creates no repository', async () => {
    world.robot.permissions.add('createRepository');
    await world.left.commit('main');
    const azure = { instance: world.azureInstance, project: 'Web Shop', repository: 'mirror', createIfMissing: true };
    const host = world.host({ azure });
    expect(await plan(host)).toEqual([expect.stringMatching(/^create main: New in GitLab/)]);
    expect(world.repository.project.repositories.size).toBe(1);
  });
});
