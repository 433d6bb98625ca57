import type { ConnectionId, Connector, ConnectorMetadata, SyncSession } from '@syncline/connector-sdk';
import type { DataSource } from 'typeorm';
import { ConnectionSource, type ResolvedConnection } from '../connections/connection-source.js';
import { EventStore } from '../events/event-store.js';
import { LinkStore } from '../links/link-store.js';
import { createHubLog } from '../logging/hub-log.js';
import { Metrics } from '../metrics/metrics.js';
import { BudgetTable } from '../runs/budget-table.js';
import { ConnectionOutcomes } from '../runs/connection-outcomes.js';
import { Leases } from '../runs/leases.js';
import { WakeInbox } from '../runs/pending-wakes.js';
import { RunExecutor } from '../runs/run-executor.js';
import { RunParts } from '../runs/run-parts.js';
import { RunScheduler } from '../runs/run-scheduler.js';
import { RunStore } from '../runs/run-store.js';
import { RunTriggers } from '../runs/run-triggers.js';
import { SessionFactory } from '../runs/session-factory.js';
import { WakeUps } from '../runs/wake-ups.js';

type Sync = (session: SyncSession) => Promise<void>;

/** The engine of one process on a database, with a connector whose sync the test writes. */
export class TestEngine {
  readonly leases: Leases;
  readonly runs: RunStore;
  readonly triggers: RunTriggers;
  readonly scheduler: RunScheduler;
  readonly executor: RunExecutor;

  constructor(
    readonly database: DataSource,
    sync: Sync,
  ) {
    const wakeUps = new WakeUps();
    const hubLog = createHubLog({ logLevel: 'silent' });
    const metrics = new Metrics();
    const events = new EventStore(database);
    this.leases = new Leases(database);
    this.runs = new RunStore(database, this.leases);
    this.triggers = new RunTriggers(database, wakeUps);
    this.scheduler = new RunScheduler(database, this.runs, this.triggers, wakeUps);
    const inbox = new WakeInbox(database);
    this.executor = new RunExecutor(
      database,
      this.runs,
      this.leases,
      new OneConnector(database, sync),
      new RunParts(
        events,
        new LinkStore(database),
        new SessionFactory(new BudgetTable(database), hubLog, metrics),
        inbox,
      ),
      new ConnectionOutcomes(database, this.runs, inbox, events),
      wakeUps,
      hubLog,
      metrics,
    );
  }

  async createConnection(name: string): Promise<string> {
    const rows: { id: string }[] = await this.database.query(
      `insert into connection (name, connector_id, schedule, config) values ($1, 'test', '{"intervalMinutes": 10}', '{}') returning id`,
      [name],
    );
    return rows[0]?.id ?? '';
  }
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
      sync: async (session) => {
        await this.sync(session);
        return { fetched: 0, stored: 0 };
      },
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
