import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { GitLabSimulator, seedWorld, smallSize } from '@syncline/connector-testing';
import { retryOnceInCi } from '../../../test/support/retry.js';

retryOnceInCi();

jest.setTimeout(600_000);

/** The program as it is shipped, with nothing in its environment but what a test gives it. */
describe('the poller', () => {
  let gitlab: GitLabSimulator;
  let token: string;
  let dataDir: string;

  beforeAll(async () => {
    gitlab = await GitLabSimulator.start();
    token = seedWorld(gitlab.world, smallSize).token.value;
    dataDir = await mkdtemp(join(tmpdir(), 'syncline-poller-'));
  });
  afterAll(async () => {
    await gitlab.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  function start(args: string[], env: Record<string, string>) {
    const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
    const child = spawn(process.execPath, [main, ...args], {
      cwd: dataDir,
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir, ...env },
    });
    const output = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (output.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output.err += chunk.toString()));
    const ended = once(child, 'close').then(([code]: unknown[]) => ({ code, ...output }));
    return { child, output, ended };
  }

  const run = (args: string[], env: Record<string, string> = { GITLAB_TOKEN: token, GITLAB_URL: gitlab.url }) =>
    start(args, env).ended;

  it('says what is missing in the words of the script it replaces', async () => {
    expect(await run([], {})).toMatchObject({ code: 1, err: 'ERROR: GITLAB_TOKEN not set\n' });
  });

  it('explains a wrong value', async () => {
    const ended = await run([], { GITLAB_TOKEN: token, POLL_INTERVAL: 'often' });
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.err).toContain('POLL_INTERVAL is "often", but must be a whole number');
  });

  it('prints the connection’s status, and fails a check of a token that is refused', async () => {
    const good = await run(['--check']);
    expect(good).toMatchObject({ code: 0 });
    expect(good.out).toContain(`Connected to ${gitlab.url} as reader.`);
    // It takes none.
    expect(good.out).not.toMatch(/webhook/i);
    const bad = await run(['--check'], { GITLAB_TOKEN: 'glpat-of-nobody-at-all', GITLAB_URL: gitlab.url });
    expect(bad).toMatchObject({ code: 1 });
    expect(bad.out).toMatch(/FAILED .*/);
    expect(bad.out + bad.err).not.toContain('glpat-of-nobody');
  });

  it('stores everything in one cycle, and nothing twice in the next', async () => {
    const first = await run(['--once']);
    expect(first).toMatchObject({ code: 0 });
    const stored = /succeeded fetched=(\d+) stored=(\d+) failed=0/.exec(first.out);
    expect(Number(stored?.[2])).toBeGreaterThan(50);
    const second = await run(['--once']);
    expect(second.out).toMatch(/succeeded fetched=\d+ stored=0 failed=0/);
    // A hub that is started on this folder later asks for the key of its database.
    expect((await stat(join(dataDir, 'secret-key'))).mode & 0o777).toBe(0o600);
  });

  it('prints what changed as JSON when asked', async () => {
    const project = [...gitlab.world.projects.byId.values()][0];
    if (project === undefined) throw new Error('the world has no project');
    const mergeRequest = gitlab.world.mergeRequests.create(project, { title: 'Said as JSON' });
    const { out } = await run(['--once', '--print']);
    const events = out
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { eventId: string; title: string });
    expect(events).toContainEqual(
      expect.objectContaining({ eventId: `mr-${project.id}-${mergeRequest.iid}`, title: 'Said as JSON' }),
    );
  });

  it('goes on until it is told to stop, and lets nobody else use its folder meanwhile', async () => {
    const env = { GITLAB_TOKEN: token, GITLAB_URL: gitlab.url, POLL_INTERVAL: '1' };
    const poller = start([], env);
    while ((poller.output.out.match(/succeeded/g) ?? []).length < 2)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const other = await run(['--once']);
    expect(other).toMatchObject({ code: 1 });
    expect(other.err).toContain('uses the data folder');
    poller.child.kill('SIGTERM');
    const ended = await poller.ended;
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.out).toContain('Stopped.');
  });
});
