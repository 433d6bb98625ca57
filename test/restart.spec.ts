import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, jest } from '@jest/globals';

jest.setTimeout(600_000);

const TIMES = 20;
const holder = fileURLToPath(new URL('support/folder-holder.mjs', import.meta.url));

const parents: ChildProcessByStdio<null, Readable, null>[] = [];
afterEach(() => {
  for (const parent of parents.splice(0)) parent.kill('SIGKILL');
});

/**
 * Starts a process whose parent never asks how it ended (the shell has become another program by then): once dead it
 * stays in the table of processes and answers to its number, as under the first process of many containers.
 */
async function startHolder(folder: string): Promise<{ pid: number; says: string }> {
  const parent = spawn('sh', ['-c', '"$0" "$1" "$2" & echo $!; exec sleep 600', process.execPath, holder, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  parents.push(parent);
  const lines = createInterface(parent.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<string> => String((await lines.next()).value);
  return { pid: Number(await next()), says: await next() };
}

describe('a data folder whose holder is killed', () => {
  it(`can be used at once, ${TIMES} times in a row`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'syncline-restart-'));
    try {
      for (let time = 0; time < TIMES; time += 1) {
        const { pid, says } = await startHolder(folder);
        expect({ time, says }).toEqual({ time, says: 'up' });
        process.kill(pid, 'SIGKILL');
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
