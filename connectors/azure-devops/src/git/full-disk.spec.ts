import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { MemoryHost } from '@syncline/connector-testing';
import { describeWithGit } from '../../../../test/support/capabilities.js';
import type { AzureDevOpsConfig } from '../config.js';
import { CodeWorld, complaints } from '../testing/code-world.js';
import { backgroundPatienceMs } from '../testing/patience.js';

jest.setTimeout(backgroundPatienceMs);

describeWithGit('a cache that cannot be written', (git) => {
  let world: CodeWorld;
  let host: MemoryHost<AzureDevOpsConfig>;
  let folder: string;
  const path = process.env['PATH'];

  beforeEach(async () => {
    world = await CodeWorld.start();
    host = world.host();
    folder = mkdtempSync(join(tmpdir(), 'full-disk-'));
    await world.left.commit('main', 2);
    expect(complaints(await world.sync(host))).toEqual([]);
  });

  afterEach(async () => {
    process.env['PATH'] = path;
    process.env['WORK_DIR'] = world.workDir;
    rmSync(folder, { recursive: true, force: true });
    await world.stop();
  });

  /** Random text, which packs cannot make smaller. */
  const noise = (bytes: number): string =>
    Buffer.from(crypto.getRandomValues(new Uint8Array(bytes / 2))).toString('hex');
  const commitMuch = async (): Promise<void> => {
    const files = Object.fromEntries([1, 2, 3].map((part) => [`${part}.bin`, noise(60_000).repeat(8)]));
    for (let part = 0; part < 10; part += 1) {
      await world.left.commit('main', [{ files: { ...files, [`${part}.bin`]: noise(65_000) + noise(65_000) } }]);
    }
  };

  const cacheOf = (workDir: string): string => join(workDir, `${host.connectionId}.git`);

  it('for a limit on its files fails the run with a sentence, is thrown away, and made anew', async () => {
    const real = spawnSync('which', [git], { encoding: 'utf8' }).stdout.trim();
    // Real git, with a real limit of the kernel on what it may write into the cache.
    const limited = `#!/bin/sh\ncase "$*" in *${world.workDir}*fetch*) ulimit -f 64 ;; esac\nexec ${real} "$@"\n`;
    writeFileSync(join(folder, 'git'), limited);
    chmodSync(join(folder, 'git'), 0o755);
    await commitMuch();
    process.env['PATH'] = `${folder}:${path ?? ''}`;
    const outcome = await world.sync(host);
    expect(outcome.error).toMatchObject({
      kind: 'transient',
      message: 'A file of the git cache is larger than this machine allows.',
    });
    expect(existsSync(cacheOf(world.workDir))).toBe(false);
    process.env['PATH'] = path;
    expect(complaints(await world.sync(host))).toEqual([]);
    expect((await world.refs()).right).toEqual((await world.refs()).left);
  });

  it('on a disk that is full fails the run with a sentence, is thrown away, and made anew', async () => {
    if (!mountSmall(folder)) {
      process.stdout.write('a full disk: no right to mount a small one here; the limit on files stands for it\n');
      return;
    }
    try {
      process.env['WORK_DIR'] = folder;
      await commitMuch();
      const outcome = await world.sync(host);
      expect(outcome.error).toMatchObject({ kind: 'transient', message: 'The disk with the git cache is full.' });
      expect(existsSync(cacheOf(folder))).toBe(false);
      const { bavail, bsize } = statfsSync(folder);
      expect(bavail * bsize).toBeGreaterThan(500_000);
      const before = (await world.refs()).right;
      // Not a byte left: even the lock cannot be written.
      spawnSync('dd', ['if=/dev/zero', `of=${join(folder, 'filler')}`, 'bs=4k']);
      expect((await world.sync(host)).error?.message).toBe('The disk with the git cache is full.');
      expect((await world.refs()).right).toEqual(before);
      rmSync(join(folder, 'filler'));
      spawnSync('mount', ['-o', 'remount,size=64m', folder]);
      expect(complaints(await world.sync(host))).toEqual([]);
      expect((await world.refs()).right).toEqual((await world.refs()).left);
      expect(readdirSync(folder).filter((name) => name.endsWith('.lock'))).toEqual([]);
    } finally {
      spawnSync('umount', [folder]);
    }
  });

  function mountSmall(at: string): boolean {
    return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', at]).status === 0;
  }
});
