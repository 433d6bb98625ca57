import { connectorContract, type ContractWorld, type VirtualClock, HookCatcher } from '@syncline/connector-testing';
import type { WebhookRequest } from '@syncline/connector-sdk';
import type { GitLabIssuesConfig } from './config.js';
import { connector } from './connector.js';
import { metadata, PairWorld } from './testing/pair-world.js';

const webhookSecret = 'hook-secret-5d0c9a7b';

/** A few issues with comments, labels, a milestone and a file; more of them than fit on a page. */
async function makeWorld(clock: VirtualClock): Promise<ContractWorld<GitLabIssuesConfig>> {
  const pair = await PairWorld.start(clock);
  const { source, target } = pair;
  const milestone = source.world.milestones.create(source.project, { title: 'R1' });
  const upload = source.world.uploads.create(source.project, 'log.txt', Buffer.from('log'), source.nora);
  for (let number = 1; number <= 6; number += 1) {
    clock.advance(1_000);
    const file = number === 2 ? `[log](/uploads/${upload.secret}/${upload.filename})` : 'Nothing';
    const issue = source.create(`Issue ${number}`, { labels: ['bug'], description: file, milestone });
    if (number % 3 === 0) source.world.issues.close(issue, { by: source.nora });
    if (number % 2 === 0) source.world.notes.create(issue, { body: 'Me too', by: source.nora });
  }
  target.create('From the target');
  pair.pass();
  const hooks = await HookCatcher.start();
  source.world.hooks.create(source.project, { url: hooks.url, token: webhookSecret });
  const first = source.issue(1);
  source.world.issues.label(first, { add: ['urgent'] }, { by: source.nora });
  await source.gitLab.hooks.idle();
  pair.pass();
  const delivery = hooks.last('Issue Hook');
  return {
    config: pair.config({ bidirectional: true, webhookSecret }),
    change: () => {
      source.world.issues.update(source.issue(1), { title: 'Renamed' }, { by: source.nora });
      source.world.notes.create(source.issue(1), { body: 'News', by: source.nora });
      source.create('New');
      target.create('New there');
      return Promise.resolve();
    },
    webhook: {
      delivery,
      wrongSecret: { ...delivery, headers: { ...delivery.headers, 'x-gitlab-token': 'guessed' } },
      unknownEvent: unknownEvent(delivery),
    },
    stop: async () => {
      await hooks.stop();
      await pair.stop();
    },
  };
}

function unknownEvent({ headers }: WebhookRequest): WebhookRequest {
  const body = { object_kind: 'wiki_page', project: { id: 1, path_with_namespace: 'acme/source' } };
  return {
    headers: { ...headers, 'x-gitlab-event': 'Wiki Page Hook', 'idempotency-key': 'another' },
    rawBody: new TextEncoder().encode(JSON.stringify(body)),
  };
}

connectorContract({ name: 'gitlab-issues', connector, metadata, makeWorld });
