import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from '../testing/acme.js';
import { ask, asObject, pluck, type Answer } from '../testing/ask.js';

const base = '/projects/1/issues';

describe('lists of issues', () => {
  let acme: Acme;
  beforeEach(async () => {
    acme = await startAcme();
  });
  afterEach(async () => {
    expect(acme.gitlab.requests.unexpected).toEqual([]);
    await acme.gitlab.stop();
  });
  const get = (path: string): Promise<Answer> => ask(acme.gitlab, acme.token, path);

  it('are listed by filters, in order, page by page', async () => {
    const { gitlab, project, nora, pass } = acme;
    const { issues, milestones } = gitlab.world;
    const milestone = milestones.create(acme.group, { title: 'Shared' });
    for (let number = 1; number <= 5; number += 1) {
      issues.create(project, {
        title: `Number ${number}`,
        description: number === 3 ? 'needle' : '',
        labels: number % 2 === 0 ? ['even', 'all'] : ['all'],
        ...(number === 1 ? { milestone, dueDate: '2026-03-05' } : {}),
        ...(number === 2 ? { assignees: [nora], by: nora } : {}),
      });
      pass(1000);
    }
    const third = project.issues.byIid.get(3);
    if (third !== undefined) issues.close(third);
    const iids = async (query: string) => pluck((await get(`${base}?${query}`)).rows(), 'iid');
    expect(await iids('')).toEqual([5, 4, 3, 2, 1]);
    expect(await iids('order_by=updated_at&sort=asc')).toEqual([1, 2, 4, 5, 3]);
    expect(await iids('updated_after=2026-03-04T05:06:11Z&order_by=updated_at&sort=asc')).toEqual([5, 3]);
    expect(await iids('created_before=2026-03-04T05:06:08.999Z&sort=asc')).toEqual([1, 2]);
    expect(await iids('state=closed')).toEqual([3]);
    expect(await iids('labels=all,even&sort=asc')).toEqual([2, 4]);
    expect(await iids('not[labels]=even&sort=asc')).toEqual([1, 3, 5]);
    expect(await iids('labels=None')).toEqual([]);
    expect(await iids('milestone=Shared')).toEqual([1]);
    expect(await iids('milestone_id=None&sort=asc')).toEqual([2, 3, 4, 5]);
    expect(await iids('assignee_username=nora')).toEqual([2]);
    expect(await iids(`author_id=${nora.id}`)).toEqual([2]);
    expect(await iids('assignee_id=None&sort=asc')).toEqual([1, 3, 4, 5]);
    expect(await iids('search=NEEDLE')).toEqual([3]);
    expect(await iids('search=needle&in=title')).toEqual([]);
    expect(await iids('iids[]=4&iids[]=2&iids[]=99')).toEqual([4, 2]);
    expect(await iids('due_date=week')).toEqual([1]);
    expect(await iids('order_by=due_date&sort=asc')).toEqual([1, 5, 4, 3, 2]);
    expect((await get(`${base}?milestone_id=7`)).json()).toEqual({
      error: 'milestone_id does not have a valid value',
    });
    const page = await get(`${base}?per_page=2&page=2`);
    expect(['x-total', 'x-next-page', 'x-prev-page'].map((name) => page.headers.get(name))).toEqual(['5', '3', '1']);
    expect(pluck((await get(`/groups/${acme.group.id}/issues?labels=even`)).rows(), 'iid')).toEqual([4, 2]);
    expect(pluck((await get('/issues')).rows(), 'iid')).toEqual([2]);
    const detailed = asObject((await get(`${base}?iids[]=2&with_labels_details=true`)).rows()[0]);
    expect(detailed['labels']).toEqual([
      expect.objectContaining({ name: 'all' }),
      expect.objectContaining({ name: 'even' }),
    ]);
  });

  it('are walked by keyset to the end, ties included', async () => {
    const { gitlab, project } = acme;
    gitlab.world.at(new Date('2026-03-05T00:00:00Z'), () => {
      for (let count = 0; count < 5; count += 1) gitlab.world.issues.create(project, { title: `${count}` });
    });
    gitlab.world.issues.create(project, { title: 'earlier' });
    for (const sort of ['asc', 'desc']) {
      const seen: unknown[] = [];
      let next: string | undefined = `${base}?pagination=keyset&order_by=updated_at&sort=${sort}&per_page=2`;
      while (next !== undefined) {
        const page: Answer = await get(next);
        seen.push(...pluck(page.rows(), 'iid'));
        next = /<[^>]*\/api\/v4([^>]*)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
        expect(page.headers.get('x-page')).toBeNull();
      }
      const whole = pluck((await get(`${base}?order_by=updated_at&sort=${sort}`)).rows(), 'iid');
      expect(seen).toEqual(whole);
    }
    expect((await get(`${base}?pagination=keyset&order_by=popularity`)).status).toBe(405);
  });
});
