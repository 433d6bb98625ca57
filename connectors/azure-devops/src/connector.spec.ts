import { expect, it, jest } from '@jest/globals';
import type { WebhookRequest } from '@syncline/connector-sdk';
import { connectorContractCases, type ContractWorld, type VirtualClock } from '@syncline/connector-testing';
import { describeWithGit } from '../../../test/support/capabilities.js';
import type { AzureDevOpsConfig } from './config.js';
import { azureDevOps } from './connector.js';
import { CodeWorld, metadata } from './testing/code-world.js';
import { backgroundPatienceMs } from './testing/patience.js';

jest.setTimeout(backgroundPatienceMs);

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

/** Promises that a connector cannot make that pushes, by git: why not, and what is promised in their place. */
const inapplicable: Readonly<Record<string, string>> = {
  'stores the same whenever it looks: no time comes from the poll':
    'the event is our own push: its time is when it was pushed, and who looks later finds nothing to push',
  'obeys Retry-After: asks nothing before that time, and then goes on':
    "a run cannot wait by the session's clock for a refusal that git met: it ends as `rate_limit` with the time the server named (git/git-runner.spec.ts)",
  'reads what a delivery names, and moves no checkpoint by it':
    'what a woken run has pushed must be remembered, with its pipelines (sync/code-sync.spec.ts)',
};

describeWithGit('the connector contract: azure-devops', () => {
  const cases = connectorContractCases({ name: 'azure-devops', connector: azureDevOps, metadata, makeWorld });

  it('has the cases that are left out here', () => {
    expect(cases.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(inapplicable)));
  });

  for (const { name, run } of cases) if (!(name in inapplicable)) it(name, run, 600_000);
});
