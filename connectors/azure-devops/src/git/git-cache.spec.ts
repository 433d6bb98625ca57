import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { MemoryHost } from '@syncline/connector-testing';
import { describeWithGit } from '../../../../test/support/capabilities.js';
import type { AzureDevOpsConfig } from '../config.js';
import { CodeWorld, complaints } from '../testing/code-world.js';
import { GitCache } from './git-cache.js';
import { identify } from './process-identity.js';
import { backgroundPatienceMs } from '../testing/patience.js';

jest.setTimeout(backgroundPatienceMs);

describeWithGit('the cache', () => {
  let world: CodeWorld;
  let host: MemoryHost<AzureDevOpsConfig>;

  beforeEach(async () => {
    world = await CodeWorld.start();
    host = world.host();
  });

  afterEach(async () => {
    await world.stop();
  });

  const gitDir = (): string => join(world.workDir, `${host.connectionId}.git`);
  const open = (patienceMs = 200): Promise<GitCache> =>
    GitCache.open({
      folder: world.workDir,
      connectionId: host.connectionId,
      signal: new AbortController().signal,
      patienceMs,
    });
  const packs = (): string[] => readdirSync(join(gitDir(), 'objects/pack')).filter((name) => name.endsWith('.pack'));

  it('is one bare repository without working files', async () => {
    await world.left.commit('main', 5);
    await world.sync(host);
    expect(readdirSync(world.workDir).filter((name) => name !== '.home')).toEqual([`${host.connectionId}.git`]);
    expect(readFileSync(join(gitDir(), 'config'), 'utf8')).toContain('bare = true');
    expect(readdirSync(gitDir())).not.toContain('FETCH_HEAD');
  });

  it.each<[string, () => void]>([
    ['a pack that was cut', () => damage((pack) => truncateSync(pack, 40))],
    ['a pack full of something else', () => damage((pack) => writeFileSync(pack, Buffer.alloc(5_000, 7)))],
    ['a missing HEAD', () => writeFileSync(join(gitDir(), 'HEAD'), 'nonsense')],
    ['a broken configuration', () => writeFileSync(join(gitDir(), 'config'), '[core\nx')],
    ['broken refs', () => writeFileSync(join(gitDir(), 'packed-refs'), 'what is this?\n')],
    ['locks of a killed git', () => writeFileSync(join(gitDir(), 'packed-refs.lock'), '')],
  ])('is made anew, or repaired, after %s', async (_what, harm) => {
    await world.left.commit('main', 150);
    await world.left.commit('topic', 120, { from: 'refs/heads/main~100' });
    await world.sync(host);
    harm();
    await world.left.commit('main', 3);
    const outcome = await world.sync(host);
    expect(outcome.error?.message).toBeUndefined();
    expect((await world.refs()).right).toEqual((await world.refs()).left);
  });

  function damage(harm: (pack: string) => void): void {
    const [pack = ''] = packs();
    const path = join(gitDir(), 'objects/pack', pack);
    chmodSync(path, 0o644);
    harm(path);
  }

  it('may be thrown away at any time', async () => {
    await world.left.commit('main');
    await world.sync(host);
    await rm(world.workDir, { recursive: true });
    await world.left.commit('main');
    expect(complaints(await world.sync(host))).toEqual([]);
    expect((await world.refs()).right).toEqual((await world.refs()).left);
  });

  it('belongs to one at a time', async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject({
      kind: 'transient',
      message: expect.stringContaining('still at work'),
    });
    first.close();
    (await open()).close();
    const outcomes = await Promise.all(Array.from({ length: 3 }, () => world.sync(host)));
    expect(outcomes.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });

  it('is taken over from a dead owner, whose git is ended first', async () => {
    const orphan = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    const gone = spawn('true');
    await once(gone, 'exit');
    const owner = { ...identify(process.pid), pid: gone.pid ?? 0, started: '1' };
    const holder = { id: 'before', owner, children: [identify(orphan.pid ?? 0)] };
    writeFileSync(join(world.workDir, `${host.connectionId}.lock`), JSON.stringify(holder));
    const ended = once(orphan, 'exit');
    (await open()).close();
    expect(await ended).toEqual([null, 'SIGKILL']);
  });

  it('is taken over from an owner on another host that has been silent, and not before', async () => {
    const lock = join(world.workDir, `${host.connectionId}.lock`);
    // Its numbers mean nothing here: this process has one of them.
    const owner = { ...identify(process.pid), host: 'a-container-that-was' };
    const bystander = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    const children = [{ ...identify(bystander.pid ?? 0), host: 'a-container-that-was' }];
    writeFileSync(lock, JSON.stringify({ id: 'before', owner, children }));
    await expect(open()).rejects.toMatchObject({ kind: 'transient' });
    const silent = new Date(Date.now() - 60_000);
    utimesSync(lock, silent, silent);
    (await open()).close();
    expect(bystander.signalCode).toBeNull();
    bystander.kill('SIGKILL');
  });

  it('is taken over when its lock is unreadable', async () => {
    writeFileSync(join(world.workDir, `${host.connectionId}.lock`), '{"id": "cut');
    (await open()).close();
  });

  it('says in a sentence that its folder cannot be used', async () => {
    const blocked = join(world.workDir, 'file');
    writeFileSync(blocked, '');
    process.env['WORK_DIR'] = join(blocked, 'below');
    const outcome = await world.sync(host);
    process.env['WORK_DIR'] = world.workDir;
    expect(outcome.error).toMatchObject({ kind: 'config', message: expect.stringContaining(blocked) });
  });

  it('keeps its packs few', async () => {
    await world.left.commit('main', 101);
    await world.sync(host);
    for (let round = 0; round < 22; round += 1) {
      await world.left.commit('main', 101);
      await world.sync(host);
    }
    expect(packs().length).toBeLessThan(22);
  }, 900_000);
});
