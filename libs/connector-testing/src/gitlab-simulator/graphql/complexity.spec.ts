import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from '../testing/acme.js';
import { askGraphQl } from './testing/ask-graphql.js';
import { idleQuery, manyPipelinesQuery, mergeRequestQuery, pipelineQuery, tagQuery } from './testing/queries.js';

describe('the score of a query', () => {
  let acme: Acme;
  beforeAll(async () => {
    acme = await startAcme({ graphql: { complexityLimit: 1000 } });
    acme.gitlab.world.registry.createRepository(acme.project, 'api');
  });
  afterAll(async () => {
    await acme.gitlab.stop();
  });
  const path = 'acme/web';
  const idle = (n: number) => ({ ids: ['gid://gitlab/Project/1'], n, since: '2026-01-01T00:00:00Z' });
  const repositories = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`r${index}`, 'gid://gitlab/ContainerRepository/1']),
    );

  const score = async (query: string, variables: Record<string, unknown> = {}): Promise<unknown> => {
    const { body } = await askGraphQl(acme.gitlab, acme.token, query, variables);
    expect(body.errors).toBeUndefined();
    return body.data.queryComplexity.score;
  };
  const scores = (query: string, variables: readonly Record<string, unknown>[]) =>
    Promise.all(variables.map((values) => score(query, values)));

  it('is what gitlab.com answered to a list of projects with pages of merge requests', async () => {
    // 75 points below `mergeRequests`, so that n is 77; the answers were 252, 266, 282 and 314.
    const fields = Array.from({ length: 74 }, (_, index) => `f${index}: iid`).join(' ');
    const query = (n: number) =>
      `{ projects(fullPaths: ["${path}"]) { nodes { fullPath mergeRequests(first: ${n}) { nodes { ${fields} } } } } queryComplexity { score } }`;
    const own = 2; // `queryComplexity { score }`
    const measured = await Promise.all([60, 70, 80, 100].map((n) => score(query(n))));
    expect(measured).toEqual([252 + own, 266 + own, 282 + own, 314 + own]);
  });

  it('applies the factor of a full page to `iids`, as gitlab.com does', async () => {
    // 34 aliases of 27 points each were answered with 918.
    const alias = (index: number) =>
      `a${index}: project(fullPath: "${path}") { mergeRequests(iids: ["1"]) { nodes { id iid title state draft createdAt updatedAt sourceBranch targetBranch webUrl } } }`;
    const query = `{ ${Array.from({ length: 34 }, (_, index) => alias(index)).join(' ')} queryComplexity { score } }`;
    expect(await score(query)).toBe(918 + 2);
  });

  it('grows slowly with the projects of an idle check, and not with what they hold', async () => {
    const registry = 'containerRepositories(first: 20) { nodes { id tagsCount } }';
    const head = 'repository { tree { lastCommit { sha committedDate } } }';
    const pages = [idle(10), idle(50), idle(100)];
    expect(await scores(idleQuery(), pages)).toEqual([22, 30, 39]);
    expect(await scores(idleQuery(registry), pages)).toEqual([29, 39, 51]);
    expect(await scores(idleQuery(head), pages)).toEqual([30, 40, 53]);
  });

  it('adds up aliases', async () => {
    const one = (index: number) => `p${index}: project(fullPath: "${path}") {
      id
      mergeRequests(sort: UPDATED_DESC, first: 1) { nodes { iid updatedAt } }
      pipelines(first: 1) { nodes { id updatedAt } }
      releases(sort: CREATED_DESC, first: 1) { nodes { tagName createdAt } }
    }`;
    const query = `{ ${Array.from({ length: 14 }, (_, index) => one(index)).join(' ')} queryComplexity { score limit } }`;
    expect(await score(query)).toBe(14 * 17 + 3);
  });

  it('counts the fields of merge requests, some of them five times', async () => {
    const page = (n: number) => ({ path, n });
    expect(await scores(mergeRequestQuery(), [page(40), page(50), page(100)])).toEqual([119, 128, 169]);
    expect(await scores(mergeRequestQuery(''), [page(50), page(100)])).toEqual([120, 159]);
  });

  it('multiplies nested lists', async () => {
    const page = (n: number) => ({ path, n });
    expect(await scores(pipelineQuery, [page(20), page(50), page(100)])).toEqual([51, 63, 83]);
    expect(await score(manyPipelinesQuery(3), page(100))).toBe(243);
  });

  it('takes the shorter page of registry tags into account', async () => {
    expect(await score(tagQuery(1), repositories(1))).toBe(22);
    expect(await score(tagQuery(10), repositories(10))).toBe(193);
    expect(await score(tagQuery(13), repositories(13))).toBe(250);
    const last = 'containerRepository(id: "gid://gitlab/ContainerRepository/1") { id lastPublishedAt }';
    const query = `{ ${Array.from({ length: 20 }, (_, index) => `r${index}: ${last}`).join(' ')} queryComplexity { score limit } }`;
    expect(await score(query)).toBe(63);
  });

  it('leaves out what directives leave out, and counts a response key once', async () => {
    const query = `query Some($no: Boolean!) {
      queryComplexity { score }
      project(fullPath: "${path}") { id ...More ...More name @include(if: $no) path @skip(if: true) }
    }
    fragment More on Project { id description }`;
    expect(await score(query, { no: false })).toBe(2 + 3);
    expect(await score(query, { no: true })).toBe(2 + 4);
  });
});
