import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeWithGit } from '../../../../test/support/capabilities.js';
import type { RefDecision } from './receive-pack.js';
import { GitStage } from './testing/git-stage.js';

describeWithGit('git over HTTP', () => {
  let stage: GitStage;

  beforeEach(async () => {
    stage = await GitStage.start();
  });

  afterEach(async () => {
    await stage.stop();
  });

  it('takes a push and gives it back with the same shas', async () => {
    const [, head] = await stage.local.commit('main', 2);
    const tag = await stage.local.tag('v1', 'main', { message: 'first' });
    const pushed = await stage.client(['push', '--porcelain', stage.url, 'main:main', 'refs/tags/v1:refs/tags/v1']);
    expect(pushed).toMatchObject({ code: 0 });
    expect(Object.fromEntries(await stage.remote.refs())).toEqual({ 'refs/heads/main': head, 'refs/tags/v1': tag });
    expect(stage.received).toEqual([
      [
        { ref: 'refs/heads/main', before: '0'.repeat(40), after: head },
        { ref: 'refs/tags/v1', before: '0'.repeat(40), after: tag },
      ],
    ]);
    const listed = await stage.client(['ls-remote', stage.url, 'refs/heads/*']);
    expect(listed.output).toBe(`${head}\trefs/heads/main\n`);
    await stage.remote.commit('main', 3);
    expect(await stage.client(['fetch', '--no-tags', stage.url, '+refs/heads/*:refs/there/*'])).toMatchObject({
      code: 0,
    });
    expect(await stage.local.ref('refs/there/main')).toBe(await stage.remote.ref('refs/heads/main'));
  });

  it('sends a client without the right password away', async () => {
    await stage.local.commit('main');
    const refused = await stage.client(['push', stage.url, 'main:main'], 'guess');
    expect(refused.code).toBe(128);
    expect(refused.output).toMatch(/Authentication failed|could not read Username/);
    expect(stage.git.requests.map(({ status }) => status)).toEqual([401]);
  });

  it('refuses single refs with its own sentence while the others pass', async () => {
    await stage.local.commit('main');
    await stage.local.commit('topic');
    const sentence = 'TF402455: Pushes to this branch are not permitted; you must use a pull request.';
    const denied: RefDecision = { deny: sentence };
    stage.rules = { decide: () => new Map([['refs/heads/main', denied]]) };
    const { code, output } = await stage.client(['push', '--porcelain', stage.url, 'main:main', 'topic:topic']);
    expect(code).toBe(1);
    expect(output).toContain(`!\trefs/heads/main:refs/heads/main\t[remote rejected] (${sentence})`);
    expect(output).toContain('*\trefs/heads/topic:refs/heads/topic\t[new branch]');
    expect([...(await stage.remote.refs()).keys()]).toEqual(['refs/heads/topic']);
    expect(stage.received.flat().map(({ ref }) => ref)).toEqual(['refs/heads/topic']);
  });

  it('knows a forced update from an honest one', async () => {
    const decision: RefDecision = { denyForced: 'ForcePush is missing' };
    stage.rules = { decide: (updates) => new Map(updates.map(({ ref }) => [ref, decision])) };
    await stage.local.commit('main', 2);
    expect(await stage.client(['push', stage.url, 'main:main'])).toMatchObject({ code: 0 });
    await stage.local.commit('main');
    expect(await stage.client(['push', stage.url, 'main:main'])).toMatchObject({ code: 0 });
    await stage.local.commit('main', 1, { from: 'refs/heads/main~2' });
    const forced = await stage.client(['push', '--porcelain', '--force', stage.url, 'main:main']);
    expect(forced.code).toBe(1);
    expect(forced.output).toContain('[remote rejected] (ForcePush is missing)');
    const removed = await stage.client(['push', '--porcelain', stage.url, ':refs/heads/main']);
    expect(removed.output).toContain('[remote rejected] (ForcePush is missing)');
  });

  it('refuses a pack that is too large', async () => {
    stage.rules = { largestPush: { bytes: 1000, message: 'TF402462: too large' } };
    await stage.local.commit('main', [{ files: { 'noise.bin': noise(20_000) } }]);
    const { code, output } = await stage.client(['push', '--porcelain', stage.url, 'main:main']);
    expect(code).toBe(1);
    expect(output).toContain('TF402462: too large');
    expect((await stage.remote.refs()).size).toBe(0);
  });

  it('shows and takes no hidden refs', async () => {
    stage.rules = { hiddenRefs: ['refs/pull'] };
    const [sha = ''] = await stage.remote.commit('main');
    await stage.remote.setRef('refs/pull/1/merge', sha);
    expect((await stage.client(['ls-remote', stage.url])).output).not.toContain('refs/pull');
    await stage.local.commit('main');
    const { code, output } = await stage.client(['push', '--porcelain', stage.url, 'main:refs/pull/2/merge']);
    expect(code).toBe(1);
    expect(output).toContain('deny updating a hidden ref');
  });

  it('hangs up in the middle of a push and changes nothing', async () => {
    await stage.local.commit('main', [{ files: { 'noise.bin': noise(3_000_000) } }]);
    const fault = stage.git.faults.add({
      kind: 'reset_during',
      match: { service: 'git-receive-pack', phase: 'exchange' },
      afterBytes: 100_000,
      times: 1,
    });
    expect((await stage.client(['push', stage.url, 'main:main'])).code).not.toBe(0);
    expect(fault.hits).toBe(1);
    expect((await stage.remote.refs()).size).toBe(0);
    expect((await stage.client(['push', stage.url, 'main:main'])).code).toBe(0);
  });

  it('loses an answer after the push took effect', async () => {
    const [head] = await stage.local.commit('main');
    stage.git.faults.add({ kind: 'reset_after', match: { service: 'git-receive-pack', phase: 'exchange' }, times: 1 });
    expect((await stage.client(['push', stage.url, 'main:main'])).code).not.toBe(0);
    expect(await stage.remote.ref('refs/heads/main')).toBe(head);
  });

  it('cuts a fetch in the middle', async () => {
    await stage.remote.commit('main', [{ files: { 'noise.bin': noise(300_000) } }]);
    stage.git.faults.add({ kind: 'cut_body', match: { service: 'git-upload-pack', phase: 'exchange' }, times: 1 });
    expect((await stage.client(['fetch', stage.url, 'main:main'])).code).not.toBe(0);
    expect((await stage.client(['fetch', stage.url, 'main:main'])).code).toBe(0);
  });

  it.each([
    ['unauthorized', /Authentication failed|could not read/],
    ['forbidden', /403/],
    ['not_found', /not found/],
    ['unavailable', /503/],
    ['sign_in_page', /not valid|203|repository .* not found|unexpected/i],
  ] as const)('answers %s on request', async (kind, words) => {
    stage.git.faults.add({ kind });
    const { code, output } = await stage.client(['ls-remote', stage.url]);
    expect(code).toBe(128);
    expect(output).toMatch(words);
  });

  it('keeps a client waiting until the fault is removed, and has noted what it asked when it has its answer', async () => {
    const [head] = await stage.remote.commit('main');
    const fault = stage.git.faults.add({ kind: 'held' });
    let isOver = false;
    const listing = stage.client(['ls-remote', stage.url]).finally(() => (isOver = true));
    while (fault.hits === 0) await new Promise(setImmediate);
    expect([isOver, stage.git.requests]).toEqual([false, []]);
    fault.remove();
    expect((await listing).output).toContain(head);
    expect(stage.git.requests.map(({ phase, status }) => [phase, status])).toEqual([
      ['advertise', 200],
      ['exchange', 200],
    ]);
  });

  it('redirects elsewhere, where the credentials do not follow', async () => {
    const other = await GitStage.start();
    try {
      stage.git.faults.add({ kind: 'redirect', location: other.origin });
      await stage.client(['ls-remote', stage.url]);
      expect(other.git.requests.length).toBeGreaterThan(0);
      expect(other.git.requests.every(({ secretHash }) => secretHash === undefined)).toBe(true);
    } finally {
      await other.stop();
    }
  });

  it('serves a repository of many branches and commits quickly made', async () => {
    await stage.remote.fill({ commits: 2_000, branches: 300 });
    expect((await stage.remote.refs('refs/heads/')).size).toBe(301);
    const { code } = await stage.client(['fetch', '--no-tags', stage.url, '+refs/heads/*:refs/heads/*']);
    expect(code).toBe(0);
    expect(await stage.local.refs('refs/heads/')).toEqual(await stage.remote.refs('refs/heads/'));
  });
});

/** Text that does not compress well, the same each time. */
function noise(length: number): string {
  let state = 42;
  const pieces: string[] = [];
  for (let at = 0; at < length; at += 6) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    pieces.push(state.toString(36).padStart(6, '0').slice(-6));
  }
  return pieces.join('');
}
