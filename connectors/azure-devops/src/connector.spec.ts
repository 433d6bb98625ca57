import type { WebhookRequest } from '@syncline/connector-sdk';
import { connectorContract, type ContractWorld, type VirtualClock } from '@syncline/connector-testing';
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

describeWithGit('azure-devops', () => {
  connectorContract({ name: 'azure-devops', connector: azureDevOps, metadata, makeWorld });
});
