import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { describeWithGit, describeWithLfs } from '../../../../test/support/capabilities.js';
import { CodeWorld, complaints } from '../testing/code-world.js';
import { startStranger } from '../testing/stranger.js';
import { backgroundPatienceMs } from '../testing/patience.js';

jest.setTimeout(backgroundPatienceMs);

const attributes = '*.psd filter=lfs diff=lfs merge=lfs -text\n';

/** One commit with a large file that GitLab keeps; the name of the file at both servers. */
async function commitArt(world: CodeWorld, branch: string, content: string, from?: string): Promise<string> {
  const { oid, pointer } = await world.left.lfs.put(content);
  const files = { '.gitattributes': attributes, 'art.psd': pointer };
  await world.left.commit(branch, [{ files }], from === undefined ? {} : { from });
  return oid;
}

describeWithLfs('large files', () => {
  let world: CodeWorld;

  beforeEach(async () => {
    world = await CodeWorld.start();
  });

  afterEach(async () => {
    await world.stop();
  });

  const batches = () => world.azure.git.lfs.requests.filter(({ what }) => what === 'upload');

  it('arrive before the commits that need them, those of the whole history, and once', async () => {
    const host = world.host();
    const first = await commitArt(world, 'main', 'one'.repeat(5_000));
    const second = await commitArt(world, 'main', 'two'.repeat(5_000));
    expect(complaints(await world.sync(host))).toEqual([]);
    expect(await world.right.lfs.oids()).toEqual([first, second].sort());
    expect((await world.right.lfs.read(first)).toString()).toBe('one'.repeat(5_000));
    const third = await commitArt(world, 'main', 'three');
    await commitArt(world, 'topic', 'two'.repeat(5_000), 'refs/heads/main');
    expect(complaints(await world.sync(host))).toEqual([]);
    expect(await world.right.lfs.oids()).toEqual([first, second, third].sort());
    const puts = world.azure.git.lfs.requests.filter(({ what }) => what === 'put').flatMap(({ oids }) => oids);
    expect(puts.sort()).toEqual([first, second, third].sort());
    expect((await world.refs()).right).toEqual((await world.refs()).left);
  });

  it('are found in the history of a branch that has stopped to use them', async () => {
    const oid = await commitArt(world, 'main', 'forgotten');
    await world.left.commit('main', [{ files: { '.gitattributes': null, 'art.psd': null, 'a.txt': 'a' } }]);
    expect(complaints(await world.sync(world.host()))).toEqual([]);
    expect(await world.right.lfs.oids()).toEqual([oid]);
  });

  it('are asked about only where a push brings some', async () => {
    const host = world.host();
    await commitArt(world, 'main', 'picture');
    await world.left.commit('plain', 1);
    await world.sync(host);
    const before = batches().length;
    await world.left.commit('plain');
    expect(complaints(await world.sync(host))).toEqual([]);
    expect(batches()).toHaveLength(before);
  });

  it('that GitLab has lost keep their branch back, with a sentence, while the others go on', async () => {
    const oid = await commitArt(world, 'art', 'lost');
    const [main] = await world.left.commit('main');
    world.repositories.git.lfs.refusals.set(oid, { code: 410, message: 'removed by an administrator' });
    const host = world.host();
    const outcome = await world.sync(host);
    expect(outcome.status).toBe('partial');
    expect(complaints(outcome)).toEqual([expect.stringMatching(/art: withheld: Its large files could not be carried/)]);
    expect((await world.refs()).right).toEqual({ 'refs/heads/main': main });
    world.repositories.git.lfs.refusals.clear();
    expect(complaints(await world.sync(host))).toEqual([]);
    expect((await world.refs()).right).toEqual((await world.refs()).left);
  });

  it('that Azure DevOps refuses keep their branch back, too', async () => {
    const oid = await commitArt(world, 'art', 'too much');
    world.azure.git.lfs.refusals.set(oid, { code: 413, message: 'over the quota' });
    const outcome = await world.sync(world.host());
    expect(complaints(outcome)).toEqual([expect.stringMatching(/art: withheld: .*over the quota/)]);
    expect((await world.refs()).right).toEqual({});
  });

  it('come from the servers of the connection, whatever the repository says, and tokens go nowhere else', async () => {
    const stranger = await startStranger();
    const { url } = stranger;
    const { oid, pointer } = await world.left.lfs.put('mine');
    const lfsconfig = `[lfs]\n\turl = ${url}/lfs\n\tpushurl = ${url}/lfs\n[remote "origin"]\n\tlfsurl = ${url}/lfs\n`;
    await world.left.commit('main', [
      { files: { '.gitattributes': attributes, 'art.psd': pointer, '.lfsconfig': lfsconfig } },
    ]);
    expect(complaints(await world.sync(world.host()))).toEqual([]);
    expect(await world.right.lfs.oids()).toEqual([oid]);
    expect(stranger.seen).toEqual([]);
    stranger.close();
    const secrets = [world.leftToken, world.pat.value].flatMap((secret) => ['-e', secret]);
    expect(spawnSync('grep', ['-rlaF', ...secrets, world.workDir], { encoding: 'utf8' }).stdout).toBe('');
  });

  it('travel over HTTPS with a certificate authority of its own', async () => {
    await world.stop();
    world = await CodeWorld.start({ tls: true });
    const oid = await commitArt(world, 'main', 'safe');
    expect(complaints(await world.sync(world.host()))).toEqual([]);
    expect(await world.right.lfs.oids()).toEqual([oid]);
  });
});

describeWithGit('large files without git-lfs', () => {
  let world: CodeWorld;
  let folder: string;
  const path = process.env['PATH'];

  beforeEach(async () => {
    world = await CodeWorld.start();
    // A machine whose only program is git.
    folder = mkdtempSync(join(tmpdir(), 'only-git-'));
    symlinkSync(spawnSync('which', ['git'], { encoding: 'utf8' }).stdout.trim(), join(folder, 'git'));
    process.env['PATH'] = folder;
  });

  afterEach(async () => {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true });
    await world.stop();
  });

  it('keep their branch back rather than arrive as pointers', async () => {
    const [main] = await world.left.commit('main');
    await commitArt(world, 'art', 'picture', 'refs/heads/main');
    const outcome = await world.sync(world.host());
    expect(outcome.status).toBe('partial');
    expect(complaints(outcome)).toEqual([
      expect.stringMatching(/art: withheld: It uses Git LFS, and git-lfs is not installed/),
    ]);
    expect((await world.refs()).right).toEqual({ 'refs/heads/main': main });
    process.env['PATH'] = path;
  });
});
