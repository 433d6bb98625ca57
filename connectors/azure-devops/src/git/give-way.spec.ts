import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { getPriority } from 'node:os';
import { afterEach, expect, it } from '@jest/globals';
import { giveWay } from './give-way.js';

const children: ReturnType<typeof spawn>[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

it('lets a process work in the background, and does no harm to one that has ended', async () => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { detached: true, stdio: 'ignore' });
  children.push(child);
  await once(child, 'spawn');
  giveWay(child.pid);
  expect(getPriority(child.pid)).toBeGreaterThan(getPriority());
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(() => giveWay(child.pid)).not.toThrow();
  expect(() => giveWay(undefined)).not.toThrow();
});
