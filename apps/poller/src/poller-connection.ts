import { randomUUID } from 'node:crypto';
import type { ConnectionId, Connector, ConnectorMetadata, Instance, JsonObject } from '@syncline/connector-sdk';
import { ConnectionSource, type ResolvedConnection } from '@syncline/hub/engine';
import type { PollerSettings } from './settings.js';

/** What the poller needs of an opened database. */
export interface Rows {
  query(sql: string, params?: unknown[]): Promise<unknown>;
}

const NAME_PREFIX = 'poller';

/**
 * The one connection of a poller. Its row holds no credentials and is not enabled: the environment is its configuration,
 * and a hub on the same database leaves it alone.
 */
export class PollerConnection extends ConnectionSource {
  readonly instance: Instance;
  readonly config: JsonObject;

  constructor(
    private readonly settings: PollerSettings,
    private readonly connector: Connector,
    private readonly metadata: ConnectorMetadata,
  ) {
    super();
    this.instance = {
      id: randomUUID(),
      kind: metadata.instanceKinds[0]?.kind ?? '',
      name: settings.url,
      baseUrl: settings.url,
      credentials: { token: settings.token },
    };
    this.config = {
      instance: this.instance as unknown as JsonObject,
      ...(settings.repos.length ? { projects: settings.repos } : {}),
      ...(settings.branches.length ? { branches: settings.branches } : {}),
    };
  }

  /** The row that events and checkpoints belong to: one per GitLab, so that another URL starts afresh. */
  async ensureRow(rows: Rows): Promise<string> {
    const name = `${NAME_PREFIX} ${this.settings.url}`;
    await rows.query(
      `insert into connection (name, connector_id, enabled, config) values ($1, $2, false, '{}') on conflict (name) do nothing`,
      [name, this.metadata.id],
    );
    const found = (await rows.query('select id from connection where name = $1', [name])) as { id: string }[];
    if (found[0] === undefined) throw new Error('the poller’s connection was neither made nor found');
    return found[0].id;
  }

  override resolve(id: string): Promise<ResolvedConnection> {
    return Promise.resolve({
      id: id as ConnectionId,
      name: NAME_PREFIX,
      connectorId: this.metadata.id,
      connector: this.connector,
      metadata: this.metadata,
      config: this.config,
      secrets: [this.settings.token],
      instances: [this.instance],
      enabled: true,
      schedule: null,
      tags: [],
    });
  }
}
