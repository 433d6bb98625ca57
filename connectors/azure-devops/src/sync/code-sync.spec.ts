import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { describeWithGit } from '../../../../test/support/capabilities.js';
import { CodeWorld, complaints, shasOf } from '../testing/code-world.js';
import { backgroundPatienceMs } from '../testing/patience.js';

jest.setTimeout(backgroundPatienceMs);

describeWithGit('the sync of code', () => {
  let world: CodeWorld;

  beforeEach(async () => {
    world = await CodeWorld.start();
  });

  afterEach(async () => {
    await world.stop();
  });

  it('carries branches and tags with their history, and says so once', async () => {
    const host = world.host();
    const [, head] = await world.left.commit('main', 2);
    await world.left.commit('release/1', 1, { from: 'refs/heads/main' });
    await world.left.tag('v1', 'main', { message: 'first' });
    const first = await world.sync(host);
    expect(complaints(first)).toEqual([]);
    expect(first.status).toBe('succeeded');
    const { left, right } = await world.refs();
    expect(right).toEqual(left);
    const [event] = first.commits.flatMap(({ records }) => records.events ?? []);
    expect(event).toMatchObject({ eventType: 'code_push', status: 'pushed', metadata: { refCount: 3 } });
    const links = host.store.links.all();
    expect(links.map(({ kind, state, left: ref }) => [kind, state, ref?.key]).sort()).toEqual([
      ['ref', 'active', 'refs/heads/main'],
      ['ref', 'active', 'refs/heads/release/1'],
      ['ref', 'active', 'refs/tags/v1'],
    ]);
    expect(shasOf(links.find((link) => link.left?.key === 'refs/heads/main'))).toEqual([head, head]);
    expect(world.repository.defaultBranch).toBe('refs/heads/main');

    const second = await world.sync(host);
    expect(second.stored).toMatchObject({ created: 0, updated: 0 });
    expect(world.pushes).toHaveLength(1);
  });

  it('asks each side once when nothing has changed', async () => {
    const host = world.host();
    await world.left.commit('main');
    await world.sync(host);
    // Pipelines are looked for some time after a push.
    world.clock.advance(40 * 60_000);
    await world.sync(host);
    const before = [world.repositories.git.requests.length, world.azure.git.requests.length];
    const idle = await world.sync(host);
    // Protocol 2: the greeting, then the refs.
    expect(world.repositories.git.requests.slice(before[0]).map(({ service }) => service)).toEqual([
      'git-upload-pack',
      'git-upload-pack',
    ]);
    expect(world.azure.git.requests.slice(before[1])).toHaveLength(2);
    expect(idle.requests).toBe(0);
    expect(idle.commits).toEqual([]);
  });

  it('moves forward, by one push for what has changed', async () => {
    const host = world.host();
    await world.left.commit('main', 2);
    await world.left.commit('other', 1);
    await world.sync(host);
    const [head] = await world.left.commit('main');
    const outcome = await world.sync(host);
    expect(complaints(outcome)).toEqual([]);
    expect(await world.right.ref('refs/heads/main')).toBe(head);
    expect(world.pushes.at(-1)).toEqual(['refs/heads/main']);
  });

  it('never loses a commit made in Azure DevOps, and goes on with the others', async () => {
    const host = world.host({ divergence: 'force-with-lease', deletions: 'mirror' });
    await world.left.commit('main', 2);
    await world.left.commit('other');
    await world.sync(host);
    const [theirs] = await world.right.commit('main');
    const [ours] = await world.left.commit('main');
    const [other] = await world.left.commit('other');
    const outcome = await world.sync(host);
    expect(outcome.status).toBe('partial');
    expect(complaints(outcome)).toEqual([expect.stringMatching(new RegExp(`main: diverged.*${ours}.*${theirs}`))]);
    expect(await world.right.ref('refs/heads/main')).toBe(theirs);
    expect(await world.right.ref('refs/heads/other')).toBe(other);
    const linkOf = (ref: string) => host.store.links.all().find((link) => link.right?.key === ref);
    expect(linkOf('refs/heads/main')).toMatchObject({
      state: 'conflicted',
      baseline: { left: { sha: ours }, right: { sha: theirs, outcome: 'diverged' } },
    });
    expect(linkOf('refs/heads/other')?.state).toBe('active');
    const again = await world.sync(host);
    expect(complaints(again)).toEqual([]);
    expect(again.status).toBe('succeeded');
    await world.left.setRef('refs/heads/main', undefined);
    await world.sync(host);
    expect(await world.right.ref('refs/heads/main')).toBe(theirs);
  });

  it('calls a link active again when the sides have met, and keeps one of a ref that was never pushed', async () => {
    const host = world.host();
    await world.left.commit('main', 2);
    await world.right.commit('clash', 1);
    await world.left.commit('clash', 1);
    const [ours, theirs] = [await world.left.ref('refs/heads/clash'), await world.right.ref('refs/heads/clash')];
    expect(complaints(await world.sync(host))).toEqual([expect.stringContaining('clash: diverged')]);
    const link = () => host.store.links.all().find(({ left }) => left?.key === 'refs/heads/clash');
    expect([link()?.state, ...shasOf(link())]).toEqual(['conflicted', ours, theirs]);
    await world.right.setRef('refs/heads/clash', undefined);
    expect(complaints(await world.sync(host))).toEqual([]);
    expect([link()?.state, ...shasOf(link())]).toEqual(['active', ours, ours]);
    expect(link()?.baseline?.right?.['outcome']).toBeUndefined();
    // Both go: the link says so, and lives again with a new branch of that name.
    for (const side of [world.left, world.right]) await side.setRef('refs/heads/clash', undefined);
    const [again] = await world.left.commit('clash');
    expect(complaints(await world.sync(host))).toEqual([]);
    expect([link()?.state, ...shasOf(link())]).toEqual(['active', again, again]);
  });

  it('follows rewritten history only where it is allowed to', async () => {
    const strict = world.host();
    await world.left.commit('main', 3);
    await world.sync(strict);
    const old = await world.right.ref('refs/heads/main');
    const [rewritten] = await world.left.commit('main', 1, { from: 'refs/heads/main~2' });
    const stopped = await world.sync(strict);
    expect(complaints(stopped)).toEqual([expect.stringContaining('main: rewritten')]);
    expect(await world.right.ref('refs/heads/main')).toBe(old);
    const lenient = world.host({ divergence: 'force-with-lease' }, strict.store);
    expect(complaints(await world.sync(lenient))).toEqual([]);
    expect(await world.right.ref('refs/heads/main')).toBe(rewritten);
  });

  it('deletes what it made and nothing else', async () => {
    const host = world.host({ deletions: 'mirror' });
    await world.left.commit('main');
    await world.left.commit('topic');
    await world.sync(host);
    await world.right.commit('theirs');
    await world.left.setRef('refs/heads/topic', undefined);
    const outcome = await world.sync(host);
    expect(complaints(outcome)).toEqual([]);
    expect(Object.keys((await world.refs()).right).sort()).toEqual(['refs/heads/main', 'refs/heads/theirs']);
    const links = host.store.links.all().map(({ left, state }) => [left?.key, state]);
    expect(links.sort()).toEqual([
      ['refs/heads/main', 'active'],
      ['refs/heads/topic', 'gone'],
    ]);
  });

  it('deletes nothing when the project is emptied', async () => {
    const host = world.host({ deletions: 'mirror' });
    await world.left.commit('main');
    await world.left.commit('topic');
    await world.sync(host);
    for (const ref of ['refs/heads/main', 'refs/heads/topic']) await world.left.setRef(ref, undefined);
    const outcome = await world.sync(host);
    expect(complaints(outcome)).toEqual([expect.stringContaining('is empty')]);
    expect(Object.keys((await world.refs()).right)).toHaveLength(2);
  });

  it('tells why a single ref was refused while the others arrive', async () => {
    const host = world.host();
    await world.left.commit('main');
    await world.sync(host);
    world.azure.world.protect(world.repository, 'main');
    await world.left.commit('main');
    const [topic] = await world.left.commit('topic');
    const outcome = await world.sync(host);
    expect(outcome.status).toBe('partial');
    expect(complaints(outcome)).toEqual([expect.stringMatching(/main: refused: A branch policy.*TF402455/)]);
    expect(await world.right.ref('refs/heads/topic')).toBe(topic);
    world.repository.policies.length = 0;
    expect(complaints(await world.sync(host))).toEqual([]);
    expect((await world.refs()).right).toEqual((await world.refs()).left);
  });

  it('carries what a pattern selects', async () => {
    const host = world.host({ branches: ['main', 'release/*'], tags: ['v*'] });
    for (const branch of ['main', 'release/1', 'wip']) await world.left.commit(branch);
    await world.left.tag('v1', 'main');
    await world.left.tag('nightly', 'main');
    expect(complaints(await world.sync(host))).toEqual([]);
    expect(Object.keys((await world.refs()).right).sort()).toEqual([
      'refs/heads/main',
      'refs/heads/release/1',
      'refs/tags/v1',
    ]);
  });

  it('leaves hidden refs of both servers alone', async () => {
    const [sha] = await world.left.commit('main');
    for (const ref of ['refs/merge-requests/1/head', 'refs/keep-around/x', 'refs/pipelines/7'])
      await world.left.setRef(ref, sha);
    const host = world.host({ deletions: 'mirror' });
    expect(complaints(await world.sync(host))).toEqual([]);
    expect(Object.keys((await world.refs()).right)).toEqual(['refs/heads/main']);
  });

  it('creates the repository where it is told to, with a default branch like GitLab', async () => {
    world.robot.permissions.add('createRepository');
    await world.left.commit('aardvark');
    await world.left.commit('main');
    const azure = { instance: world.azureInstance, project: 'Web Shop', repository: 'mirror', createIfMissing: true };
    expect(complaints(await world.sync(world.host({ azure })))).toEqual([]);
    const made = [...world.repository.project.repositories.values()].find(({ name }) => name === 'mirror');
    expect(made?.defaultBranch).toBe('refs/heads/main');
    const missing = await world.sync(world.host({ azure: { ...azure, repository: 'other', createIfMissing: false } }));
    expect(missing.error).toMatchObject({ kind: 'config', path: '/config/azure/repository' });
  });

  it('carries one ref or commit to a branch by hand, with a note', async () => {
    const host = world.host({ branches: ['main'], deletions: 'mirror' });
    const [first = ''] = await world.left.commit('main', 2);
    await world.left.commit('wip');
    await world.sync(host);
    const message = 'for the audit';
    const byHand = await world.sync(host, { params: { ref: 'wip', branch: 'review/wip', message } });
    expect(complaints(byHand)).toEqual([]);
    expect(await world.right.ref('refs/heads/review/wip')).toBe(await world.left.ref('refs/heads/wip'));
    expect(byHand.commits.flatMap(({ records }) => records.events ?? [])).toMatchObject([{ metadata: { message } }]);
    expect(complaints(await world.sync(host, { params: { ref: first, branch: 'frozen' } }))).toEqual([]);
    expect(await world.right.ref('refs/heads/frozen')).toBe(first);
    await world.sync(host, { mode: 'full' });
    expect(await world.right.ref('refs/heads/review/wip')).toBeDefined();
  });

  it('does what hooks have named besides a manual run', async () => {
    const host = world.host();
    await world.left.commit('main');
    await world.left.commit('other');
    const wakes = [{ stream: 'refs', scope: String(world.project.id), item: 'refs/heads/other' }];
    const outcome = await world.sync(host, { mode: 'wake', wakes, params: { ref: 'main' } });
    expect(complaints(outcome)).toEqual([]);
    expect(Object.keys((await world.refs()).right)).toEqual(['refs/heads/main', 'refs/heads/other']);
  });

  it('reads a hook as the name of a branch, and of no other project', async () => {
    const host = world.host();
    await world.left.commit('main');
    await world.left.commit('other');
    const wake = (scope: number) => [{ stream: 'refs', scope: String(scope), item: 'refs/heads/main' }];
    await world.sync(host, { mode: 'wake', wakes: wake(4711) });
    expect((await world.refs()).right).toEqual({});
    await world.sync(host, { mode: 'wake', wakes: wake(world.project.id) });
    expect(Object.keys((await world.refs()).right)).toEqual(['refs/heads/main']);
    const again = await world.sync(host, { mode: 'wake', wakes: wake(world.project.id) });
    expect(again.stored).toMatchObject({ created: 0, updated: 0 });
  });

  it('goes on with a repository that was deleted and made again', async () => {
    const host = world.host({ divergence: 'force-with-lease' });
    await world.left.commit('main', 2);
    await world.sync(host);
    world.repository.project.repositories.delete(world.repository.id);
    const again = await world.azure.world.createRepository(world.repository.project, 'Web Shop');
    expect(complaints(await world.sync(host))).toEqual([]);
    const [head] = await world.left.commit('main', 1, { from: 'refs/heads/main~1' });
    expect(complaints(await world.sync(host))).toEqual([]);
    expect(await again.git.ref('refs/heads/main')).toBe(head);
  });

  it.each([
    { ref: 'nowhere' },
    { ref: 'main', branch: '--upload-pack=touch /tmp/x' },
    { ref: 'main', branch: '$(touch x)\n' + 'y' },
    { ref: 'main', branch: 'a..b' },
    { ref: '0'.repeat(40), branch: 'x' },
  ])('refuses by hand what is no ref: %j', async (params) => {
    await world.left.commit('main');
    const outcome = await world.sync(world.host(), { params });
    expect(outcome.status).toBe('failed');
    expect((await world.refs()).right).toEqual({});
  });

  it('takes names and messages that look like commands for what they are', async () => {
    const names = ['$(touch pwned)', '`id`', 'a;b', "it's", '-n', '--force', 'ünï', '%2e%2e', 'a&b|c'].map((name) =>
      name.replaceAll(' ', '_'),
    );
    for (const name of names) await world.left.commit(name, [{ message: '"; rm -rf / #\n$(id)' }]);
    expect(complaints(await world.sync(world.host()))).toEqual([]);
    const { left, right } = await world.refs();
    expect(right).toEqual(left);
    expect(Object.keys(right)).toHaveLength(names.length);
  });

  it('follows a renamed project, and never another one that took its path', async () => {
    const host = world.host();
    await world.left.commit('main');
    await world.sync(host);
    const { projects, groups } = world.gitLab.world;
    projects.rename(world.project, 'shop');
    const impostor = projects.create({ path: 'web', owner: groups.find('acme')! });
    projects.setMember(impostor, world.gitLab.world.users.find('sync')!, 'developer');
    await (await world.repositories.of(impostor)).commit('evil');
    const [head] = await world.left.commit('main');
    const named = world.host({ gitlab: { instance: world.gitLabInstance, project: world.project.id } }, host.store);
    expect(complaints(await world.sync(named))).toEqual([]);
    expect((await world.refs()).right).toEqual({ 'refs/heads/main': head });
  });
});
