import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { GitLabSimulator, type HttpFault, seedWorld, type SeededWorld } from '@syncline/connector-testing';
import { createTestTarget } from '../apps/hub/src/testing/test-database.js';
import type { HubProcess, HubProcessOptions } from './bench/lib/hub.mjs';
import { describeWithPostgres } from './support/capabilities.js';
import { createDataFolder, startHubProcess } from './support/hub-process.js';
import { retryOnceInCi } from './support/retry.js';
import { stallBetweenTransactions } from './support/stalled.js';

retryOnceInCi();

interface Run {
  readonly id: string;
  readonly trigger: string;
  readonly status: string;
  readonly startedAt: string;
  readonly error?: { readonly kind: string };
}

const WORLD = {
  projects: 2,
  mergeRequests: 40,
  pipelines: 30,
  releases: 5,
  repositories: 1,
  tags: 5,
  branches: 2,
  commitsPerBranch: 30,
};
const ADMIN = 'an-admin-token-of-forty-characters-length';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function gitlab(latencyMs: number): Promise<{ simulator: GitLabSimulator; token: string; seeded: SeededWorld }> {
  const simulator = await GitLabSimulator.start({ latencyMs });
  cleanups.push(() => simulator.stop());
  const seeded = seedWorld(simulator.world, WORLD);
  return { simulator, seeded, token: seeded.token.value };
}

async function hub(options: HubProcessOptions): Promise<HubProcess> {
  const started = await startHubProcess({ token: ADMIN, ...options });
  cleanups.push(() => started.stop('SIGKILL'));
  return started;
}

const runsOf = async (on: HubProcess, connectionId: string): Promise<Run[]> =>
  (await on.api<{ items: Run[] }>('GET', `/api/runs?connectionId=${connectionId}`)).items.toReversed();

async function eventIds(on: HubProcess, connectionId: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: { items: { eventId: string }[]; nextCursor: string | null } = await on.api(
      'GET',
      `/api/events?connectionId=${connectionId}&limit=500${cursor && `&cursor=${cursor}`}`,
    );
    ids.push(...page.items.map((event) => event.eventId));
    cursor = page.nextCursor;
  }
  return ids.sort();
}

let whole: string[] | undefined;

/** What a sync finds that nobody disturbs: the same in each test, whose worlds are the same. */
async function undisturbed(remote: { url: string; token: string }): Promise<string[]> {
  if (whole !== undefined) return whole;
  const calm = await hub({});
  const connection = await calm.connect('calm', remote, { branches: ['main', 'develop'] });
  expect((await calm.sync(connection.id)).status).toBe('succeeded');
  whole = await eventIds(calm, connection.id);
  expect(whole.length).toBeGreaterThan(WORLD.mergeRequests);
  return whole;
}

/** Waits for the nth request from now; from it on nobody gets an answer, so that the run stays there, until what it returns is called. */
async function heldAt({ faults }: GitLabSimulator, nth: number): Promise<() => void> {
  const held: HttpFault[] = [];
  await new Promise<void>((resolve) => {
    const struck = (): void => {
      held.push(faults.add({ kind: 'held' }));
      resolve();
    };
    held.push(faults.add({ kind: 'held', match: { nth }, struck }));
  });
  return () => {
    for (const fault of held) fault.remove();
  };
}

async function untilFinished(on: HubProcess, connectionId: string, trigger: string): Promise<Run[]> {
  for (;;) {
    const runs = await runsOf(on, connectionId);
    if (runs.some((run) => run.trigger === trigger && run.status === 'succeeded')) return runs;
    if (runs.some((run) => run.trigger === trigger && run.status === 'partial')) throw new Error(JSON.stringify(runs));
    await setTimeout(100);
  }
}

jest.setTimeout(1_200_000);

/** Processes that die for real: the hub as it is shipped, `kill -9`, and what the next process finds. */
describe('a hub that is killed', () => {
  it('starts again on its folder and loses and doubles nothing, wherever it was killed', async () => {
    const { simulator, token } = await gitlab(3);
    const remote = { url: simulator.url, token };
    const expected = await undisturbed(remote);
    // By REST there are many requests, by GraphQL few with many objects each.
    const places = [
      { reading: 'rest', after: 60 },
      { reading: 'rest', after: 260 },
      { reading: 'auto', after: 3 },
      { reading: 'auto', after: 12 },
    ];
    for (const { reading, after } of places) {
      // The first hub begins with nothing at all.
      const isFirst = after === places[0]?.after;
      const dataDir = isFirst ? await mkdtemp(join(tmpdir(), 'syncline-crash-')) : await createDataFolder();
      cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
      const first = await hub({ dataDir });
      const connection = await first.connect('c', remote, { branches: ['main', 'develop'], reading });
      const reached = heldAt(simulator, after);
      await first.api('POST', `/api/connections/${connection.id}/sync`, {});
      const letGo = await reached;
      // The next one starts at once, whether or not the former one is gone yet.
      first.signal('SIGKILL');
      letGo();

      const second = await hub({ dataDir });
      const runs = await untilFinished(second, connection.id, 'takeover');
      expect(runs).toMatchObject([
        { status: 'failed', error: { kind: 'interrupted' } },
        { status: 'succeeded', trigger: 'takeover' },
      ]);
      expect(await eventIds(second, connection.id)).toEqual(expected);
      const again = await second.sync(connection.id);
      expect(again).toMatchObject({ status: 'succeeded', counts: { stored: 0 } });
      await second.stop('SIGKILL');
    }
  });

  it('refuses a folder that another hub holds, with a sentence', async () => {
    const first = await hub({});
    await expect(startHubProcess({ dataDir: first.dataDir })).rejects.toThrow(
      /ended with 1.*Another hub .* uses the data folder .* Stop it first/s,
    );
    expect(await first.api('GET', '/api/runs')).toMatchObject({ items: [] });
  });
});

describeWithPostgres('one of several hubs on a PostgreSQL', () => {
  it('is replaced within 60 s by another on the same PostgreSQL', async () => {
    const { target, remove } = await createTestTarget();
    cleanups.push(remove);
    const databaseUrl = 'url' in target ? target.url : '';
    const { simulator, token } = await gitlab(3);
    const expected = await undisturbed({ url: simulator.url, token });
    const [first, second] = await Promise.all([
      hub({ databaseUrl, env: { ROLE: 'all' } }),
      hub({ databaseUrl, env: { ROLE: 'api' } }),
    ]);
    const config = { branches: ['main', 'develop'], reading: 'rest' };
    const connection = await second.connect('c', { url: simulator.url, token }, config);
    const reached = heldAt(simulator, 80);
    await second.api('POST', `/api/connections/${connection.id}/sync`, {});
    const letGo = await reached;
    const third = await hub({ databaseUrl, env: { ROLE: 'worker' } });
    await first.stop('SIGKILL');
    const killedAt = Date.now();
    letGo();
    const runs = await untilFinished(second, connection.id, 'takeover');
    const takenOver = runs.find((run) => run.trigger === 'takeover');
    expect(Date.parse(takenOver?.startedAt ?? '') - killedAt).toBeLessThan(60_000);
    expect(await eventIds(second, connection.id)).toEqual(expected);
    await third.stop();
  });

  it('writes nothing more when it wakes from a stall that outlasted its lease', async () => {
    const { target, remove } = await createTestTarget();
    cleanups.push(remove);
    const databaseUrl = 'url' in target ? target.url : '';
    const { simulator, token } = await gitlab(3);
    const expected = await undisturbed({ url: simulator.url, token });
    const first = await hub({ databaseUrl });
    const config = { branches: ['main', 'develop'], reading: 'rest' };
    const connection = await first.connect('c', { url: simulator.url, token }, config);
    const reached = heldAt(simulator, 80);
    await first.api('POST', `/api/connections/${connection.id}/sync`, {});
    const letGo = await reached;
    await stallBetweenTransactions(first, databaseUrl);
    // What it asked for is answered: when it wakes it has something to write.
    letGo();
    const second = await hub({ databaseUrl });
    await untilFinished(second, connection.id, 'takeover');
    first.signal('SIGCONT');
    await setTimeout(3_000);
    const runs = await runsOf(second, connection.id);
    expect(runs).toMatchObject([
      { status: 'failed', error: { kind: 'interrupted' } },
      { status: 'succeeded', trigger: 'takeover' },
    ]);
    expect(await eventIds(second, connection.id)).toEqual(expected);
  });
});
