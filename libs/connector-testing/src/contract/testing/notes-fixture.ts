import type { Connector, WebhookRequest } from '@syncline/connector-sdk';
import type { ContractFixture } from '../fixture.js';
import { exampleMetadata } from './example-metadata.js';
import type { NotesConfig } from './notes-connector.js';
import { NotesServer, notesToken } from './notes-server.js';

const webhookSecret = 'notes-secret-91bc02';

function delivery(event: string, body: unknown, secret = webhookSecret): WebhookRequest {
  return {
    headers: { 'x-notes-event': event, 'x-notes-secret': secret },
    rawBody: new TextEncoder().encode(JSON.stringify(body)),
  };
}

export function notesFixture(name: string, connector: Connector<NotesConfig>): ContractFixture<NotesConfig> {
  return {
    name,
    connector,
    metadata: exampleMetadata,
    makeWorld: async (clock) => {
      const server = await NotesServer.start(clock.now);
      for (const id of [1, 2, 3, 4, 5]) {
        server.write(id, `note number ${id}`);
        clock.advance(60_000);
      }
      return {
        config: {
          instance: {
            id: '0b5c1f3e-0000-4000-8000-000000000001',
            kind: 'notes',
            name: 'Notes',
            baseUrl: server.url,
            credentials: { token: notesToken },
          },
          webhookSecret,
        },
        change: () => {
          server.write(2, 'note number two, struck', 'struck');
          server.write(6, 'note number 6');
          return Promise.resolve();
        },
        webhook: {
          delivery: delivery('note', { id: 3 }),
          wrongSecret: delivery('note', { id: 3 }, 'guessed'),
          unknownEvent: delivery('weather', { id: 4 }),
        },
        stop: () => server.stop(),
      };
    },
  };
}
