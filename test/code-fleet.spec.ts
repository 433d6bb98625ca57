import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { createTestTarget } from '../apps/hub/src/testing/test-database.js';
import { type CodeFleet, runCodeFleet } from './bench/lib/code-fleet.mjs';
import { describeWithGit, describeWithPostgres } from './support/capabilities.js';

jest.setTimeout(900_000);

const CONNECTIONS = 6;
const GIT_PROCESSES = 2;

/** The built hub: one process that answers, two that work on one folder of caches, git over HTTP on both sides. */
describeWithPostgres('code syncs that are due at once on two workers', () => {
  describeWithGit('with real repositories', () => {
    let seen: CodeFleet;
    let remove: () => Promise<void>;

    beforeAll(async () => {
      const place = await createTestTarget();
      remove = place.remove;
      const databaseUrl = 'url' in place.target ? place.target.url : '';
      const sizes = { connections: CONNECTIONS, gitProcesses: GIT_PROCESSES, hookRate: 20, seconds: 1 };
      // No worker can take all: the other one has to work as well, however slow it is.
      const shares = { concurrency: CONNECTIONS / 2, together: true };
      seen = await runCodeFleet({ databaseUrl, ...sizes, ...shares });
    });
    afterAll(() => remove());

    it('carry everything', () => {
      expect(seen.failedRuns).toEqual([]);
      expect(seen.differing).toEqual([]);
    });

    it('never have two git processes on one cache, nor more in a worker than the setting allows', () => {
      expect(seen).toMatchObject({ overlaps: 0, caches: CONNECTIONS });
      // Both did work, and as much at once as they may.
      expect(seen.most).toEqual([GIT_PROCESSES, GIT_PROCESSES]);
    });

    it('lose no push hook meanwhile', () => {
      const { sent } = seen.hooks;
      expect(sent).toBeGreaterThan(CONNECTIONS);
      expect(seen.hooks).toEqual({ sent, refused: 0, stored: sent, done: sent });
    });

    it('are one more run for all hooks that come while one runs', () => {
      expect(seen.repeats).toEqual({ sent: 11, stillRan: true, runs: 2 });
    });
  });
});
