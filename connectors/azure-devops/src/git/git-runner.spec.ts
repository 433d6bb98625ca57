import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ConnectorError } from '@syncline/connector-sdk';
import type { GitFault, GitFaultKind } from '@syncline/connector-testing';
import { describeWithGit } from '../../../../test/support/capabilities.js';
import { CodeWorld, complaints } from '../testing/code-world.js';
import { startStranger } from '../testing/stranger.js';
import { gitEnvironment, scrub } from './git-environment.js';
import { gitFailure } from './git-failure.js';
import { requireGit } from './git-program.js';
import { azureRemote, gitLabRemote, type GitRemote } from './git-remote.js';
import { ProcessSlots } from './process-slots.js';
import { runGit } from './run-git.js';
import { backgroundPatienceMs } from '../testing/patience.js';

jest.setTimeout(backgroundPatienceMs);

const instance = {
  id: 'i',
  kind: 'gitlab',
  name: 'i',
  baseUrl: 'https://git.example/x/',
  credentials: { token: 'glpat-secret-1' },
};

describe('the environment of git', () => {
  it('hands credentials over for the remote alone, and nothing of the parent', () => {
    process.env['GIT_TRACE_CURL'] = '1';
    const env = gitEnvironment('/tmp/home', [gitLabRemote(instance, 'acme/web')]);
    delete process.env['GIT_TRACE_CURL'];
    expect(Object.keys(env).filter((name) => /TRACE|ASKPASS|EXTERNAL/.test(name))).toEqual([]);
    expect(env).toMatchObject({ GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'https', GIT_CONFIG_NOSYSTEM: '1' });
    const settings = Object.entries(env)
      .filter(([name]) => name.startsWith('GIT_CONFIG_KEY_'))
      .map(([, value]) => value);
    expect(settings).toContain('http.https://git.example/x/acme/web.git.extraHeader');
    expect(settings).not.toContain('http.extraHeader');
    expect(settings).toContain('http.followRedirects');
  });

  it('takes secrets out of what git says, however they are written', () => {
    const remote = azureRemote({ ...instance, credentials: { token: 'pat/secret+1' } }, 'My Proj', 'web');
    const header = Buffer.from(':pat/secret+1').toString('base64');
    const text = `fatal: pat/secret+1 ${header} pat%2Fsecret%2B1 https://user:x@git.example/x`;
    expect(scrub(text, [remote])).toBe('fatal: [redacted] [redacted] [redacted] https://git.example/x');
    expect(remote.url).toBe('https://git.example/x/My%20Proj/_git/web');
  });

  it('refuses other protocols', () => {
    expect(() => gitLabRemote({ ...instance, baseUrl: 'file:///etc' }, 'a')).toThrow(/use https/);
    expect(() => gitLabRemote({ ...instance, baseUrl: 'ext::sh -c id' }, 'a')).toThrow(ConnectorError);
  });

  it('says in a sentence that there is no git', () => {
    expect(() => requireGit('/nonexistent')).toThrow('there is no git on this machine; install git 2.31 or newer');
  });

  it('has a sentence for a full disk', () => {
    const result = { code: 128, stdout: '', stderr: 'fatal: write error: No space left on device' };
    expect(gitFailure(gitLabRemote(instance, 'a'), result)).toMatchObject({
      kind: 'transient',
      message: 'The disk with the git cache is full.',
    });
  });
});

describeWithGit('git at work', () => {
  let world: CodeWorld;
  let home: string;

  beforeEach(async () => {
    world = await CodeWorld.start();
    home = await mkdtemp(join(tmpdir(), 'git-home-'));
  });

  afterEach(async () => {
    await world.stop();
    await rm(home, { recursive: true, force: true });
  });

  const remote = (): GitRemote => gitLabRemote(world.gitLabInstance, 'acme/web');
  const list = (signal = new AbortController().signal, timeoutMs = backgroundPatienceMs, slots = new ProcessSlots(2)) =>
    runGit(['ls-remote', '--', remote().url], { home, remotes: [remote()], signal, timeoutMs, slots });

  it('shows no credential in the arguments of any process, nor writes one to disk', async () => {
    await world.left.commit('main');
    const fault = world.repositories.git.faults.add({ kind: 'held', times: 1 });
    const running = list();
    await underWay(fault);
    const processes = commandLines();
    fault.remove();
    await running;
    expect(processes.some((line) => line.includes('git') && line.includes('acme/web.git'))).toBe(true);
    const secrets = [
      world.leftToken,
      world.pat.value,
      Buffer.from(`oauth2:${world.leftToken}`).toString('base64'),
      Buffer.from(`:${world.pat.value}`).toString('base64'),
    ];
    for (const secret of secrets) expect(processes.filter((line) => line.includes(secret))).toEqual([]);
    expect(complaints(await world.sync(world.host()))).toEqual([]);
    const wanted = secrets.flatMap((secret) => ['-e', secret]);
    const found = spawnSync('grep', ['-rlaF', ...wanted, world.workDir], { encoding: 'utf8' });
    // 1 says that nothing was found.
    expect([found.status, found.stdout]).toEqual([1, '']);
  });

  it('ends git and all it has started when the run is stopped', async () => {
    const fault = world.repositories.git.faults.add({ kind: 'held' });
    const stop = new AbortController();
    const running = list(stop.signal);
    await underWay(fault);
    // The answer never comes: what ends git is the stop.
    stop.abort();
    await expect(running).rejects.toMatchObject({ kind: 'interrupted' });
    expect(commandLines().filter((line) => line.includes(remote().url))).toEqual([]);
  });

  it('gives up what takes too long', async () => {
    world.repositories.git.faults.add({ kind: 'held' });
    await expect(list(undefined, 300)).rejects.toMatchObject({
      kind: 'transient',
      message: expect.stringContaining('took longer'),
    });
    expect(commandLines().filter((line) => line.includes(remote().url))).toEqual([]);
  });

  it('starts no more processes than there are places, and leaves the queue when stopped', async () => {
    await world.left.commit('main');
    const slots = new ProcessSlots(1);
    const fault = world.repositories.git.faults.add({ kind: 'held', times: 1 });
    const first = list(undefined, backgroundPatienceMs, slots);
    const stop = new AbortController();
    const second = list(stop.signal, backgroundPatienceMs, slots);
    const third = list(undefined, backgroundPatienceMs, slots);
    await underWay(fault);
    stop.abort();
    await expect(second).rejects.toMatchObject({ kind: 'interrupted' });
    expect(commandLines().filter((line) => line.includes(`ls-remote -- ${remote().url}`))).toHaveLength(1);
    fault.remove();
    expect((await first).code).toBe(0);
    expect((await third).code).toBe(0);
  });

  it('follows no redirect, and gives nobody else the token', async () => {
    await world.left.commit('main');
    const stranger = await startStranger();
    const { url: location } = stranger;
    const fault = world.repositories.git.faults.add({ kind: 'redirect', location });
    const outcome = await world.sync(world.host());
    expect(outcome.error).toMatchObject({ kind: 'config', message: expect.stringContaining('redirects git') });
    expect(fault.hits).toBeGreaterThan(0);
    expect(stranger.seen).toEqual([]);
    stranger.close();
  });

  it.each<[GitFaultKind, string]>([
    ['unauthorized', 'auth'],
    ['sign_in_page', 'auth'],
    ['forbidden', 'config'],
    ['not_found', 'config'],
    ['rate_limited', 'rate_limit'],
    ['unavailable', 'transient'],
    ['error500', 'transient'],
    ['reset_before', 'transient'],
    ['cut_body', 'transient'],
  ])('takes %s from either side for %s, and loses nothing by it', async (kind, expected) => {
    const host = world.host();
    await world.left.commit('main', 3);
    for (const git of [world.repositories.git, world.azure.git]) {
      git.faults.add({ kind });
      const outcome = await world.sync(host);
      expect({ kind: outcome.error?.kind, message: outcome.error?.message }).toMatchObject({ kind: expected });
      git.faults.clear();
    }
    expect(complaints(await world.sync(host))).toEqual([]);
    expect((await world.refs()).right).toEqual((await world.refs()).left);
  });

  it.each([
    ['rate_limited', '7200', 7_200_000],
    ['unavailable', '900', 900_000],
    ['rate_limited', new Date(Date.now() + 3_600_000).toUTCString(), 3_600_000],
  ] as const)('comes back when a server that is %s says: %s', async (kind, retryAfter, waitMs) => {
    const host = world.host();
    await world.left.commit('main', 3);
    for (const git of [world.repositories.git, world.azure.git]) {
      git.faults.add({ kind, retryAfter });
      const { error, logs } = await world.sync(host);
      git.faults.clear();
      expect(error?.kind).toBe('rate_limit');
      const asked = (error?.retryAt?.getTime() ?? 0) - world.clock.now().getTime();
      expect(Math.abs(asked - waitMs)).toBeLessThan(120_000);
      expect(JSON.stringify([error, logs])).not.toMatch(/Recv header|authorization/i);
    }
    expect(complaints(await world.sync(host))).toEqual([]);
  });

  it('asks once more where one answer was lost', async () => {
    const host = world.host();
    for (const kind of ['error500', 'reset_before', 'cut_body'] as const) {
      for (const git of [world.repositories.git, world.azure.git]) {
        await world.left.commit('main');
        const fault = git.faults.add({ kind, times: 1 });
        expect(complaints(await world.sync(host))).toEqual([]);
        expect(fault.hits).toBe(1);
        git.faults.clear();
      }
    }
    await world.left.commit('main');
    world.azure.git.faults.add({
      kind: 'reset_after',
      times: 1,
      match: { service: 'git-receive-pack', phase: 'exchange' },
    });
    expect(complaints(await world.sync(host))).toEqual([]);
    expect((await world.refs()).right).toEqual((await world.refs()).left);
  });

  it('trusts the certificate authority of an instance, and no other', async () => {
    await world.stop();
    world = await CodeWorld.start({ tls: true });
    await world.left.commit('main');
    expect(complaints(await world.sync(world.host()))).toEqual([]);
    expect((await world.refs()).right).toEqual((await world.refs()).left);
    const { caCertificate: _unknown, ...untrusted } = world.gitLabInstance;
    const outcome = await world.sync(world.host({ gitlab: { instance: untrusted, project: 'acme/web' } }));
    expect(outcome.error?.kind).toBe('config');
  });

  it('reaches the collection of a server below a virtual directory', async () => {
    await world.stop();
    world = await CodeWorld.start({
      azure: { layout: 'server', virtualDirectory: '/tfs', collection: 'Default Collection', apiVersion: '6.0' },
    });
    await world.left.commit('main');
    expect(complaints(await world.sync(world.host()))).toEqual([]);
    expect((await world.refs()).right).toEqual((await world.refs()).left);
  });
});

/** Waits until a request has met the fault, so that its git is at work and waits for the answer. */
async function underWay(fault: GitFault): Promise<void> {
  while (fault.hits === 0) await setTimeout(10);
}

function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    });
}
