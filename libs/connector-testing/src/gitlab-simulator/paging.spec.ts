import { afterEach, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from './testing/acme.js';
import { ask, pluck } from './testing/ask.js';

describe('pages', () => {
  let acme: Acme;
  afterEach(async () => {
    await acme.gitlab.stop();
  });

  it('carries all paging headers, with links on the configured address', async () => {
    acme = await startAcme({ externalUrl: 'https://gl.example/git' });
    const { gitlab, project, token } = acme;
    for (let count = 0; count < 5; count += 1) gitlab.world.pipelines.create(project);
    const middle = await ask(gitlab, token, '/projects/1/pipelines?per_page=2&page=2&ref=main');
    const shown = ['x-page', 'x-per-page', 'x-next-page', 'x-prev-page', 'x-total', 'x-total-pages'];
    expect(shown.map((name) => middle.headers.get(name))).toEqual(['2', '2', '3', '1', '5', '3']);
    const links = middle.headers.get('link') ?? '';
    expect(links).toContain('rel="prev"');
    expect(links).toContain('rel="last"');
    expect(links).toMatch(
      /<https:\/\/gl\.example\/git\/api\/v4\/projects\/1\/pipelines\?[^>]*page=3[^>]*>; rel="next"/,
    );
    expect(links).toContain('ref=main');
    const last = await ask(gitlab, token, '/projects/1/pipelines?per_page=2&page=3');
    expect([last.headers.get('x-next-page'), last.headers.get('link')?.includes('rel="next"')]).toEqual(['', false]);
    const beyond = await ask(gitlab, token, '/projects/1/pipelines?page=9');
    expect([beyond.status, beyond.json()]).toEqual([200, []]);
    const empty = await ask(gitlab, token, '/projects/1/releases');
    expect([empty.headers.get('x-total'), empty.headers.get('x-total-pages')]).toEqual(['0', '1']);
  });

  it('caps a page at a hundred rows and refuses unreadable numbers', async () => {
    acme = await startAcme();
    const { gitlab, project, token } = acme;
    for (let count = 0; count < 120; count += 1) gitlab.world.pipelines.create(project);
    expect((await ask(gitlab, token, '/projects/1/pipelines?per_page=500')).rows()).toHaveLength(100);
    const refused = await ask(gitlab, token, '/projects/1/pipelines?page=x');
    expect([refused.status, refused.json()]).toEqual([400, { error: 'page is invalid' }]);
    expect((await ask(gitlab, token, '/projects/1/pipelines?sort=up')).json()).toEqual({
      error: 'sort does not have a valid value',
    });
  });

  it('stops counting above ten thousand rows', async () => {
    acme = await startAcme();
    const { gitlab, project, token } = acme;
    for (let count = 0; count < 10_001; count += 1) gitlab.world.pipelines.create(project, { jobs: [] });
    const page = await ask(gitlab, token, '/projects/1/pipelines?per_page=100');
    expect([page.headers.get('x-total'), page.headers.get('x-total-pages')]).toEqual([null, null]);
    expect(page.headers.get('link')).not.toContain('rel="last"');
    expect(page.headers.get('x-next-page')).toBe('2');
  });

  it('refuses deep offsets of projects and walks them by id instead', async () => {
    acme = await startAcme();
    const { gitlab, group, nora, token } = acme;
    gitlab.world.groups.setMember(group, nora, 'developer');
    for (let count = 0; count < 4; count += 1) gitlab.world.projects.create({ path: `p${count}`, owner: group });
    const deep = await ask(gitlab, token, '/projects?page=502&per_page=100');
    expect(deep.status).toBe(405);
    expect(deep.text).toContain('maximum allowed offset of 50000 for requests that return objects of type Project');
    const wrong = await ask(gitlab, token, '/projects?pagination=keyset&order_by=name');
    expect([wrong.status, wrong.text]).toEqual([
      405,
      expect.stringContaining('Keyset pagination is not yet available'),
    ]);
    const seen: unknown[] = [];
    let next: string | undefined =
      '/projects?pagination=keyset&order_by=id&sort=asc&per_page=2&membership=true&simple=true';
    while (next !== undefined) {
      const page = await ask(gitlab, token, next);
      expect(page.headers.get('x-total')).toBeNull();
      seen.push(...pluck(page.rows(), 'id'));
      next = /<[^>]*\/api\/v4([^>]*)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  it('answers 304 to a known ETag', async () => {
    acme = await startAcme();
    const { gitlab, project, token } = acme;
    const first = await ask(gitlab, token, '/projects/1/pipelines');
    const headers = { 'If-None-Match': first.headers.get('etag') ?? '' };
    const again = await ask(gitlab, token, '/projects/1/pipelines', { headers });
    expect([again.status, again.text]).toEqual([304, '']);
    gitlab.world.pipelines.create(project);
    expect((await ask(gitlab, token, '/projects/1/pipelines', { headers })).status).toBe(200);
  });
});
