import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { describeWithGit } from '../../../../test/support/capabilities.js';
import { CodeWorld, complaints } from '../testing/code-world.js';
import { backgroundPatienceMs } from '../testing/patience.js';

jest.setTimeout(backgroundPatienceMs);

describeWithGit('a branch whose name becomes a folder, or the other way round', () => {
  let world: CodeWorld;

  beforeEach(async () => {
    world = await CodeWorld.start();
  });

  afterEach(async () => {
    await world.stop();
  });

  it('is carried: what the cache knows of the old name does not stop the sync', async () => {
    const host = world.host({ deletions: 'mirror' });
    const { left } = world;
    const main = 'refs/heads/main';
    await left.commit('main');
    await left.commit('a', 1, { from: main });
    await left.commit('b/c', 1, { from: main });
    await world.sync(host);
    for (const name of ['a', 'b/c']) await left.setRef(`refs/heads/${name}`, undefined);
    await left.commit('a/b', 1, { from: main });
    await left.commit('b', 1, { from: main });
    const between = await world.sync(host);
    expect(between.error).toBeUndefined();
    expect(complaints(await world.sync(host))).toEqual([]);
    const { left: ours, right: theirs } = await world.refs();
    expect(theirs).toEqual(ours);
  });

  it('makes GitLab’s default branch the default one, also where the run that pushed it ended before', async () => {
    const { left, azure, repository } = world;
    await left.commit('main');
    await left.commit('alpha', 1, { from: 'refs/heads/main' });
    const fault = azure.faults.add({ kind: 'error500', match: { method: 'PATCH' } });
    const host = world.host();
    await world.sync(host);
    fault.remove();
    repository.defaultBranch = 'refs/heads/alpha';
    await world.sync(host);
    expect(repository.defaultBranch).toBe('refs/heads/main');
  });
});
