import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { MemoryHost, type RunOutcome } from '@syncline/connector-testing';
import { describeWithGit } from '../../../../test/support/capabilities.js';
import { isCompleteRun } from '../../../../test/support/detect.mjs';
import type { AzureDevOpsConfig } from '../config.js';
import { CodeWorld, complaints, metadata, shasOf } from '../testing/code-world.js';
import { KilledSync } from '../testing/killed-sync.js';
import { backgroundPatienceMs } from '../testing/patience.js';

jest.setTimeout(backgroundPatienceMs);

/** In a complete run, or with `CODE_KILL_STRIDE=1`, the process is killed at every step: two minutes on two idle cores. */
const stride = Number(process.env['CODE_KILL_STRIDE'] ?? (isCompleteRun() ? '1' : '4'));

describeWithGit('a sync that is cut short', () => {
  let world: CodeWorld;

  beforeEach(async () => {
    world = await CodeWorld.start();
  });

  afterEach(async () => {
    await world.stop();
  });

  /** Refs are equal, and what is recorded is what is there. */
  async function expectTruth(host: MemoryHost<AzureDevOpsConfig>): Promise<void> {
    const { left, right } = await world.refs();
    expect(right).toEqual(left);
    const recorded = host.store.links
      .all()
      .filter((link) => right[link.right?.key ?? ''] !== undefined)
      .map((link) => [link.right?.key, ...shasOf(link), link.state, link.baseline?.right?.['intended'] ?? null]);
    const expected = Object.entries(right).map(([ref, sha]) => [ref, sha, sha, 'active', null]);
    expect(recorded.sort()).toEqual(expected.sort());
  }

  const pushed = (outcomes: readonly RunOutcome[]): unknown[] =>
    outcomes
      .flatMap(({ commits }) => commits.flatMap(({ records }) => records.events ?? []))
      .flatMap(({ metadata: { refs } }) => (Array.isArray(refs) ? refs : []))
      .map((ref: { after?: unknown }) => ref.after);

  it('is finished by the next one when the answer to a push is lost, and shown on the timeline', async () => {
    const host = world.host();
    await world.left.commit('main');
    await world.sync(host);
    const [head] = await world.left.commit('main');
    const exchange = { service: 'git-receive-pack', phase: 'exchange' } as const;
    world.azure.git.faults.add({ kind: 'reset_after', match: exchange });
    // git is asked once more: that answer is lost as well.
    const again = { service: 'git-receive-pack', phase: 'advertise', nth: 2 } as const;
    world.azure.git.faults.add({ kind: 'reset_before', match: again });
    const lost = await world.sync(host);
    expect(lost.error?.kind).toBe('transient');
    world.azure.git.faults.clear();
    expect(await world.right.ref('refs/heads/main')).toBe(head);
    const next = await world.sync(host);
    expect(pushed([next])).toEqual([head]);
    await expectTruth(host);
  });

  it('changes nothing when the network is cut in the middle of a push', async () => {
    const host = world.host();
    await world.left.commit('main', [{ files: { 'big.txt': 'x'.repeat(200_000) } }]);
    const exchange = { service: 'git-receive-pack', phase: 'exchange' } as const;
    world.azure.git.faults.add({ kind: 'reset_during', match: exchange, afterBytes: 100 });
    expect((await world.sync(host)).error?.kind).toBe('transient');
    expect((await world.refs()).right).toEqual({});
    world.azure.git.faults.clear();
    expect(complaints(await world.sync(host))).toEqual([]);
    await expectTruth(host);
  });

  it('does not take for its own what somebody pushed after it had meant to', async () => {
    const host = world.host({ divergence: 'force-with-lease' });
    await world.left.commit('main', 2);
    await world.sync(host);
    await world.left.commit('main', 1, { from: 'refs/heads/main~1' });
    world.azure.git.faults.add({ kind: 'reset_before', match: { service: 'git-receive-pack' } });
    await world.sync(host);
    world.azure.git.faults.clear();
    const [theirs] = await world.right.commit('main');
    const outcome = await world.sync(host);
    expect(complaints(outcome)).toEqual([expect.stringContaining('main: diverged')]);
    expect(await world.right.ref('refs/heads/main')).toBe(theirs);
  });

  it('loses and doubles nothing when its process is killed at any step', async () => {
    const killer = new KilledSync();
    const config = world.config({ divergence: 'force-with-lease', deletions: 'mirror' });
    const host = new MemoryHost({ connector: killer.connector, metadata, config, clock: world.clock });
    world.azure.git.watch = () => killer.step();
    world.repositories.git.watch = () => killer.step();
    killer.arm();
    await world.left.commit('main', 3);
    await world.left.commit('topic', 1);
    expect(complaints(await world.sync(host))).toEqual([]);
    let killed = 0;
    for (let killAt = 1; ; killAt += stride) {
      const heads = [
        ...(await world.left.commit('main', 1, killed % 3 === 2 ? { from: 'refs/heads/main~1' } : {})),
        ...(await world.left.commit(`branch-${killAt}`, 1, { from: 'refs/heads/main' })),
      ];
      await world.left.setRef(`refs/heads/branch-${killAt - 2 * stride}`, undefined);
      killer.arm(killAt);
      const first = await world.sync(host);
      const wasKilled = first.error?.kind === 'interrupted';
      if (wasKilled) killed += 1;
      else expect(complaints(first)).toEqual([]);
      killer.arm();
      const second = await world.sync(host);
      expect({ killAt, complaints: complaints(second) }).toEqual({ killAt, complaints: [] });
      await expectTruth(host);
      expect([killAt, pushed([first, second])]).toEqual([killAt, expect.arrayContaining(heads)]);
      if (!wasKilled) break;
    }
    expect(killed * stride).toBeGreaterThan(12);
  }, 900_000);
});
