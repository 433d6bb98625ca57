import assert from 'node:assert/strict';
import { assertSameRows, Bench, describeOutcome } from '../bench.js';
import type { Fault, ProxiedRequest } from '../fault-proxy.js';
import type { ContractCase, ContractFixture } from '../fixture.js';

/** Requests of other streams that were on their way when the first refusal came. */
const mostInFlight = 16;
const badGateway: Fault = {
  kind: 'answer',
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<h1>502</h1>',
};

function tooMany(retryAfterSeconds: number): Fault {
  const headers = { 'content-type': 'text/plain', 'retry-after': String(retryAfterSeconds) };
  return { kind: 'answer', status: 429, headers, body: 'Retry later\n' };
}

/** A remote that is slow, busy or broken for a while costs time, never data. */
export function remoteCases<TConfig>(fixture: ContractFixture<TConfig>): ContractCase[] {
  return [
    {
      name: 'obeys Retry-After: asks nothing before that time, and then goes on',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const { store, requests } = await bench.undisturbed();
          const refused = Math.ceil(requests / 2);
          const refusal: { request?: ProxiedRequest; until: number } = { until: 0 };
          bench.misbehave((request) => {
            if (request.number === refused) {
              refusal.request = request;
              refusal.until = request.at.getTime() + 40_000;
              return tooMany(40);
            }
            return request.at.getTime() < refusal.until ? tooMany(40) : undefined;
          });
          const host = bench.host();
          await bench.goodRun(host);
          assertObeyed(bench.requests, refusal.request, refusal.until);
          assertSameRows(host.store, store, 'after a wait');
        }),
    },
    {
      name: 'ends as `rate_limit`, with the time to come back, when the wait is too long for a run',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const { requests } = await bench.undisturbed();
          const from = Math.ceil(requests / 2);
          bench.misbehave(({ number }) => (number >= from ? tooMany(7200) : undefined));
          const startedAt = bench.clock.now().getTime();
          const outcome = await bench.host().run();
          assert.equal(outcome.error?.kind, 'rate_limit', describeOutcome(outcome));
          const waitMs = (outcome.error.retryAt?.getTime() ?? 0) - startedAt;
          assert.ok(waitMs >= 7_200_000, `retryAt is ${waitMs} ms away; the remote asked for two hours`);
          assert.ok(bench.requests.length < from + mostInFlight, `${bench.requests.length} requests were made`);
        }),
    },
    {
      name: 'reads an answer again that was lost on the way',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const { store, requests } = await bench.undisturbed();
          const faults: Fault[] = [badGateway, { kind: 'reset' }, { kind: 'cut' }];
          for (const fault of faults) {
            for (const place of new Set([1, Math.ceil(requests / 2), requests])) {
              bench.misbehave(({ number }) => (number === place ? fault : undefined));
              const host = bench.host();
              await bench.goodRun(host);
              assertSameRows(host.store, store, `with request ${place} of ${requests} lost`);
            }
          }
        }),
    },
    {
      name: 'ends as `transient` when the remote is down, and keeps what it knows',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const host = bench.host();
          await bench.goodRun(host);
          const known = [...host.store.rows(), ...host.store.checkpoints];
          bench.misbehave(() => badGateway);
          const outcome = await host.run();
          assert.equal(outcome.error?.kind, 'transient', describeOutcome(outcome));
          assert.deepEqual([...host.store.rows(), ...host.store.checkpoints], known);
        }),
    },
  ];
}

function assertObeyed(requests: readonly ProxiedRequest[], refusal: ProxiedRequest | undefined, until: number): void {
  assert.ok(refusal !== undefined, 'the refusal was never asked for');
  const later = requests.filter(({ number }) => number > refusal.number);
  const early = later.filter(({ at }) => at.getTime() < until);
  const tooSoon = early.filter(({ at, url }) => at > refusal.at || url === refusal.url);
  assert.deepEqual(
    tooSoon.map(({ at, url }) => `${at.toISOString()} ${url}`),
    [],
    `requests were made before ${new Date(until).toISOString()}`,
  );
  assert.ok(early.length <= mostInFlight, `${early.length} requests followed the refusal at once`);
  assert.ok(later.length > early.length, 'the refused request was never repeated');
}
