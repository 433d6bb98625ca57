import type { ConnectorMetadata } from '@syncline/connector-sdk';

/** metadata.json of the connector the kit is tried on. */
export const exampleMetadata: ConnectorMetadata = {
  id: 'notes',
  displayName: 'Notes',
  description: 'Reads notes from a notes server.',
  color: '#4477aa',
  logo: 'logo.svg',
  version: '0.1.0',
  capabilities: ['events', 'webhook'],
  instanceKinds: [
    {
      kind: 'notes',
      displayName: 'Notes server',
      credentials: [{ name: 'token', label: 'Token', secret: true, required: true }],
      baseUrl: { placeholder: 'https://notes.example' },
    },
  ],
  configSchema: {
    type: 'object',
    required: ['instance'],
    additionalProperties: false,
    properties: {
      instance: { type: 'string', title: 'Server', 'x-instance': 'notes' },
      webhookSecret: { type: 'string', title: 'Webhook secret', 'x-secret': true },
    },
  },
  eventTypes: [{ name: 'note', label: 'Note', fields: [{ name: 'words', label: 'Words', type: 'number' }] }],
  defaultIntervalMinutes: 5,
  docs: 'Make a token on the notes server.',
};
