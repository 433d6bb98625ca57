import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'syncline-scripts-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const runModule = (code: string): Promise<number | null> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit', cwd: root });
    child.on('close', resolve);
  });

describe('the build lock', () => {
  it('lets one process in at a time and takes over from a dead one', async () => {
    const [lock, counter] = [join(folder, 'lock'), join(folder, 'counter')];
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(lock, String(dead));
    writeFileSync(counter, '0');
    // Reading, waiting and writing loses counts wherever two are inside.
    const code = `
      import { readFileSync, writeFileSync } from 'node:fs';
      import { setImmediate as turn } from 'node:timers/promises';
      import { withLock } from './scripts/lib/lock.mjs';
      for (let i = 0; i < 3; i += 1) {
        await withLock(${JSON.stringify(lock)}, async () => {
          const count = Number(readFileSync(${JSON.stringify(counter)}));
          for (let turns = 0; turns < 2000; turns += 1) await turn();
          writeFileSync(${JSON.stringify(counter)}, String(count + 1));
        });
      }`;
    expect(await Promise.all([runModule(code), runModule(code), runModule(code)])).toEqual([0, 0, 0]);
    expect(readFileSync(counter, 'utf8')).toBe('9');
  });
});

describe('the repository check', () => {
  const check = (): string => {
    const code = `
      const { checkLockFile, checkWords } = await import(${JSON.stringify(join(folder, 'scripts/lib/repository.mjs'))});
      console.log([...checkLockFile(), ...checkWords()].join('\\n'));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
    return `${stdout}${stderr}`.trim();
  };
  const lock = (packages: object): void => {
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
  };
  beforeEach(() => {
    mkdirSync(join(folder, 'scripts/lib'), { recursive: true });
    for (const name of ['repository.mjs', 'files.mjs', 'root.mjs']) {
      copyFileSync(join(root, 'scripts/lib', name), join(folder, 'scripts/lib', name));
    }
    lock({});
  });

  it('finds nothing in a sound repository, itself included', () => {
    lock({
      'node_modules/a': { integrity: 'sha512-x', optionalDependencies: { b: '1' } },
      'node_modules/b': { integrity: 'x' },
    });
    expect(check()).toBe('');
  });

  it('finds lock entries that are missing, carry an address, or have no hash', () => {
    const address = ['https:/', 'packages.example.com', 'a.tgz'].join('/');
    lock({ 'node_modules/a': { resolved: address, optionalDependencies: { 'a-linux': '1' } } });
    expect(check().split('\n')).toEqual([
      'package-lock.json: node_modules/a wants a-linux, which has no entry',
      'package-lock.json: node_modules/a has an address',
      'package-lock.json: node_modules/a has no integrity hash',
    ]);
  });

  it('finds paths of one machine and names of registries, with file and line', () => {
    const path = ['', 'home', 'ada', 'project'].join('/');
    writeFileSync(join(folder, 'notes.md'), `fine\nsee ${path}\n`);
    writeFileSync(join(folder, 'more.md'), ['registry', 'npmjs', 'org'].join('.'));
    expect(check()).toContain('notes.md:2: names a path of one machine');
    expect(check()).toContain('more.md:1: names a package registry');
  });
});
