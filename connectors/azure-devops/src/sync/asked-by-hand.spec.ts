import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { describeWithGit } from '../../../../test/support/capabilities.js';
import { CodeWorld, complaints } from '../testing/code-world.js';
import { backgroundPatienceMs } from '../testing/patience.js';

jest.setTimeout(backgroundPatienceMs);

describeWithGit('a sync that somebody asks for', () => {
  let world: CodeWorld;

  beforeEach(async () => {
    world = await CodeWorld.start();
    await world.left.commit('main', 2);
  });

  afterEach(async () => {
    await world.stop();
  });

  const main = 'refs/heads/main';

  it('makes a branch of what an annotated tag leads to, and says so where that is no commit', async () => {
    const host = world.host();
    await world.left.tag('v1', 'main', { message: 'first' });
    expect(complaints(await world.sync(host, { params: { ref: 'v1', branch: 'release/1' } }))).toEqual([]);
    expect(await world.right.ref('refs/heads/release/1')).toBe(await world.left.ref(main));
    const tree = (await world.left.git(['rev-parse', `${main}^{tree}`])).trim();
    await world.left.setRef('refs/tags/tree', tree);
    const { error } = await world.sync(host, { params: { ref: 'tree', branch: 'release/2' } });
    expect(error?.message).toBe('tree leads to no commit, and a branch needs one.');
    expect(await world.right.ref('refs/heads/release/2')).toBeUndefined();
  });

  it('takes the branch that is the default one now', async () => {
    const host = world.host();
    const [head] = await world.left.commit('trunk', 1, { from: main });
    await world.sync(host);
    world.project.defaultBranch = 'trunk';
    expect(complaints(await world.sync(host, { params: { branch: 'backup' } }))).toEqual([]);
    expect(await world.right.ref('refs/heads/backup')).toBe(head);
  });

  it('refuses parameters that it does not know or cannot read, rather than carry everything', async () => {
    const host = world.host();
    for (const [params, message] of [
      [{ ref: 5 }, 'The parameter ref must be a text.'],
      [{ brnach: 'x' }, 'There is no parameter brnach: known are ref, branch, message.'],
      [{ message: 'm'.repeat(1_000_000) }, 'The parameter message is longer than 2000 characters.'],
      [{ ref: 'main', branch: 'HEAD' }, '"HEAD" cannot be the name of a branch.'],
    ] as const) {
      expect((await world.sync(host, { params })).error?.message).toBe(message);
    }
    expect(await world.right.refs()).toEqual(new Map());
  });

  it('keeps the note on the run, also where nothing is to be pushed', async () => {
    const host = world.host();
    await world.sync(host);
    const { logs } = await world.sync(host, { params: { ref: 'main', message: 'for the auditor' } });
    expect(logs.map(({ message }) => message)).toContain('Asked for: ref "main", message "for the auditor"');
  });
});
