import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { asObject } from './testing/ask.js';

const program = fileURLToPath(new URL('../../dist/gitlab-simulator/main.js', import.meta.url));

describe('the simulator as a program', () => {
  it('tells where it is in one line, answers, and ends when asked to', async () => {
    if (!existsSync(program)) throw new Error('build first (npm run build): this test runs the built program');
    const flags = ['--world', 'lively', '--projects', '2', '--prefix', '/gitlab', '--tick', '10'];
    const child = spawn(process.execPath, [program, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    try {
      const lines = createInterface({ input: child.stdout });
      const line = String((await once(lines, 'line'))[0]);
      const { url, token, projects } = asObject(JSON.parse(line));
      expect(projects).toEqual([
        { id: 1, path: 'acme/web' },
        { id: 2, path: 'acme/api' },
      ]);
      const headers = { 'PRIVATE-TOKEN': String(token) };
      expect((await fetch(`${String(url)}/api/v4/projects/1`, { headers })).status).toBe(200);
      const counted: unknown = await (await fetch(new URL('/__sim/requests', String(url)))).json();
      expect(counted).toMatchObject({ total: 1 });
    } finally {
      child.kill('SIGTERM');
    }
    expect(await ended).toEqual([0, null]);
  });
});
