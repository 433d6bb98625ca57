import type { ConnectionId, Connector, ConnectorMetadata, SyncResult, SyncSession } from '@syncline/connector-sdk';
import type { DataSource } from 'typeorm';
import { ConnectionSource, createEngine, createHubLog, type Engine, type ResolvedConnection } from '../engine.js';

/** Without a result it has read nothing. */
type Sync = (session: SyncSession) => Promise<void> | Promise<SyncResult>;

/** The engine of one process on a database, with a connector whose sync the test writes. */
export function createTestEngine(database: DataSource, sync: Sync): Engine {
  return createEngine(database, new OneConnector(database, sync), createHubLog({ logLevel: 'silent' }));
}

export async function createTestConnection(database: DataSource, name: string): Promise<string> {
  const rows: { id: string }[] = await database.query(
    `insert into connection (name, connector_id, schedule, config) values ($1, 'test', '{"intervalMinutes": 10}', '{}') returning id`,
    [name],
  );
  return rows[0]?.id ?? '';
}

class OneConnector extends ConnectionSource {
  constructor(
    private readonly database: DataSource,
    private readonly sync: Sync,
  ) {
    super();
  }

  override async resolve(id: string): Promise<ResolvedConnection> {
    const rows: { name: string; enabled: boolean }[] = await this.database.query(
      'select name, enabled from connection where id = $1',
      [id],
    );
    const connector: Connector = {
      check: () => Promise.resolve({ steps: [] }),
      sync: async (session) => (await this.sync(session)) ?? { fetched: 0, stored: 0 },
    };
    return {
      id: id as ConnectionId,
      name: rows[0]?.name ?? '',
      connectorId: 'test',
      connector,
      metadata,
      config: {},
      secrets: ['s3cr3t-value'],
      instances: [],
      enabled: rows[0]?.enabled ?? false,
      schedule: { intervalMinutes: 10 },
      tags: [],
    };
  }
}

const metadata: ConnectorMetadata = {
  id: 'test',
  displayName: 'Test',
  description: 'A connector whose sync a test writes.',
  color: '#000000',
  logo: 'logo.svg',
  version: '1.0.0',
  capabilities: ['events'],
  instanceKinds: [],
  configSchema: {},
  eventTypes: [{ name: 'thing', label: 'Thing', fields: [] }],
  defaultIntervalMinutes: 10,
  docs: '',
};
