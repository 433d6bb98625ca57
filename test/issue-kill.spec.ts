import { rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { createTestTarget } from '../apps/hub/src/testing/test-database.js';
import { differences, doubledOrigins, thingsOf } from '../connectors/gitlab-issues/src/testing/seen.js';
import type { HubProcess, HubProcessOptions } from './bench/lib/hub.mjs';
import { describeWithPostgres } from './support/capabilities.js';
import { isCompleteRun } from './support/detect.mjs';
import { createDataFolder, startHubProcess } from './support/hub-process.js';
import { KilledPair, type Place } from './support/killed-pair.js';
import { retryOnceInCi } from './support/retry.js';
import { stallBetweenTransactions } from './support/stalled.js';

retryOnceInCi();
jest.setTimeout(1_200_000);

const ADMIN = 'an-admin-token-of-forty-characters-length';

const cleanups: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
}, 60_000);

async function hub(options: HubProcessOptions): Promise<HubProcess> {
  const started = await startHubProcess({ token: ADMIN, ...options });
  cleanups.push(() => started.stop('SIGKILL'));
  return started;
}

async function folder(): Promise<string> {
  const dataDir = await createDataFolder();
  cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
  return dataDir;
}

async function pairOf(on: HubProcess): Promise<KilledPair> {
  const pair = await KilledPair.start(on);
  cleanups.push(() => pair.world.stop());
  return pair;
}

const requests = (side: Place['side'], method: Place['method'], ...nths: readonly number[]): Place[] =>
  nths.flatMap((nth) => (['before', 'after'] as const).map((moment) => ({ side, method, nth, moment })));

const places: readonly Place[] = [
  ...requests('target', 'POST', 1, 2, 3, 4, 5, 6, 7),
  ...requests('target', 'PUT', 1, 2),
  ...requests('source', 'POST', 1, 2, 3),
  ...requests('target', 'GET', 3),
];
const tried = isCompleteRun() ? places : places.filter((_place, at) => at % 8 === 3);

/** What the scenario ends with where nothing goes wrong. */
async function undisturbed(on: HubProcess) {
  const calm = await pairOf(on);
  await calm.settle(on);
  const outcome = await calm.outcome(on);
  expect(outcome.conflicts).toEqual([expect.objectContaining({ field: 'title', state: 'open' })]);
  return outcome;
}

type Outcome = Awaited<ReturnType<typeof undisturbed>>;

/** Settles it, and compares. Returns how much there is too often, and how much is missing. */
async function expectWhole(on: HubProcess, pair: KilledPair, expected: Outcome, where: unknown) {
  await pair.untilIdle(on);
  await pair.settle(on);
  const outcome = await pair.outcome(on);
  const { doubled, lost } = differences(thingsOf(outcome.seen), thingsOf(expected.seen));
  const copies = [pair.world.source, pair.world.target].flatMap(doubledOrigins);
  expect({ where, doubled, lost, copies }).toEqual({ where, doubled: [], lost: [], copies: [] });
  expect({ where, ...outcome }).toEqual({ where, ...expected });
  expect({ where, writes: await pair.writesWhenSettled(on) }).toEqual({ where, writes: [] });
  return { doubled: doubled.length, lost: lost.length };
}

describe('a hub that keeps issues in step', () => {
  it('ends where it would have ended without being killed at a request, by kill -9', async () => {
    const dataDir = await folder();
    let running = await hub({ dataDir });
    const expected = await undisturbed(running);
    const killed: { place: Place; pair: KilledPair }[] = [];
    for (const place of tried) {
      const pair = await pairOf(running);
      const dying = running;
      await pair.syncUntil(dying, place, 'reset', () => dying.signal('SIGKILL'));
      await dying.stop('SIGKILL');
      killed.push({ place, pair });
      running = await hub({ dataDir });
      await pair.untilIdle(running);
      // What may still be under way is looked for a little later, which is no reason to call a run anything but whole.
      const takeovers = await pair.takeovers(running);
      expect({ place, takeovers }).toMatchObject({ place, takeovers: [{ status: 'succeeded' }] });
    }
    const sums = { doubled: 0, lost: 0 };
    for (const { place, pair } of killed) {
      const { doubled, lost } = await expectWhole(running, pair, expected, place);
      sums.doubled += doubled;
      sums.lost += lost;
    }
    process.stdout.write(`kill -9: points ${killed.length}, duplicates ${sums.doubled}, lost ${sums.lost}\n`);
    await running.stop('SIGKILL');
  });

  it('writes nothing twice when it wakes from a stall that outlasted its lease, alone on its folder', async () => {
    const stalled = await hub({ dataDir: await folder() });
    const expected = await undisturbed(stalled);
    const pair = await pairOf(stalled);
    const place: Place = { side: 'target', method: 'POST', nth: 3, moment: 'before' };
    const letGo = await pair.syncUntil(stalled, place, 'late', () => stalled.signal('SIGSTOP'));
    letGo();
    await setTimeout(32_000);
    stalled.signal('SIGCONT');
    await expectWhole(stalled, pair, expected, place);
    await stalled.stop('SIGKILL');
  });
});

describeWithPostgres('one of two hubs that keep issues in step', () => {
  it('writes nothing twice when it wakes after another took over', async () => {
    const { target, remove } = await createTestTarget();
    cleanups.push(remove);
    const databaseUrl = 'url' in target ? target.url : '';
    const first = await hub({ databaseUrl });
    const expected = await undisturbed(first);
    const pair = await pairOf(first);
    const place: Place = { side: 'target', method: 'POST', nth: 3, moment: 'before' };
    let stalling: Promise<void> | undefined;
    const letGo = await pair.syncUntil(first, place, 'late', () => {
      stalling = stallBetweenTransactions(first, databaseUrl);
    });
    await stalling;
    letGo();
    const second = await hub({ databaseUrl });
    await pair.untilTakenOver(second);
    const { world } = pair;
    const { asked } = await world.requestsOf(async () => {
      first.signal('SIGCONT');
      await setTimeout(3_000);
    });
    // Whoever woke may look, and write no more; what the successor still does is its own.
    const successorWrites = asked.filter(({ method }) => method !== 'GET');
    expect(successorWrites).toEqual([]);
    await expectWhole(second, pair, expected, place);
  });
});
