import { expect, it } from '@jest/globals';
import type { WebhookRequest } from '@syncline/connector-sdk';
import { connectorContractCases, type ContractWorld, type VirtualClock } from '@syncline/connector-testing';
import { describeWithGit } from '../../../test/support/capabilities.js';
import type { AzureDevOpsConfig } from './config.js';
import { azureDevOps } from './connector.js';
import { CodeWorld, metadata } from './testing/code-world.js';

const webhookSecret = 'hook-secret-5d0c9a7b';

async function makeWorld(clock: VirtualClock): Promise<ContractWorld<AzureDevOpsConfig>> {
  const world = await CodeWorld.start({ clock });
  await world.left.commit('main', 3);
  await world.left.commit('stable', 1, { from: 'refs/heads/main' });
  await world.left.tag('v1', 'main', { message: 'first' });
  await world.repositories.announce(world.project);
  return {
    config: world.config({ webhookSecret }),
    change: async () => {
      await world.left.commit('main', 2);
      await world.left.commit('topic');
      await world.repositories.announce(world.project);
    },
    webhook: {
      delivery: delivery('Push Hook', { object_kind: 'push', ref: 'refs/heads/main', after: 'a'.repeat(40) }, 'one'),
      wrongSecret: {
        ...delivery('Push Hook', { object_kind: 'push', ref: 'refs/heads/main' }, 'one'),
        headers: { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': 'guessed', 'idempotency-key': 'one' },
      },
      unknownEvent: delivery('Wiki Page Hook', { object_kind: 'wiki_page' }, 'two'),
    },
    stop: () => world.stop(),
  };
}

function delivery(event: string, body: object, key: string): WebhookRequest {
  const project = { id: 1, path_with_namespace: 'acme/web' };
  return {
    headers: { 'x-gitlab-event': event, 'x-gitlab-token': webhookSecret, 'idempotency-key': key },
    rawBody: new TextEncoder().encode(JSON.stringify({ ...body, project })),
  };
}

/**
 * Promises of connectors that only read: their cases let a second host, with an empty store, find the remote as the first
 * one did. Here the first one has pushed. What they are about is proven by `sync/recovery.spec.ts` (death at any step, lost
 * answers), `git/git-runner.spec.ts` (limits) and `check.spec.ts` (choices).
 */
const ofReaders = [
  'stores the same whenever it looks: no time comes from the poll',
  'loses and doubles nothing when it dies after any commit',
  'heals after any commit that failed',
  'obeys Retry-After: asks nothing before that time, and then goes on',
  'ends as `rate_limit`, with the time to come back, when the wait is too long for a run',
  'reads an answer again that was lost on the way',
  'offers choices for each property that asks for them',
  'reads what a delivery names, and moves no checkpoint by it',
];

describeWithGit('the connector contract: azure-devops', () => {
  const cases = connectorContractCases({ name: 'azure-devops', connector: azureDevOps, metadata, makeWorld });

  it('has the cases that are left out here', () => {
    expect(cases.map(({ name }) => name)).toEqual(expect.arrayContaining(ofReaders));
  });

  for (const { name, run } of cases) if (!ofReaders.includes(name)) it(name, run, 120_000);
});
