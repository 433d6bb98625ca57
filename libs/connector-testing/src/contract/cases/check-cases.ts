import assert from 'node:assert/strict';
import type { CheckResult, Instance } from '@syncline/connector-sdk';
import { Bench } from '../bench.js';
import { describeOutcome } from '../bench.js';
import type { ContractCase, ContractFixture } from '../fixture.js';

/** Longer than an honest refusal takes, shorter than a retry storm. */
const mostRequestsAfterRefusal = 20;

/** A failing remote is explained by `check`, and ends a sync with the right kind of error. */
export function checkCases<TConfig>(fixture: ContractFixture<TConfig>): ContractCase[] {
  const failsAt = (result: CheckResult, what: string): void => {
    const failed = result.steps.filter(({ ok }) => !ok);
    assert.ok(failed.length > 0, `check did not notice ${what}`);
    for (const step of result.steps) assert.ok(step.id !== '' && step.label !== '', 'a step has no id or label');
    for (const step of failed) assert.ok((step.hint ?? '') !== '', `step ${step.id} fails without a hint`);
  };
  return [
    {
      name: 'finds nothing to complain of where all is well',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const { steps } = await bench.host().check();
          assert.ok(steps.length > 0, 'check took no steps');
          assert.deepEqual(
            steps.filter(({ ok }) => !ok),
            [],
          );
        }),
    },
    {
      name: 'names the failing step and a remedy when the credentials are wrong',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const host = bench.host({ config: bench.configWith(withWrongCredentials) });
          failsAt(await host.check(), 'wrong credentials');
        }),
    },
    {
      name: 'ends a sync with wrong credentials as `auth`, without a retry storm',
      run: () =>
        Bench.use(fixture, async (bench) => {
          bench.misbehave(() => undefined);
          const outcome = await bench.host({ config: bench.configWith(withWrongCredentials) }).run();
          assert.equal(outcome.error?.kind, 'auth', describeOutcome(outcome));
          assert.ok((outcome.error.hint ?? '') !== '', 'the error has no hint');
          assert.ok(bench.requests.length <= mostRequestsAfterRefusal, `${bench.requests.length} requests were made`);
        }),
    },
    {
      name: 'explains a remote that nobody answers for',
      run: () =>
        Bench.use(fixture, async (bench) => {
          bench.misbehave(() => ({ kind: 'reset' }));
          failsAt(await bench.host().check(), 'a remote that hangs up');
          const outcome = await bench.host().run();
          const kind = outcome.error?.kind;
          assert.ok(
            kind === 'transient' || kind === 'config',
            `expected transient or config: ${describeOutcome(outcome)}`,
          );
        }),
    },
    {
      name: 'explains an address where something else answers',
      run: () =>
        Bench.use(fixture, async (bench) => {
          const body = '<!doctype html><title>Welcome to the wiki</title>';
          bench.misbehave(() => ({ kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body }));
          failsAt(await bench.host().check(), 'a web page in the place of the API');
          const outcome = await bench.host().run();
          assert.equal(outcome.status, 'failed', describeOutcome(outcome));
          assert.ok(['config', 'permanent', 'transient'].includes(outcome.error?.kind ?? ''), describeOutcome(outcome));
        }),
    },
  ];
}

/** Keeps the shape of the credentials, so that it is the remote that refuses them. */
export function withWrongCredentials(instance: Instance): Instance {
  const spoil = (secret: string | undefined): string | undefined =>
    secret === undefined ? undefined : `${secret.slice(0, -6)}zZ9zZ9`;
  const { token, password, apiKey, username } = instance.credentials;
  return {
    ...instance,
    credentials: { username, token: spoil(token), password: spoil(password), apiKey: spoil(apiKey) },
  };
}
