import { copyCases } from './copy-cases.js';
import { memoryCases } from './memory-cases.js';
import type { PairStoreWorld } from './pair-store-world.js';

interface TestRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>, timeoutMs?: number): void;
}

/** Declares one test for each promise of the pair store. `open` makes an empty hub. */
export function pairStoreContract(name: string, open: () => Promise<PairStoreWorld>): void {
  const { describe, it } = globalThis as unknown as TestRunner;
  describe(`the pair store: ${name}`, () => {
    for (const [promise, run] of Object.entries({ ...copyCases, ...memoryCases })) {
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
