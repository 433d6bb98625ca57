import { readingCases } from './reading-cases.js';
import type { TrackerWorld } from './tracker-world.js';
import { writingCases } from './writing-cases.js';

interface TestRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>, timeoutMs?: number): void;
}

/** Declares one test for each promise of the tracker's port. `open` makes a world with an empty project. */
export function trackerContract(name: string, open: () => Promise<TrackerWorld>): void {
  const { describe, it } = globalThis as unknown as TestRunner;
  describe(`the tracker's port: ${name}`, () => {
    for (const [promise, run] of Object.entries({ ...readingCases, ...writingCases })) {
      it(promise, async () => {
        const world = await open();
        try {
          await run(world);
        } finally {
          await world.close();
        }
      });
    }
  });
}
