import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { describeWithGit } from '../../../../test/support/capabilities.js';
import { CodeWorld, complaints, shasOf } from '../testing/code-world.js';
import { backgroundPatienceMs } from '../testing/patience.js';

jest.setTimeout(backgroundPatienceMs);

describeWithGit('each ref has an outcome of its own', () => {
  let world: CodeWorld;

  beforeEach(async () => {
    world = await CodeWorld.start();
  });

  afterEach(async () => {
    await world.stop();
  });

  const main = 'refs/heads/main';
  const rightRefs = async (): Promise<string[]> => Object.keys((await world.refs()).right).sort();

  it('names that differ in case only: the first arrives, the other is told of and kept as a link', async () => {
    const host = world.host();
    await world.left.commit('main');
    await world.left.commit('Feature/a', 1, { from: main });
    const [sha] = await world.left.commit('feature/b', 1, { from: main });
    await world.left.tag('V1', 'main');
    await world.left.tag('v1', 'main');
    const outcome = await world.sync(host);
    expect(complaints(outcome).sort()).toEqual([
      expect.stringMatching(/feature\/b: name clash: Azure DevOps cannot have feature\/b beside Feature\/a/),
      expect.stringMatching(/v1: name clash/),
    ]);
    expect(await rightRefs()).toEqual(['refs/heads/Feature/a', main, 'refs/tags/V1']);
    const link = host.store.links.all().find(({ left }) => left?.key === 'refs/heads/feature/b');
    expect([link?.state, ...shasOf(link), link?.baseline?.right?.['outcome']]).toEqual([
      'conflicted',
      sha,
      null,
      'name_clash',
    ]);
    await world.left.setRef('refs/heads/Feature/a', undefined);
    const mirror = world.host({ deletions: 'mirror' }, host.store);
    await world.sync(mirror);
    expect(complaints(await world.sync(mirror))).toEqual([]);
    expect(await rightRefs()).toEqual(['refs/heads/feature/b', main, 'refs/tags/V1']);
  });

  it('tags that moved: reported, or moved where that is allowed and the account may', async () => {
    const strict = world.host();
    await world.left.commit('main', 2);
    await world.left.tag('v1', 'refs/heads/main', { message: 'one' });
    await world.sync(strict);
    const before = await world.right.ref('refs/tags/v1');
    const moved = await world.left.tag('v1', 'refs/heads/main~1', { message: 'one, again' });
    expect(complaints(await world.sync(strict))).toEqual([expect.stringMatching(/v1: rewritten: The tag was moved/)]);
    expect(await world.right.ref('refs/tags/v1')).toBe(before);
    const lenient = world.host({ divergence: 'force-with-lease' }, strict.store);
    expect(complaints(await world.sync(lenient))).toEqual([
      expect.stringMatching(/v1: refused: The account lacks the permission "Force push/),
    ]);
    world.robot.permissions.add('forcePush');
    expect(complaints(await world.sync(lenient))).toEqual([]);
    expect(await world.right.ref('refs/tags/v1')).toBe(moved);
  });

  it('a push that is too large: the refs are tried one by one, and only the large one stays back', async () => {
    const host = world.host();
    await world.left.commit('main');
    await world.sync(host);
    world.repository.largestPush = 50_000;
    const noise = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString('hex');
    await world.left.commit('large', [{ files: { 'noise.txt': noise } }], { from: main });
    await world.left.commit('small', 1, { from: main });
    const outcome = await world.sync(host);
    expect(outcome.status).toBe('partial');
    expect(complaints(outcome)).toEqual([
      expect.stringMatching(/large: refused: The push is larger than Azure DevOps takes at once/),
    ]);
    expect(await rightRefs()).toEqual([main, 'refs/heads/small']);
  });

  it('locked branches, branches behind policies, and lacking permissions, each with its reason', async () => {
    const host = world.host();
    for (const branch of ['locked', 'guarded', 'free']) await world.left.commit(branch);
    await world.sync(host);
    world.azure.world.protect(world.repository, 'locked', 'locked');
    world.azure.world.protect(world.repository, 'guarded', 'build');
    world.robot.permissions.delete('createBranch');
    world.robot.permissions.delete('createTag');
    for (const branch of ['locked', 'guarded', 'free', 'new']) await world.left.commit(branch);
    await world.left.tag('v1', 'free');
    expect(complaints(await world.sync(host)).sort()).toEqual([
      expect.stringMatching(/^guarded: refused: A branch policy allows changes by pull request only/),
      expect.stringMatching(/^locked: refused: The branch is locked/),
      expect.stringMatching(/^new: refused: The account lacks the permission "Create branch"/),
      expect.stringMatching(/^v1: refused: The account lacks the permission "Create tag"/),
    ]);
    expect(await world.right.ref('refs/heads/free')).toBe(await world.left.ref('refs/heads/free'));
    // What was refused is tried again when something changes; a bypass is enough for a policy.
    world.robot.permissions.add('policyExempt').add('createBranch').add('createTag');
    expect(complaints(await world.sync(host))).toEqual([]);
    expect(await world.right.ref('refs/heads/guarded')).toBe(await world.left.ref('refs/heads/guarded'));
  });

  it('nothing at all: an empty project is no error, and its first branch becomes the default', async () => {
    const host = world.host();
    const outcome = await world.sync(host);
    expect([outcome.status, complaints(outcome)]).toEqual(['succeeded', []]);
    await world.left.setDefaultBranch('trunk');
    Object.assign(world.project, { defaultBranch: 'trunk' });
    for (const branch of ['aaa', 'trunk']) await world.left.commit(branch);
    expect(complaints(await world.sync(host, { mode: 'full' }))).toEqual([]);
    expect(world.repository.defaultBranch).toBe('refs/heads/trunk');
    await world.left.setRef('refs/heads/trunk', undefined);
    const mirror = world.host({ deletions: 'mirror' }, host.store);
    expect(complaints(await world.sync(mirror))).toEqual([
      expect.stringMatching(/trunk: refused: The default branch .* cannot be deleted/),
    ]);
  });

  it('names, paths and repositories that look like commands are only names', async () => {
    const { projects, groups, users } = world.gitLab.world;
    const odd = projects.create({ path: 'x-$(id)', owner: groups.find('acme')! });
    projects.setMember(odd, users.find('sync')!, 'developer');
    const left = await world.repositories.of(odd);
    const head = (await left.commit('main', [{ message: '$(touch /tmp/x)\n\n`id`; --exec=x\n' }])).at(-1);
    await world.repositories.announce(odd);
    const name = "mirror; $(touch y) & 'z' --upload-pack=x";
    const target = await world.azure.world.createRepository(world.repository.project, name);
    const host = world.host({
      gitlab: { instance: world.gitLabInstance, project: 'acme/x-$(id)' },
      azure: { instance: world.azureInstance, project: 'Web Shop', repository: name },
    });
    const message = '"; rm -rf / #$(id)\n--force';
    expect(complaints(await host.run({ params: { ref: 'main', message } }))).toEqual([]);
    expect(await target.git.ref(main)).toBe(head);
    for (const path of ['../../etc', '-rf', 'a/../b', 'a%2f..%2fb']) {
      const azure = { instance: world.azureInstance, project: 'Web Shop', repository: path };
      expect((await world.host({ azure }).run()).error?.kind).toMatch(/^(?:config|permanent)$/);
      const gitlab = { instance: world.gitLabInstance, project: path };
      expect((await world.host({ gitlab }).run()).error?.kind).toMatch(/^(?:config|permanent)$/);
    }
  });
});
