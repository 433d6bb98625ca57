import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StartError } from '../config/start-error.js';
import { FolderLock, folderHolder } from './folder-lock.js';
import { identifyProcess } from './process-identity.js';

describe('the lock of the data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'syncline-lock-')), 'data');
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true }));

  const leave = async (content: object | string) => {
    const lock = await FolderLock.acquire(folder);
    lock.release();
    await writeFile(join(folder, 'lock'), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const acquires = async () => {
    const lock = await FolderLock.acquire(folder);
    lock.release();
    return true;
  };

  it('makes the folder for this user alone and lets one in', async () => {
    const lock = await FolderLock.acquire(folder);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    lock.publish('http://127.0.0.1:8000');
    await expect(FolderLock.acquire(folder, 100)).rejects.toThrow(StartError);
    await expect(FolderLock.acquire(folder, 0)).rejects.toThrow(/process \d+, at http:\/\/127\.0\.0\.1:8000/);
    expect(folderHolder(folder)).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:8000' });
    lock.release();
    expect(folderHolder(folder)).toBeUndefined();
    expect(await acquires()).toBe(true);
  });

  it('says that there cannot be a folder', async () => {
    await writeFile(folder, 'a file');
    for (const place of [folder, join(folder, 'below'), '/proc', '/proc/none', '/proc/none/below']) {
      await expect(FolderLock.acquire(place)).rejects.toThrow(StartError);
      await expect(FolderLock.acquire(place)).rejects.toThrow(/DATA_DIR is ".+", which cannot be used .+\((E[A-Z]+)\)/);
    }
  });

  it('lets one of many in', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => FolderLock.acquire(folder, 0)));
    const winners = tries.filter((entry) => entry.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    winners[0]?.value.release();
  });

  it('is free again when its holder was killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")'], { stdio: 'pipe' });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await leave({ ...identifyProcess(child.pid), id: 'other' });
    await expect(FolderLock.acquire(folder, 0)).rejects.toThrow(StartError);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(await acquires()).toBe(true);
  });

  it('is waited for while its holder dies', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")'], { stdio: 'pipe' });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await leave({ ...identifyProcess(child.pid), id: 'other' });
    const acquired = FolderLock.acquire(folder);
    child.kill('SIGKILL');
    (await acquired).release();
  });

  it('is free again when its holder was killed and its parent has not noticed', async () => {
    if (identifyProcess().startTime === undefined) {
      console.log('left out: this system does not tell the dead from the living');
      return;
    }
    // A shell that has become another program asks for the end of no child: what it started stays a zombie.
    const script = `${process.execPath} -e 'setInterval(() => {}, 1000)' & echo $!; exec sleep 600`;
    const parent = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
    await leave({ ...identifyProcess(pid), id: 'other' });
    process.kill(pid, 'SIGKILL');
    expect(await acquires()).toBe(true);
    // Not by chance: the number still answers.
    expect(process.kill(pid, 0)).toBe(true);
    parent.kill('SIGKILL');
  });

  it('is free again when the number belongs to another process by now, or the machine has started anew', async () => {
    const me = identifyProcess();
    if (me.startTime === undefined) {
      console.log('left out: this system does not tell when a process started');
      return;
    }
    await leave({ ...me, id: 'other', startTime: '1' });
    expect(await acquires()).toBe(true);
    await leave({ ...me, id: 'other', bootId: 'an earlier one' });
    expect(await acquires()).toBe(true);
  });

  it('is free again when its holder in another container has been silent, and not before', async () => {
    const content = { ...identifyProcess(), id: 'other', pid: 1, pidNamespace: 'pid:[1]' };
    await leave(content);
    expect(folderHolder(folder)).toMatchObject({ id: 'other' });
    const silent = new Date(Date.now() - 60_000);
    await utimes(join(folder, 'lock'), silent, silent);
    expect(folderHolder(folder)).toBeUndefined();
    expect(await acquires()).toBe(true);
  });

  it('is free again when the file was torn', async () => {
    await leave('{"pid": 12');
    expect(await acquires()).toBe(true);
  });

  it('removes nothing that belongs to somebody else', async () => {
    const lock = await FolderLock.acquire(folder);
    await writeFile(join(folder, 'lock'), JSON.stringify({ ...identifyProcess(), id: 'other' }));
    lock.release();
    expect(JSON.parse(await readFile(join(folder, 'lock'), 'utf8'))).toMatchObject({ id: 'other' });
  });
});
