import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../apps/hub/src/testing/test-database.js';
import { PairWorld } from '../connectors/gitlab-issues/src/testing/pair-world.js';
import { differences, doubledOrigins, seenByPeople, thingsOf } from '../connectors/gitlab-issues/src/testing/seen.js';
import { isCompleteRun } from './support/detect.mjs';
import { PairEngine } from './support/pair-engine.js';
import { prepare, scenarioConfig, work } from './support/pair-scenario.js';
import { Seam } from './support/seam.js';

/** Of all points of a sample each so manieth is tried; a complete run tries all. */
const step = isCompleteRun() ? 1 : 11;

jest.setTimeout(1_200_000);

let store: TestDatabase;
beforeAll(async () => {
  store = await openTestDatabase();
}, 120_000);
afterAll(() => store.close());

const worlds = new Set<PairWorld>();
afterEach(async () => {
  for (const world of worlds) await world.stop();
});

/** The scenario in a world of its own, with its second sync still to come. */
async function stage(): Promise<PairEngine> {
  for (const world of worlds) await world.stop();
  worlds.clear();
  const pair = await PairWorld.start();
  worlds.add(pair);
  prepare(pair);
  pair.pass();
  const engine = await PairEngine.start(store.database, pair, scenarioConfig);
  expect(await engine.run()).toBe('succeeded');
  pair.pass();
  work(pair);
  pair.pass();
  return engine;
}

async function outcome(engine: PairEngine) {
  return { seen: seenByPeople(engine.pair), conflicts: await engine.conflicts() };
}

describe('a sync between two GitLabs that dies anywhere', () => {
  it('ends as one that did not, before and after every request and every commit', async () => {
    const calm = await stage();
    const whole = new Seam(calm.pair.clock.now);
    expect(await calm.run('incremental', whole)).toBe('succeeded');
    await calm.settle();
    const expected = await outcome(calm);
    expect(expected.conflicts).toEqual([expect.objectContaining({ field: 'title', state: 'open' })]);

    const sums = { tried: 0, doubled: 0, lost: 0 };
    // How many moments a run has depends on what its concurrent work stores together: the last is behind us when a run
    // outlives its own.
    for (let at = 1 + (whole.moments.length % step); ; at += step) {
      const engine = await stage();
      const seam = new Seam(engine.pair.clock.now, at);
      await engine.run('incremental', seam);
      await engine.settle();
      const { doubled, lost } = differences(thingsOf(seenByPeople(engine.pair)), thingsOf(expected.seen));
      const where = `${at}: ${seam.moments.at(-1) ?? ''}`;
      const copies = [engine.pair.source, engine.pair.target].flatMap(doubledOrigins);
      expect({ where, doubled, lost, copies }).toEqual({ where, doubled: [], lost: [], copies: [] });
      expect({ where, ...(await outcome(engine)) }).toEqual({ where, ...expected });
      expect({ where, writes: await engine.writesWhenSettled() }).toEqual({ where, writes: [] });
      if (!seam.isDead) break;
      sums.tried += 1;
      sums.doubled += doubled.length;
      sums.lost += lost.length;
    }
    const { tried, doubled, lost } = sums;
    process.stdout.write(`thrown at the seam: points ${tried}, duplicates ${doubled}, lost ${lost}\n`);
    expect(tried).toBeGreaterThan(80 / step);
  });
});
