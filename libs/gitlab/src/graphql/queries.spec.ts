import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GitLabSimulator, seedWorld, smallSize } from '@syncline/connector-testing';
import { failureReason } from './failure-reasons.js';
import type { Query } from './asker.js';
import { listQuery } from './list-query.js';
import { shippingQuery, workQuery } from './pulse-query.js';
import { lastPublishedQuery, publishedAtOnce, tagListsAtOnce, tagsQuery } from './registry-query.js';

let gitLab: GitLabSimulator;
let token: string;

beforeAll(async () => {
  gitLab = await GitLabSimulator.start();
  token = seedWorld(gitLab.world, smallSize).token.value;
});
afterAll(() => gitLab.stop());

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const since = '2026-03-01T00:00:00Z';
const all = { mergeRequests: true, pipelines: true };
const branches = numbers(20).map((number) => `release/${number}`);

const queries: readonly (readonly [string, Query])[] = [
  ['work of 50 projects', workQuery(numbers(50), since, all)],
  ['work without merge requests', workQuery([1], since, { mergeRequests: false, pipelines: true })],
  [
    'what 50 projects ship, with 5 branches',
    shippingQuery(numbers(50), { releases: true, repositories: true, branches: branches.slice(0, 5) }),
  ],
  [
    'heads of 20 branches in 50 projects',
    shippingQuery(numbers(50), { releases: false, repositories: false, branches }),
  ],
  ['50 merge requests', listQuery('mergeRequests', 1, { first: 50, since })],
  ['100 pipelines', listQuery('pipelines', 1, { first: 100 })],
  ['50 releases', listQuery('releases', 1, { first: 50 })],
  ['100 repositories', listQuery('containerRepositories', 1, { first: 100 })],
  ['pushes to repositories', lastPublishedQuery(numbers(publishedAtOnce))],
  ['tags of repositories', tagsQuery(numbers(tagListsAtOnce))],
];

describe('a query', () => {
  it.each(queries)('for %s is understood, short, and below what GitLab allows by a margin', async (_name, query) => {
    expect(query.text.length).toBeLessThan(10_000);
    const answer = await fetch(`${gitLab.url}/api/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'private-token': token },
      body: JSON.stringify({ query: query.text, operationName: query.operationName, variables: query.variables }),
    });
    const body = (await answer.json()) as { data?: { queryComplexity: { score: number } }; errors?: unknown };
    expect(body.errors).toBeUndefined();
    expect(body.data?.queryComplexity.score).toBeLessThanOrEqual(230);
  });

  it('carries names and ids as variables alone', () => {
    const evil = 'x") { sha } } evil: tree(ref: "main';
    const query = shippingQuery([7], { releases: false, repositories: false, branches: [evil] });
    expect(query.text).not.toContain('evil');
    expect(query.variables).toMatchObject({ ids: ['gid://gitlab/Project/7'], b0: `refs/heads/${evil}` });
  });
});

describe('the reason of a failed job', () => {
  it.each([
    [null, 'script_failure'],
    ['There has been a runner system failure, please try again', 'runner_system_failure'],
    ['No more CI minutes available', 'ci_quota_exceeded'],
    ['No more compute minutes available', 'ci_quota_exceeded'],
    [
      'The deployment job is older than the latest deployment, and therefore failed. <a href="/help/ci">How do I fix it?</a>',
      'failed_outdated_deployment_job',
    ],
    ['Es gab einen Systemfehler des Runners', undefined],
  ])('%s', (message, code) => {
    expect(failureReason(message)).toBe(code);
  });
});
