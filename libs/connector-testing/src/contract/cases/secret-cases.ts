import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { MemoryHost, RunOutcome } from '../../memory-host/memory-host.js';
import { secretsOf } from '../../memory-host/secrets.js';
import { Bench } from '../bench.js';
import type { ContractCase, ContractFixture } from '../fixture.js';
import { withWrongCredentials } from './check-cases.js';

/** Secrets appear nowhere: not in logs, errors, events or checkpoints, and not in a URL; whether all goes well or not. */
export function secretCases<TConfig>(fixture: ContractFixture<TConfig>): ContractCase[] {
  return [
    {
      name: 'lets no secret out while all goes well',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const host = bench.host();
          assertNoSecret(bench, host, bench.config, await host.run(), await host.check());
        }),
    },
    {
      name: 'lets no secret out when the credentials are refused or the remote fails',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const wrong = bench.configWith(withWrongCredentials);
          const refused = bench.host({ config: wrong });
          assertNoSecret(bench, refused, wrong, await refused.run(), await refused.check());
          const host = bench.host();
          for (const status of [400, 403, 500]) {
            const body = JSON.stringify({ message: 'no' });
            bench.misbehave(() => ({ kind: 'answer', status, body }));
            assertNoSecret(bench, host, bench.config, await host.run(), await host.check());
          }
        }),
    },
  ];
}

function assertNoSecret<TConfig>(
  bench: Bench<TConfig>,
  host: MemoryHost<TConfig>,
  config: TConfig,
  outcome: RunOutcome,
  check: unknown,
): void {
  const places: Record<string, unknown> = {
    'a log line': outcome.rawLogs,
    'the error': outcome.error,
    'a failed stream': outcome.failures,
    'an item set aside': host.store.setAsides,
    'an event': [...host.store.events.values()],
    'a checkpoint': [...host.store.checkpoints],
    'the result of check': check,
    'a URL': bench.requests.map(({ url }) => url),
  };
  for (const secret of secretsOf(bench.metadata, config)) {
    for (const [place, content] of Object.entries(places)) {
      const text = inspect(content, { depth: 12, maxArrayLength: null, maxStringLength: null, showHidden: false });
      assert.ok(!text.includes(secret), `a secret (${secret.slice(0, 2)}…) appears in ${place}`);
    }
  }
}
