import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { describeWithGit } from '../../../../test/support/capabilities.js';
import { isCompleteRun } from '../../../../test/support/detect.mjs';
import { CodeWorld } from '../testing/code-world.js';
import { RandomHistory } from '../testing/random-history.js';
import { backgroundPatienceMs } from '../testing/patience.js';

jest.setTimeout(backgroundPatienceMs);

/** 60 in a complete run, more by CODE_SEQUENCES; each is a few changes on both sides with syncs in between, and takes a second or two. */
const sequences = Number(process.env['CODE_SEQUENCES'] ?? (isCompleteRun() ? '60' : '6'));

describeWithGit('random changes on both sides', () => {
  let world: CodeWorld;

  beforeAll(async () => {
    world = await CodeWorld.start();
    // Who made a branch may rewrite and delete it; tags have no such owner.
    world.robot.permissions.add('forcePush');
  });

  afterAll(async () => {
    await world.stop();
  });

  it(
    `never lose a commit of Azure DevOps, and end equal where the rules say so (${sequences} sequences)`,
    async () => {
      for (let seed = 1; seed <= sequences; seed += 1) {
        const history = new RandomHistory(world, seed);
        await history.play();
        expect({ seed, lost: history.lost, unequal: history.unequal }).toEqual({ seed, lost: [], unequal: [] });
      }
    },
    sequences * 120_000,
  );
});
