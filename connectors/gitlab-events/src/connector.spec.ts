import { connectorContract, type ContractWorld, type VirtualClock, HookCatcher } from '@syncline/connector-testing';
import type { WebhookRequest } from '@syncline/connector-sdk';
import type { GitLabEventsConfig } from './config.js';
import { createConnector } from './connector.js';
import { GitLabWorld, metadata } from './testing/gitlab-world.js';

const webhookSecret = 'hook-secret-5d0c9a7b';

/** Two projects with a few of everything, more deployments than fit on a page, and shared history on two branches. */
async function makeWorld(clock: VirtualClock, reading: 'auto' | 'rest'): Promise<ContractWorld<GitLabEventsConfig>> {
  const gitLab = await GitLabWorld.start(clock);
  const { world } = gitLab;
  const [web, api] = [gitLab.project('web'), gitLab.project('api')];
  for (const project of [web, api]) {
    world.git.push(project, 'main', 3);
    world.git.push(project, 'stable', 2);
    for (let number = 1; number <= 6; number += 1) {
      const mergeRequest = world.mergeRequests.create(project, { keepBranch: false, author: gitLab.author });
      clock.advance(1_000);
      if (number % 3 === 0) world.mergeRequests.close(mergeRequest);
    }
    const failed = world.pipelines.create(project);
    world.pipelines.start(failed);
    clock.advance(30_000);
    world.pipelines.finish(failed, { jobs: { unit: { failureReason: 'script_failure' } } });
    world.pipelines.create(project, { ref: 'stable', status: 'running', neverUpdated: true, user: null });
    world.releases.create(project, { tagName: 'v1.0.0', releasedAt: clock.now() });
    const repository = world.registry.createRepository(project, 'app');
    for (const tag of ['latest', '1.0.0']) world.registry.pushTag(repository, tag);
    for (let number = 1; number <= (project === web ? 103 : 1); number += 1) {
      world.deployments.create(project, { environment: 'production', status: 'success' });
    }
    gitLab.pass();
  }
  const hooks = await HookCatcher.start();
  world.hooks.create(web, { url: hooks.url, token: webhookSecret });
  world.mergeRequests.label([...web.mergeRequests.values()][0] ?? never(), { add: ['urgent'] });
  await gitLab.gitLab.hooks.idle();
  gitLab.pass();
  const delivery = hooks.last('Merge Request Hook');
  return {
    config: {
      instance: gitLab.instance,
      projects: ['acme/web', String(api.id)],
      branches: ['main', 'stable'],
      webhookSecret,
      reading,
    },
    change: () => {
      world.git.push(web, 'main', 2);
      world.mergeRequests.merge([...web.mergeRequests.values()][3] ?? never());
      world.pipelines.retry([...api.pipelines.values()][0] ?? never());
      world.releases.edit([...web.releases.values()][0] ?? never(), { description: 'Now with notes' });
      world.registry.pushTag([...web.registry.values()][0] ?? never(), 'latest');
      world.deployments.create(api, { environment: 'staging' });
      return Promise.resolve();
    },
    webhook: {
      delivery,
      wrongSecret: { ...delivery, headers: { ...delivery.headers, 'x-gitlab-token': 'guessed' } },
      unknownEvent: unknownEvent(delivery),
    },
    stop: async () => {
      await hooks.stop();
      await gitLab.stop();
    },
  };
}

function unknownEvent({ headers }: WebhookRequest): WebhookRequest {
  const body = { object_kind: 'wiki_page', project: { id: 1, path_with_namespace: 'acme/web' } };
  return {
    headers: { ...headers, 'x-gitlab-event': 'Wiki Page Hook', 'idempotency-key': 'another' },
    rawBody: new TextEncoder().encode(JSON.stringify(body)),
  };
}

function never(): never {
  throw new Error('the world lacks what the test needs');
}

for (const reading of ['auto', 'rest'] as const) {
  connectorContract({
    name: `gitlab-events, reading ${reading}`,
    connector: createConnector(),
    metadata,
    makeWorld: (clock) => makeWorld(clock, reading),
  });
}
