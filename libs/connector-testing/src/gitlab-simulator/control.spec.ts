import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openControl } from './control.js';
import { seedIssues } from './issues/seeding/seed-issues.js';
import { smallSize } from './seeding/seed-context.js';
import { askGraphQl } from './graphql/testing/ask-graphql.js';
import { seedWorld, type SeededWorld } from './seeding/seed-world.js';
import { GitLabSimulator } from './simulator.js';
import { ask, asObject } from './testing/ask.js';

describe('the control interface of a simulator in a process of its own', () => {
  let gitlab: GitLabSimulator;
  let seeded: SeededWorld;
  beforeEach(async () => {
    gitlab = await GitLabSimulator.start();
    seeded = seedWorld(gitlab.world, smallSize);
    openControl(gitlab, () => {
      seeded = seedWorld(gitlab.resetWorld(), smallSize);
    });
  });
  afterEach(async () => {
    await gitlab.stop();
  });
  const control = async (method: string, path: string, body?: string) => {
    const response = await fetch(`${gitlab.url}/__sim/${path}`, { method, ...(body === undefined ? {} : { body }) });
    return { status: response.status, body: asObject(await response.json()) };
  };

  it('counts requests, in all and since a mark, and never its own', async () => {
    await ask(gitlab, seeded.token, '/projects/1');
    const { mark } = (await control('GET', 'requests')).body;
    await ask(gitlab, seeded.token, '/nonsense');
    expect((await control('GET', `requests?since=${String(mark)}`)).body).toMatchObject({
      total: 1,
      byEndpoint: { unexpected: 1 },
      byStatus: { 404: 1 },
      unexpected: ['GET /nonsense'],
    });
    expect((await control('GET', 'requests')).body).toMatchObject({ total: 2, byEndpoint: { 'GET /projects/:id': 1 } });
    await control('POST', 'reset');
    expect((await control('GET', 'requests')).body).toMatchObject({ total: 0, byEndpoint: {} });
  });

  it('changes issues of a project, and names them', async () => {
    seedIssues(gitlab.world, seeded.projects[0] ?? gitlab.world.projects.create({ path: 'none' }), { issues: 10 });
    const { body } = await control('POST', 'issues?project=1&edits=3&comments=2&created=1');
    expect(body).toMatchObject({ edited: { length: 3 }, commented: { length: 2 }, created: [11] });
    expect((await control('POST', 'issues?project=99')).status).toBe(404);
  });

  it('moves the clock forward', async () => {
    const before = gitlab.world.core.clock.read();
    await control('POST', 'clock?skip=3600000');
    const { headers } = await fetch(`${gitlab.url}/api/v4/version`);
    expect(Date.parse(headers.get('date') ?? '')).toBeGreaterThanOrEqual(before + 3_599_000);
  });

  it('changes the world and builds it anew with the same token', async () => {
    const { changes } = (await control('POST', 'change?percent=10')).body;
    expect(changes).toContainEqual({ eventId: expect.stringMatching(/^mr-\d+-\d+$/), change: 'merged' });
    const count = () =>
      [...gitlab.world.projects.byId.values()].reduce((sum, { mergeRequests }) => sum + mergeRequests.size, 0);
    expect(count()).toBe(40);
    await control('POST', 'reset?world=true');
    expect(count()).toBe(36);
    expect((await ask(gitlab, seeded.token, '/user')).object()).toHaveProperty('username', 'reader');
  });

  it('changes what GraphQL lacks, and counts its operations', async () => {
    const change = { lacking: ['Pipeline.name'], timeouts: { 'MergeRequest.diffStats': 10 }, registry: 'plain' };
    expect((await control('POST', 'graphql', JSON.stringify(change))).body).toMatchObject({ mode: 'on', ...change });
    expect((await control('GET', 'graphql')).body).toMatchObject(change);
    const refused = [
      '{',
      '[]',
      '{"mode":"off"}',
      '{"lacking":["Nothing.there"]}',
      '{"limit":1}',
      '{"timeouts":{"x":"y"}}',
    ];
    for (const body of refused) expect([body, (await control('POST', 'graphql', body)).status]).toEqual([body, 400]);
    await askGraphQl(gitlab, seeded.token, 'query Look { currentUser { id } }');
    expect((await control('GET', 'requests')).body).toMatchObject({
      byEndpoint: { 'POST /api/graphql': 1 },
      byOperation: { Look: 1 },
    });
    const log: unknown = await (await fetch(`${gitlab.url}/__sim/log`)).json();
    expect(log).toMatchObject([{ operation: 'Look', body: expect.stringContaining('currentUser') }]);
    await control('POST', 'reset');
    expect((await control('GET', 'graphql')).body).toMatchObject({ lacking: [], timeouts: {}, registry: 'database' });
  });

  it('adds and clears faults and latency', async () => {
    const fault = { kind: 'rate_limited', times: 1, match: { path: '^/projects/1$' } };
    expect((await control('POST', 'faults', JSON.stringify(fault))).status).toBe(201);
    expect((await ask(gitlab, seeded.token, '/projects/2')).status).toBe(200);
    expect((await ask(gitlab, seeded.token, '/projects/1')).status).toBe(429);
    expect((await control('POST', 'faults', '{"kind":"meteor"}')).status).toBe(400);
    expect((await control('POST', 'faults', '{')).status).toBe(400);
    expect((await control('DELETE', 'faults')).status).toBe(200);
    expect((await control('POST', 'latency?ms=1')).body).toEqual({ latencyMs: 1 });
    expect((await control('GET', 'nothing')).status).toBe(404);
  });
});
