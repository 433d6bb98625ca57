import assert from 'node:assert/strict';
import { ConnectorError, type WebhookIntake, type WebhookRequest } from '@syncline/connector-sdk';
import { secretsOf } from '../../memory-host/secrets.js';
import { Bench, storedNews } from '../bench.js';
import type { ContractCase, ContractFixture, WebhookSamples } from '../fixture.js';

/** Deliveries are proven, told apart, and wake the read of what they name. */
export function webhookCases<TConfig>(fixture: ContractFixture<TConfig>): ContractCase[] {
  const { webhook } = fixture.connector;
  if (webhook === undefined) return [];
  const withSamples = (
    work: (bench: Bench<TConfig>, samples: WebhookSamples, port: WebhookIntake<TConfig>) => Promise<void> | void,
  ): Promise<void> =>
    Bench.use(fixture, async (bench) => {
      const samples = bench.world.webhook;
      assert.ok(samples !== undefined, 'the connector has a webhook port, and the fixture has no deliveries for it');
      await work(bench, samples, webhook);
    });
  return [
    {
      name: 'accepts a delivery with the right secret and refuses one with a wrong or no secret',
      run: () =>
        withSamples(({ config, clock }, { delivery, wrongSecret }, port) => {
          assert.deepEqual(port.verify(delivery, config, clock.now()), { ok: true, unsigned: false });
          for (const refused of [wrongSecret, { ...delivery, headers: {} }, changed(wrongSecret)]) {
            assert.equal(port.verify(refused, config, clock.now()).ok, false);
          }
        }),
    },
    {
      name: 'gives the same delivery the same key, and another one another',
      run: () =>
        withSamples(({ config }, { delivery, unknownEvent }, port) => {
          const { dedupKey } = port.identify(delivery, config);
          assert.notEqual(dedupKey, '');
          const again = { headers: { ...delivery.headers }, rawBody: Uint8Array.from(delivery.rawBody) };
          assert.equal(port.identify(again, config).dedupKey, dedupKey);
          assert.notEqual(port.identify(unknownEvent, config).dedupKey, dedupKey);
        }),
    },
    {
      name: 'ignores an event it has no use for, and says why',
      run: () =>
        withSamples(({ config }, { unknownEvent }, port) => {
          const { wakes, reason, transitions } = port.identify(unknownEvent, config);
          assert.deepEqual([wakes, transitions], [[], []]);
          assert.notEqual(reason ?? '', '');
        }),
    },
    {
      name: 'calls a body it cannot read a permanent error',
      run: () =>
        withSamples(({ config }, { delivery }, port) => {
          for (const text of ['{"cut', '[]', 'null', '"text"']) {
            const rawBody = new TextEncoder().encode(text);
            assert.throws(
              () => port.identify({ ...delivery, rawBody }, config),
              (error) => error instanceof ConnectorError && error.kind === 'permanent',
              `the body ${text} was taken`,
            );
          }
        }),
    },
    {
      name: 'keeps no secret of a delivery',
      run: () =>
        withSamples(({ config, metadata }, { delivery }, port) => {
          const text = JSON.stringify(port.identify(delivery, config));
          for (const secret of secretsOf(metadata, config)) assert.ok(!text.includes(secret));
        }),
    },
    {
      name: 'reads what a delivery names, and moves no checkpoint by it',
      run: () =>
        withSamples(async (bench, { delivery }, port) => {
          const { wakes } = port.identify(delivery, bench.config);
          assert.ok(wakes.length > 0, 'the delivery wakes nothing');
          const fresh = bench.host();
          const first = await bench.goodRun(fresh, { mode: 'wake', wakes });
          assert.ok(storedNews(first), 'the woken read stored nothing');
          assert.equal(fresh.store.checkpoints.size, 0, 'a woken read moved a checkpoint');
          const host = bench.host();
          await bench.goodRun(host);
          const known = [...host.store.rows()];
          const again = await bench.goodRun(host, { mode: 'wake', wakes });
          assert.equal(storedNews(again), false, 'a known object was stored again');
          assert.deepEqual([...host.store.rows()], known);
        }),
    },
  ];
}

function changed({ headers, rawBody }: WebhookRequest): WebhookRequest {
  return { headers, rawBody: Uint8Array.from([...rawBody, 32]) };
}
