import assert from 'node:assert/strict';
import type { RunOutcome } from '../../memory-host/memory-host.js';
import { assertSameRows, Bench, describeOutcome } from '../bench.js';
import type { ContractCase, ContractFixture } from '../fixture.js';

/**
 * Real time within which a run must end once it is told to. Less than any remote is waited for, and more than a busy
 * machine takes to let go: how long the run took until then does not count.
 */
const promptMs = 10_000;
/** Streams may be read side by side: that many commits may be on their way when a run is stopped. */
const mostInFlight = 32;

/** A run may end at any instant; the next one neither loses nor doubles anything. */
export function interruptionCases<TConfig>(fixture: ContractFixture<TConfig>): ContractCase[] {
  /** Disturbs a first sync at each of its commits, and compares what the next run makes of it. */
  const atEachCommit = async (
    bench: Bench<TConfig>,
    disturb: (commit: number) => { dieAfterCommit: number } | { failCommit: number },
    judge: (outcome: RunOutcome, commit: number) => void,
  ): Promise<void> => {
    // What a pair makes at its other system the first time is found there by all later ones: these are compared.
    if (bench.isPair) await bench.goodRun(bench.host());
    const undisturbed = bench.host();
    const { durableWrites } = await bench.goodRun(undisturbed);
    assert.ok(durableWrites > 0, 'nothing was committed');
    for (let commit = 1; commit <= durableWrites; commit += 1) {
      const host = bench.host();
      const outcome = await host.run(disturb(commit));
      // Items that are worked on side by side share their commits, now more and now fewer of them.
      const isPast = outcome.status === 'succeeded' && outcome.durableWrites < commit;
      if (bench.isPair && isPast && commit > durableWrites / 2) break;
      judge(outcome, commit);
      // Longer than a request of the dead run may have been on its way.
      bench.clock.advance(600_000);
      await bench.goodRun(host);
      assertSameRows(host.store, undisturbed.store, `after commit ${commit} of ${durableWrites}`);
    }
  };
  return [
    {
      name: 'loses and doubles nothing when it dies after any commit',
      run: () =>
        Bench.use(fixture, (bench) =>
          atEachCommit(
            bench,
            (dieAfterCommit) => ({ dieAfterCommit }),
            (outcome, commit) => {
              assert.equal(outcome.error?.kind, 'interrupted', describeOutcome(outcome));
              assert.equal(outcome.durableWrites, commit);
            },
          ),
        ),
    },
    {
      name: 'heals after any commit that failed',
      run: () =>
        Bench.use(fixture, (bench) =>
          atEachCommit(
            bench,
            (failCommit) => ({ failCommit }),
            (outcome, commit) => {
              assert.notEqual(outcome.status, 'succeeded', `commit ${commit} failed, and the run looks healthy`);
            },
          ),
        ),
    },
    {
      name: 'ends when its lease is lost',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const outcome = await promptly('after the lease was lost', (onFence) =>
            bench.host().run({ loseLeaseAtCommit: 1, onFence }),
          );
          assert.equal(outcome.error?.kind, 'interrupted', describeOutcome(outcome));
          assert.equal(outcome.durableWrites, 0);
        }),
    },
    {
      name: 'ends promptly when it is aborted between two pages',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const { durableWrites } = await bench.goodRun(bench.host());
          const stop = new AbortController();
          const outcome = await promptly('after the abort', (told) => {
            const onCommit = (): void => {
              stop.abort();
              told();
            };
            return bench.host().run({ signal: stop.signal, onCommit });
          });
          // A connector whose only page was just stored may as well say that it is done.
          if (durableWrites === 1 && outcome.status === 'succeeded') return;
          assert.equal(outcome.error?.kind, 'interrupted', describeOutcome(outcome));
          assert.ok(outcome.durableWrites <= mostInFlight, `${outcome.durableWrites} commits followed the abort`);
        }),
    },
    ...(hasInstances(fixture) ? [abortedWhileWaiting(fixture)] : []),
  ];
}

function abortedWhileWaiting<TConfig>(fixture: ContractFixture<TConfig>): ContractCase {
  return {
    name: 'ends promptly when it is aborted while the remote keeps it waiting',
    run: () =>
      Bench.use(fixture, async (bench) => {
        const stop = new AbortController();
        const outcome = await promptly('after the abort', (told) => {
          bench.misbehave(() => {
            setImmediate(() => {
              stop.abort();
              told();
            });
            return { kind: 'hang' };
          });
          return bench.host().run({ signal: stop.signal });
        });
        assert.equal(outcome.error?.kind, 'interrupted', describeOutcome(outcome));
      }),
  };
}

/** Does this connector talk to a remote system at all? */
export function hasInstances<TConfig>(fixture: ContractFixture<TConfig>): boolean {
  const { instanceKinds } = fixture.metadata as { readonly instanceKinds?: readonly unknown[] };
  return (instanceKinds?.length ?? 0) > 0;
}

/** The run calls `told` at the moment it is told to end; it has `promptMs` from then on. */
async function promptly<T>(when: string, run: (told: () => void) => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let told = (): void => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    told = () => {
      timer ??= setTimeout(() => {
        reject(new Error(`the run did not end within ${promptMs} ms ${when}`));
      }, promptMs);
    };
  });
  try {
    return await Promise.race([run(told), late]);
  } finally {
    clearTimeout(timer);
  }
}
