import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from './testing/acme.js';
import { ask, asObject, pluck } from './testing/ask.js';

describe('merge requests', () => {
  let acme: Acme;
  beforeEach(async () => {
    acme = await startAcme();
  });
  afterEach(async () => {
    await acme.gitlab.stop();
  });
  const base = '/projects/1/merge_requests';

  it('go through their life and show each step', async () => {
    const { gitlab, project, nora, token, pass } = acme;
    const { mergeRequests } = gitlab.world;
    const created = mergeRequests.create(project, { title: 'SSO', labels: ['bug'], reviewers: [nora] });
    pass(1000);
    mergeRequests.approve(created, { by: nora });
    pass(1000);
    mergeRequests.merge(created, { by: nora });
    const shown = (await ask(gitlab, token, `${base}/1`)).object();
    expect(shown).toMatchObject({
      state: 'merged',
      merged_at: '2026-03-04T05:06:09.000Z',
      updated_at: '2026-03-04T05:06:09.000Z',
      created_at: '2026-03-04T05:06:07.000Z',
      merge_user: { username: 'nora' },
      changes_count: '2',
      labels: ['bug'],
    });
    expect(project.repository.branches.get('main')?.sha).toBe(shown['merge_commit_sha']);
    expect((await ask(gitlab, token, `${base}/1/approvals`)).json()).toMatchObject({
      approved: true,
      approved_by: [{ user: { username: 'nora' }, approved_at: '2026-03-04T05:06:08.000Z' }],
    });
    expect((await ask(gitlab, token, `${base}/1/commits`)).rows()).toHaveLength(1);
    expect((await ask(gitlab, token, `${base}/1/diffs?per_page=1`)).headers.get('x-total')).toBe('2');
    expect((await ask(gitlab, token, `${base}/1/reviewers`)).rows()).toMatchObject([{ state: 'approved' }]);
    expect((await ask(gitlab, token, `${base}/9`)).json()).toEqual({ message: '404 Not found' });
  });

  it('are filtered by update time inclusively, below the milliseconds that they show', async () => {
    const { gitlab, project, token, pass } = acme;
    const { mergeRequests } = gitlab.world;
    const rows = [1, 2, 3].map(() => mergeRequests.create(project, { keepBranch: false }));
    const second = rows[1];
    const time = new Date(Math.floor(second?.updatedAt ?? 0)).toISOString();
    expect((second?.updatedAt ?? 0) % 1).not.toBe(0);
    const from = await ask(gitlab, token, `${base}?updated_after=${time}&order_by=updated_at&sort=asc`);
    expect(pluck(from.rows(), 'iid')).toEqual([1, 2, 3]);
    const until = await ask(gitlab, token, `${base}?updated_before=${time}&order_by=updated_at`);
    expect(until.rows()).toEqual([]);
    pass(60_000);
    if (second !== undefined) mergeRequests.comment(second);
    const walked = await ask(gitlab, token, `${base}?order_by=updated_at&sort=asc`);
    expect(pluck(walked.rows(), 'iid')).toEqual([1, 3, 2]);
    expect((await ask(gitlab, token, `${base}?updated_after=2026-03-04T06:07:07%2B01:00`)).rows()).toHaveLength(1);
    expect((await ask(gitlab, token, `${base}?updated_after=soon`)).json()).toEqual({
      error: 'updated_after is invalid',
    });
  });

  it('tie where a test makes time stand still', async () => {
    const { gitlab, project, token } = acme;
    gitlab.world.at(new Date('2026-03-05T00:00:00Z'), () => {
      for (let count = 0; count < 3; count += 1) gitlab.world.mergeRequests.create(project, { keepBranch: false });
    });
    const rows = (await ask(gitlab, token, `${base}?order_by=updated_at&sort=asc`)).rows();
    expect(new Set(pluck(rows, 'updated_at'))).toEqual(new Set(['2026-03-05T00:00:00.000Z']));
    expect(pluck(rows, 'iid')).toEqual([3, 2, 1]);
    for (const bound of ['updated_after', 'updated_before']) {
      for (const order of ['updated_at', 'created_at']) {
        const bounded = await ask(gitlab, token, `${base}?${bound}=2026-03-05T00:00:00.000Z&order_by=${order}`);
        expect([bound, order, bounded.rows().length]).toEqual([bound, order, 3]);
      }
    }
  });

  it('are found by state, label, branch, iid and words', async () => {
    const { gitlab, project, token } = acme;
    const { mergeRequests } = gitlab.world;
    mergeRequests.close(mergeRequests.create(project, { title: 'Fix login', labels: ['bug', 'ui'] }));
    mergeRequests.merge(mergeRequests.create(project, { title: 'Add search', sourceBranch: 'search' }));
    mergeRequests.create(project, { title: 'Draft', draft: true });
    const iids = async (query: string) => pluck((await ask(gitlab, token, `${base}?${query}`)).rows(), 'iid');
    expect(await iids('state=closed')).toEqual([1]);
    expect(await iids('state=merged')).toEqual([2]);
    expect(await iids('state=opened&wip=yes')).toEqual([3]);
    expect(await iids('labels=bug,ui')).toEqual([1]);
    expect(await iids('labels=None')).toEqual([3, 2]);
    expect(await iids('source_branch=search')).toEqual([2]);
    expect(await iids('iids[]=1&iids[]=3')).toEqual([3, 1]);
    expect(await iids('search=LOGIN')).toEqual([1]);
    expect((await iids('order_by=merged_at&sort=asc'))[0]).toBe(2);
  });

  it('follow pushes to their source branch, and vanish when deleted', async () => {
    const { gitlab, project, token, pass } = acme;
    const created = gitlab.world.mergeRequests.create(project, { sourceBranch: 'work' });
    pass(5000);
    const [commit] = gitlab.world.git.push(project, 'work');
    const shown = (await ask(gitlab, token, `${base}/1`)).object();
    expect([shown['sha'], shown['updated_at']]).toEqual([commit?.sha, '2026-03-04T05:06:12.000Z']);
    gitlab.world.mergeRequests.delete(created);
    expect((await ask(gitlab, token, base)).rows()).toEqual([]);
  });

  it('carry more about approvals in the paid editions', async () => {
    const paid = await startAcme({ edition: 'ee' });
    paid.gitlab.world.mergeRequests.create(paid.project);
    expect((await ask(paid.gitlab, paid.token, `${base}/1/approvals`)).object()).toMatchObject({ approvals_left: 1 });
    expect((await ask(paid.gitlab, paid.token, base)).rows()[0]).toHaveProperty('approvals_before_merge', null);
    await paid.gitlab.stop();
    acme.gitlab.world.mergeRequests.create(acme.project);
    const free = (await ask(acme.gitlab, acme.token, `${base}/1/approvals`)).object();
    expect(Object.keys(free).sort()).toEqual(['approved', 'approved_by', 'user_can_approve', 'user_has_approved']);
  });

  it('are found under a new path after a rename', async () => {
    const { gitlab, project, token } = acme;
    gitlab.world.mergeRequests.create(project);
    await ask(gitlab, token, base);
    gitlab.world.projects.rename(project, 'site');
    const [row] = (await ask(gitlab, token, base)).rows();
    expect(asObject(row?.['references'])).toHaveProperty('full', 'acme/site!1');
  });
});
