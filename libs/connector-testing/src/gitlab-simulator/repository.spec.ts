import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from './testing/acme.js';
import { ask, pluck } from './testing/ask.js';

describe('branches, commits and tags', () => {
  let acme: Acme;
  beforeEach(async () => {
    acme = await startAcme();
  });
  afterEach(async () => {
    await acme.gitlab.stop();
  });
  const base = '/projects/1/repository';

  it('lists commits newest first, with statistics on request, never with totals', async () => {
    const { gitlab, token } = acme;
    const page = await ask(gitlab, token, `${base}/commits?per_page=2&with_stats=true`);
    expect(page.headers.get('x-total')).toBeNull();
    expect(page.headers.get('x-next-page')).toBe('2');
    const [row] = page.rows();
    expect(row).toMatchObject({ created_at: '2026-03-04T05:06:07.000+00:00', stats: { total: expect.any(Number) } });
    expect((await ask(gitlab, token, `${base}/commits`)).rows()[0]).not.toHaveProperty('stats');
    const one = await ask(gitlab, token, `${base}/commits/${String(row?.['short_id'])}`);
    expect(one.object()).toMatchObject({ id: row?.['id'], project_id: 1, last_pipeline: null, stats: {} });
    expect((await ask(gitlab, token, `${base}/commits/${'f'.repeat(40)}`)).json()).toEqual({
      message: '404 Commit Not Found',
    });
  });

  it('reads what is new between two heads, also through a merge and after a force push', async () => {
    const { gitlab, project, token } = acme;
    const head = (): string => project.repository.branches.get('main')?.sha ?? '';
    const shas = async (range: string) =>
      pluck((await ask(gitlab, token, `${base}/commits?ref_name=${range}`)).rows(), 'id');
    const first = head();
    const pushed = gitlab.world.git.push(project, 'main', 2).map(({ sha }) => sha);
    expect(await shas(`${first}..main`)).toEqual([...pushed].reverse());
    const second = head();
    const mergeRequest = gitlab.world.mergeRequests.create(project);
    gitlab.world.mergeRequests.merge(mergeRequest);
    expect(new Set(await shas(`${second}..${head()}`))).toEqual(new Set([head(), mergeRequest.sha]));
    const third = head();
    const [forced] = gitlab.world.git.forcePush(project, 'main', { drop: 2, add: 1 });
    expect(await shas(`${third}..main`)).toEqual([forced?.sha]);
    expect(await shas('gone..main')).toEqual([]);
    expect(await shas('gone')).toEqual([]);
  });

  it('filters commits by committer date, inclusively, and keeps the author’s offset', async () => {
    const { gitlab, project, token } = acme;
    const at = new Date('2026-01-01T10:00:00Z');
    gitlab.world.git.push(project, 'main', [{ message: 'Old work\n\nbody', at, offsetMinutes: -330 }]);
    const found = await ask(gitlab, token, `${base}/commits?since=2026-01-01T10:00:00Z&until=2026-01-01T10:00:00Z`);
    expect(found.rows()).toMatchObject([{ title: 'Old work', authored_date: '2026-01-01T04:30:00.000-05:30' }]);
  });

  it('finds branches by beginning, end, part and pattern', async () => {
    const { gitlab, project, token } = acme;
    for (const name of ['feature/one', 'fix/one', 'fix/two']) gitlab.world.git.createBranch(project, name);
    const names = async (query: string) =>
      pluck((await ask(gitlab, token, `${base}/branches?${query}`)).rows(), 'name');
    expect(await names('')).toEqual(['feature/one', 'fix/one', 'fix/two', 'main']);
    expect(await names('search=^fix')).toEqual(['fix/one', 'fix/two']);
    expect(await names('search=one$')).toEqual(['feature/one', 'fix/one']);
    expect(await names('regex=^f.*o$')).toEqual(['fix/two']);
    expect((await ask(gitlab, token, `${base}/branches/fix%2Fone`)).object()).toMatchObject({ default: false });
    gitlab.world.git.deleteBranch(project, 'fix/one');
    expect((await ask(gitlab, token, `${base}/branches/fix%2Fone`)).json()).toEqual({
      message: '404 Branch Not Found',
    });
  });

  it('tells which refs hold a commit, and annotated tags from light ones', async () => {
    const { gitlab, project, token } = acme;
    gitlab.world.git.createBranch(project, 'next');
    const annotated = gitlab.world.git.createTag(project, 'v1', { message: 'First' });
    gitlab.world.git.createTag(project, 'light');
    const refs = await ask(gitlab, token, `${base}/commits/${annotated.sha}/refs?type=all`);
    expect(pluck(refs.rows(), 'name')).toEqual(['main', 'next', 'v1', 'light']);
    expect((await ask(gitlab, token, `${base}/tags/v1`)).object()).toMatchObject({ message: 'First', release: null });
    const tags = (await ask(gitlab, token, `${base}/tags?order_by=name&sort=asc`)).rows();
    expect(tags).toMatchObject([{ name: 'light', created_at: null }, { name: 'v1' }]);
    expect(tags[1]?.['target']).not.toBe(annotated.sha);
  });

  it('says that an empty repository is not there', async () => {
    const { gitlab, group, nora, token } = acme;
    gitlab.world.groups.setMember(group, nora, 'owner');
    const empty = gitlab.world.projects.create({ path: 'empty', owner: group });
    const refused = await ask(gitlab, token, `/projects/${empty.id}/repository/commits`);
    expect([refused.status, refused.json()]).toEqual([404, { message: '404 Repository Not Found' }]);
    expect((await ask(gitlab, token, `/projects/${empty.id}`)).object()).toHaveProperty('default_branch', null);
  });
});
