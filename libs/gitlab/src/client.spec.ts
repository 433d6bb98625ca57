import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type Answer,
  type Asked,
  clientFor,
  pageOf,
  type ScriptedGitLab,
  SERVER_DATE,
  startScriptedGitLab,
  TOKEN,
} from '../test/scripted-gitlab.js';

let server: ScriptedGitLab | undefined;
afterEach(() => server?.close());

async function scripted(script: (asked: Asked) => Answer | undefined) {
  server = await startScriptedGitLab(script);
  return { server, client: clientFor(server.baseUrl) };
}

describe('the GitLab client', () => {
  it('asks below the path prefix with the token in its header and nowhere else', async () => {
    const { server: gitLab, client } = await scripted(() => ({ body: { id: 7 } }));
    await client.projects.show('acme/sub group/web');
    expect(gitLab.asked).toHaveLength(1);
    const [asked] = gitLab.asked;
    expect(asked?.path).toBe('/gitlab/api/v4/projects/acme%2Fsub%20group%2Fweb');
    expect(asked?.headers['private-token']).toBe(TOKEN);
    expect(`${asked?.path}${asked?.query.toString()}`).not.toContain(TOKEN);
  });

  it('reads one page of a list, although the remote offers more', async () => {
    const rows = Array.from({ length: 250 }, (_, id) => ({ id }));
    const { server: gitLab, client } = await scripted((asked) => pageOf(rows, asked));
    const page = await client.page(2, (paging) => client.pipelines.all(7, { orderBy: 'updated_at', ...paging }));
    expect(page).toMatchObject({ nextPage: 3, serverDate: new Date(SERVER_DATE) });
    expect(page.items).toHaveLength(100);
    expect(gitLab.asked).toHaveLength(1);
    expect(gitLab.asked[0]?.query.toString()).toBe('order_by=updated_at&page=2&per_page=100');
    expect(await client.page(3, (paging) => client.pipelines.all(7, paging))).not.toHaveProperty('nextPage');
  });

  it('writes parameters as @gitbeaker does, lists and odd characters too', async () => {
    const { server: gitLab, client } = await scripted(() => ({ body: [] }));
    await client.page(1, (paging) => client.pipelines.all(7, { updatedAfter: "a b&c='d'", ref: undefined, ...paging }));
    await client.page(1, (paging) => client.issues.all({ projectId: 7, iids: [1, 2], confidential: false, ...paging }));
    expect(gitLab.asked.map(({ query }) => [...query])).toEqual([
      [
        ['updated_after', "a b&c='d'"],
        ['page', '1'],
        ['per_page', '100'],
      ],
      [
        ['iids[]', '1'],
        ['iids[]', '2'],
        ['confidential', 'false'],
        ['page', '1'],
        ['per_page', '100'],
      ],
    ]);
  });

  it('takes the next page from Link where there is no X-Next-Page, and never its host', async () => {
    const link =
      '<https://other.example/api/v4/x?page=1>; rel="first", <https://other.example/api/v4/x?per_page=100&page=5>; rel="next"';
    const { client } = await scripted(() => ({ body: [], headers: { link } }));
    expect((await client.page(4, (paging) => client.pipelines.all(7, paging))).nextPage).toBe(5);
  });

  it('does not take a short or an empty page for the last one', async () => {
    const { client } = await scripted(() => ({ body: [], headers: { 'x-next-page': '2' } }));
    expect((await client.page(1, (paging) => client.pipelines.all(7, paging))).nextPage).toBe(2);
  });

  it('repeats no write after a 502, unlike @gitbeaker itself', async () => {
    const { server: gitLab, client } = await scripted(() => ({ status: 502, body: '<html>' }));
    await expect(client.commits.editStatus(7, 'abc', 'success', { name: 'ci' })).rejects.toMatchObject({
      kind: 'transient',
      status: 502,
    });
    expect(gitLab.asked.map(({ method, body }) => [method, body])).toEqual([
      ['POST', '{"state":"success","name":"ci"}'],
    ]);
  });

  it('waits for Retry-After on a 429 and then goes on, for writes too', async () => {
    let count = 0;
    const { client } = await scripted(() => {
      count += 1;
      return count === 1
        ? { status: 429, body: 'Retry later\n', headers: { 'retry-after': '0', 'content-type': 'text/plain' } }
        : { status: 201, body: { id: 1 } };
    });
    expect(await client.commits.editStatus(7, 'abc', 'success')).toMatchObject({ id: 1 });
  });

  it('speaks of what was asked for when it fails', async () => {
    const { client } = await scripted(({ path }) =>
      path.endsWith('/9') ? undefined : { status: 403, body: { message: '403 Forbidden' } },
    );
    await expect(client.releases.all(7)).rejects.toMatchObject({
      kind: 'permanent',
      message: 'GitLab denies access to the releases of project 7 (403 Forbidden).',
    });
    await expect(client.projects.show(9)).rejects.toMatchObject({
      kind: 'config',
      message: 'GitLab does not know project 9 (404).',
    });
  });

  it('says that an HTML page does not come from a GitLab API', async () => {
    const { client } = await scripted(() => ({ body: '<!DOCTYPE html><html>Sign in</html>' }));
    await expect(client.users.showCurrentUser()).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('HTML page'),
    });
  });

  it('says so where a list was expected and something else came', async () => {
    const { client } = await scripted(() => ({ body: { not: 'a list' } }));
    await expect(client.page(1, (paging) => client.pipelines.all(7, paging))).rejects.toMatchObject({
      kind: 'permanent',
    });
  });
});
