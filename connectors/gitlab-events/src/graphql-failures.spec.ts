import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  changeWorld,
  seedWorld,
  smallSize,
  type GitLabSimulator,
  type MemoryHost,
  type RunOutcome,
  type SeededWorld,
} from '@syncline/connector-testing';
import type { GitLabEventsConfig } from './config.js';
import { eventsOf } from './testing/both-ways.js';
import { GitLabWorld } from './testing/gitlab-world.js';

type Settings = Parameters<GitLabSimulator['graphql']['set']>[0];

let gitLab: GitLabWorld;
let seeded: SeededWorld;
let host: MemoryHost<GitLabEventsConfig>;

beforeEach(async () => {
  gitLab = await GitLabWorld.start();
  seeded = seedWorld(gitLab.gitLab.resetWorld(), { ...smallSize, mergeRequests: 30, releases: 12 });
  gitLab.pass(10);
  host = hostBy('auto');
});
afterEach(() => gitLab.stop());

function hostBy(reading: 'auto' | 'rest'): MemoryHost<GitLabEventsConfig> {
  const instance = { ...gitLab.instance, credentials: { token: seeded.token.value } };
  return gitLab.host({ instance, groups: ['acme'], branches: ['main', 'develop'], reading });
}

/** What the owner is told about GraphQL. */
function saidOf({ logs }: RunOutcome): string[] {
  return logs
    .filter(({ level, message }) => level === 'info' && message.includes('GraphQL'))
    .map(({ message }) => message);
}

function graphQlRequests(endpoints: readonly string[]): number {
  return endpoints.filter((endpoint) => endpoint === 'POST /api/graphql').length;
}

const wrongs: readonly (readonly [string, () => void, RegExp])[] = [
  ['a page in HTML', set({ mode: 'html' }), /everything is read by REST/],
  ['404', set({ mode: 'absent' }), /404.*everything is read by REST/],
  ['401, though REST takes the token', fault('unauthorized'), /401.*everything is read by REST/],
  ['403', fault('forbidden'), /403.*everything is read by REST/],
  ['500, again and again', fault('error500'), /500.*everything is read by REST/],
  ['half an answer, again and again', fault('truncated_json'), /everything is read by REST/],
  ['a lost connection, again and again', fault('reset_before'), /everything is read by REST/],
  [
    'an error for one field of a merge request',
    set({ failing: { 'MergeRequest.diffStats': 'no' } }),
    /Some merge requests/,
  ],
  ['an error for a list', set({ failing: { 'Project.pipelines': 'no' } }), /Some pipelines/],
  ['an error for branches', set({ failing: { 'Tree.lastCommit': 'no' } }), /Some branches/],
  ['an error for tags', set({ failing: { 'ContainerRepositoryDetails.tags': 'no' } }), /Some image tags/],
  ['no such field', set({ lacking: ['MergeRequest.detailedMergeStatus'] }), /Some merge requests.*detailedMergeStatus/],
  ['no such argument', set({ lacking: ['Project.pipelines(updatedAfter)'] }), /Some pipelines.*updatedAfter/],
  ['no such order', set({ lacking: ['ReleaseSort.RELEASED_AT_DESC'] }), /Some releases/],
  ['no time of a push', set({ lacking: ['ContainerRepositoryDetails.lastPublishedAt'] }), /Some image tags/],
  ['too little time for files', set({ timeouts: { 'MergeRequest.diffStats': 3 } }), /Some merge requests.*Timeout/],
  [
    'that even few rows are too many',
    set({ statementTimeouts: { 'Project.mergeRequests': 2 } }),
    /Some merge requests.*503/,
  ],
  ['that nothing is simple enough', set({ complexityLimit: 20 }), /Some merge requests.*complexity/],
];

function set(settings: Settings): () => void {
  return () => {
    gitLab.gitLab.graphql.set(settings);
  };
}

function fault(kind: 'unauthorized' | 'forbidden' | 'error500' | 'truncated_json' | 'reset_before'): () => void {
  return () => {
    gitLab.gitLab.faults.add({ kind, match: { path: /^\/api\/graphql$/ } });
  };
}

let byRest: unknown;

/** What REST makes of the world that each test begins with; it is the same every time, but for its address. */
async function eventsByRest(): Promise<unknown> {
  if (byRest === undefined) {
    const rest = hostBy('rest');
    await rest.run();
    byRest = placeless(eventsOf(rest.store));
  }
  return byRest;
}

/** Without addresses, and without the hashes that they are part of. */
function placeless(events: Record<string, unknown>): unknown {
  const text = JSON.stringify(events, (key, value: unknown) => (key === 'hash' ? undefined : value));
  return JSON.parse(
    text.replaceAll(gitLab.gitLab.url, 'https://gitlab').replaceAll(gitLab.proxy.url, 'https://gitlab'),
  );
}

describe.each(wrongs)('GraphQL answers %s', (_what, misbehave, sentence) => {
  it('in a first sync: all is read, by REST where need be, and the run says so once', async () => {
    misbehave();
    const outcome = await host.run();
    expect([outcome.status, outcome.failures]).toEqual(['succeeded', []]);
    expect(saidOf(outcome).filter((message) => sentence.test(message))).toHaveLength(1);
    expect(placeless(eventsOf(host.store))).toEqual(await eventsByRest());
  });

  it('from some day on: every change is caught', async () => {
    await host.run();
    gitLab.pass(10);
    misbehave();
    const changes = changeWorld(gitLab.world, 20);
    gitLab.pass(10);
    const before = new Map(host.store.events);
    const outcome = await host.run();
    expect([outcome.status, outcome.failures]).toEqual(['succeeded', []]);
    // By REST, tags that were pushed again and deployments have their turn.
    gitLab.pass(90);
    for (let poll = 0; poll < 3; poll += 1) await host.run();
    expect(changes.filter(({ eventId }) => host.store.events.get(eventId) === before.get(eventId))).toEqual([]);
  });
});

describe('less is asked', () => {
  it.each([
    ['the server has no time for more', { timeouts: { 'MergeRequest.diffStats': 12 } }],
    ['the database has no time for more', { statementTimeouts: { 'Project.mergeRequests': 20 } }],
    ['a newer version reckons higher', { complexityLimit: 115 }],
  ] as const)('where %s, and the size is remembered', async (_why, settings) => {
    gitLab.gitLab.graphql.set(settings);
    const outcome = await host.run();
    expect([outcome.status, saidOf(outcome)]).toEqual(['succeeded', []]);
    const refused = gitLab.gitLab.requests.all.filter(({ endpoint }) => endpoint?.endsWith('/merge_requests'));
    expect(refused).toEqual([]);
    const again = hostBy('auto');
    const { all } = await gitLab.requestsOf(again);
    const sizes = all.flatMap(({ body }) => pageSizeOf(body));
    expect(Math.max(...sizes)).toBeLessThan(50);
    expect(eventsOf(again.store)).toEqual(eventsOf(host.store));
  });
});

/** Page sizes of merge requests that were asked for. */
function pageSizeOf(body: string | undefined): number[] {
  if (body === undefined || !body.includes('SynclineMergeRequests')) return [];
  const { variables } = JSON.parse(body) as { variables: { n: number } };
  return [variables.n];
}

describe('what is closed is looked at again', () => {
  it('after a day, where there was no GraphQL; within minutes, where it did not answer', async () => {
    gitLab.gitLab.graphql.set({ mode: 'absent' });
    await host.run();
    gitLab.gitLab.graphql.set({ mode: 'on' });
    gitLab.pass(23 * 60);
    expect(graphQlRequests((await gitLab.requestsOf(host)).endpoints)).toBe(0);
    gitLab.pass(70);
    expect(graphQlRequests((await gitLab.requestsOf(host)).endpoints)).toBeGreaterThan(0);
    const outage = gitLab.gitLab.faults.add({ kind: 'error500', match: { path: /graphql/ } });
    gitLab.pass(5);
    await host.run();
    outage.remove();
    expect(graphQlRequests((await gitLab.requestsOf(host)).endpoints)).toBe(0);
    gitLab.pass(11);
    expect(graphQlRequests((await gitLab.requestsOf(host)).endpoints)).toBeGreaterThan(0);
  });

  it('a moment of illness changes nothing', async () => {
    await host.run();
    gitLab.pass(10);
    gitLab.gitLab.faults.add({ kind: 'bad_gateway_before', match: { path: /graphql/ }, times: 1 });
    const outcome = await host.run();
    expect([outcome.status, saidOf(outcome)]).toEqual(['succeeded', []]);
  });
});

describe('a project that is not in the answer any more', () => {
  const named = (): MemoryHost<GitLabEventsConfig> => {
    const instance = { ...gitLab.instance, credentials: { token: seeded.token.value } };
    const projects = seeded.projects.map(({ id }) => String(id));
    return gitLab.host({ instance, projects, eventTypes: ['merge_request', 'pipeline', 'release'] });
  };

  it('because the token lost its access, or it was deleted: REST says so, and the others are read', async () => {
    const [gone] = seeded.projects;
    if (gone === undefined) throw new Error('the seeded world is empty');
    const watcher = named();
    await watcher.run();
    gitLab.pass(10);
    changeWorld(gitLab.world, 20);
    gitLab.world.projects.delete(gone);
    gitLab.pass(10);
    const outcome = await watcher.run();
    expect(outcome.status).toBe('partial');
    expect(outcome.failures.map(({ stream, error }) => [stream.split('/')[1], error.status])).toEqual(
      ['merge_requests', 'pipelines', 'releases'].map(() => [String(gone.id), 404]),
    );
    expect(saidOf(outcome)).toHaveLength(1);
    expect(outcome.stored.created).toBeGreaterThan(0);
    // Now it is known; the run says it at the name in the config.
    const next = await watcher.run();
    expect(next.failures.map(({ stream }) => stream)).toEqual([`projects/${gone.id}`]);
  });

  it('not because it was renamed: it is asked for by its number', async () => {
    const [renamed] = seeded.projects;
    if (renamed === undefined) throw new Error('the seeded world is empty');
    const watcher = named();
    await watcher.run();
    gitLab.pass(10);
    gitLab.world.projects.rename(renamed, 'website');
    const added = gitLab.world.mergeRequests.create(renamed, { title: 'After the renaming' });
    gitLab.pass(10);
    const outcome = await watcher.run();
    expect([outcome.status, saidOf(outcome)]).toEqual(['succeeded', []]);
    expect(watcher.store.events.has(`mr-${renamed.id}-${added.iid}`)).toBe(true);
  });
});

describe('a role that was lowered', () => {
  it.each([
    ['deployments', ['merge_request', 'deployment'], 75],
    ['pipelines', ['merge_request', 'pipeline'], 225],
    ['merge requests', ['merge_request'], 225],
  ])('shows an empty list by GraphQL, and a refusal when REST reads %s', async (_door, eventTypes, most) => {
    const instance = { ...gitLab.instance, credentials: { token: seeded.token.value } };
    const watcher = gitLab.host({ instance, groups: ['acme'], eventTypes });
    await watcher.run();
    gitLab.world.groups.setMember(seeded.group, seeded.reader, 'guest');
    let minutes = 0;
    let outcome: RunOutcome;
    do {
      gitLab.pass();
      minutes += 5;
      outcome = await watcher.run();
    } while (outcome.status === 'succeeded' && minutes < most + 10);
    expect(minutes).toBeLessThanOrEqual(most + 5);
    expect((outcome.failures[0]?.error ?? outcome.error)?.status).toBe(403);
  });
});

describe('a role that was lowered for a while', () => {
  it.each(['auto', 'rest'] as const)('hides nothing for good (%s)', async (reading) => {
    const instance = { ...gitLab.instance, credentials: { token: seeded.token.value } };
    const eventTypes = ['merge_request', 'pipeline', 'deployment'];
    const watcher = gitLab.host({ instance, groups: ['acme'], eventTypes, reading });
    await watcher.run();
    gitLab.pass();
    gitLab.world.groups.setMember(seeded.group, seeded.reader, 'guest');
    changeWorld(gitLab.world, 20);
    for (let hour = 0; hour < 5; hour += 1) {
      gitLab.pass(60);
      await watcher.run();
    }
    gitLab.world.groups.setMember(seeded.group, seeded.reader, 'reporter');
    gitLab.pass(60);
    await watcher.run();
    gitLab.pass(60);
    await watcher.run();
    const fresh = gitLab.host({ instance, groups: ['acme'], eventTypes, reading: 'rest' });
    await fresh.run();
    const statuses = (store: typeof fresh.store): string[][] =>
      [...store.events].map(([id, { status }]) => [id, status]).sort();
    expect(statuses(watcher.store)).toEqual(statuses(fresh.store));
  });
});

describe('null where REST delivers', () => {
  it.each(['mergeRequests', 'pipelines', 'releases', 'containerRepositories', 'repository'])(
    'for %s',
    async (field) => {
      await host.run();
      gitLab.pass(10);
      changeWorld(gitLab.world, 20);
      gitLab.pass(10);
      const nodes = seeded.projects.map(({ id }) => ({ id: `gid://gitlab/Project/${id}`, [field]: null }));
      const body = JSON.stringify({ data: { projects: { nodes } } });
      gitLab.proxy.misbehave(({ url }) =>
        url.endsWith('/graphql') ? { kind: 'answer', status: 200, body } : undefined,
      );
      const outcome = await host.run();
      expect([outcome.status, outcome.failures]).toEqual(['succeeded', []]);
      const fresh = hostBy('rest');
      await fresh.run();
      const missed = [...fresh.store.events.keys()].filter((id) => !host.store.events.has(id));
      expect(missed.filter((id) => !id.startsWith('registry-'))).toEqual([]);
    },
  );
});

describe('a place in a list that GitLab does not know any more', () => {
  it('begins again where the list was filtered', async () => {
    const seededAgain = seedWorld(gitLab.gitLab.resetWorld(), {
      ...smallSize,
      projects: 1,
      mergeRequests: 130,
      pipelines: 230,
    });
    const instance = { ...gitLab.instance, credentials: { token: seededAgain.token.value } };
    const config = { instance, eventTypes: ['merge_request', 'pipeline'] };
    const begun = gitLab.host(config);
    await begun.run({ dieAfterCommit: 3 });
    let spoiled = 0;
    for (const [stream, cursor] of begun.store.checkpoints) {
      const at = cursor['at'] as { position?: { hint?: { after: string } } } | undefined;
      if (at?.position?.hint === undefined) continue;
      at.position.hint.after = 'gone-with-the-last-update';
      begun.store.checkpoints.set(stream, cursor);
      spoiled += 1;
    }
    expect(spoiled).toBeGreaterThan(0);
    expect((await begun.run()).status).toBe('succeeded');
    const rest = gitLab.host({ ...config, reading: 'rest' });
    await rest.run();
    expect(eventsOf(begun.store)).toEqual(eventsOf(rest.store));
  });

  it('is left to REST where each page is the same again', async () => {
    const size = { ...smallSize, projects: 1, mergeRequests: 130, pipelines: 230, releases: 70, tags: 45 };
    const seededAgain = seedWorld(gitLab.gitLab.resetWorld(), size);
    gitLab.pass(10);
    gitLab.gitLab.faults.add({ kind: 'repeated_page', match: { path: /^\/api\/graphql$/ } });
    const instance = { ...gitLab.instance, credentials: { token: seededAgain.token.value } };
    const watcher = gitLab.host({ instance, groups: ['acme'] });
    const outcome = await watcher.run();
    expect([outcome.status, outcome.failures]).toEqual(['succeeded', []]);
    const rest = gitLab.host({ instance, groups: ['acme'], reading: 'rest' });
    await rest.run();
    expect(eventsOf(watcher.store)).toEqual(eventsOf(rest.store));
  });
});
