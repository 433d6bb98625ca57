import { ConnectorError, type ConnectionId, type Instance } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import type { UsableConnector } from '../catalog/catalog-entry.js';
import { Catalog } from '../catalog/catalog.js';
import { Problem } from '../http/problem.js';
import { secretsOf } from '../instances/instance-secrets.js';
import { InstanceStore } from '../instances/instance-store.js';
import { SecretUnreadable } from '../secrets/secret-box.js';
import { ConnectionConfigs } from './connection-configs.js';
import { ConnectionSource, type ResolvedConnection } from './connection-source.js';
import { ConnectionEntity } from './connection.entity.js';

/** Connections from the database, made ready for use. */
@Injectable()
export class StoredConnections extends ConnectionSource {
  constructor(
    private readonly database: DataSource,
    private readonly catalog: Catalog,
    private readonly configs: ConnectionConfigs,
    private readonly instances: InstanceStore,
  ) {
    super();
  }

  override async resolve(id: string): Promise<ResolvedConnection> {
    const row = await this.database.manager.findOneBy(ConnectionEntity, { id, deletedAt: IsNull() });
    if (row === null) throw Problem.notFound(`connection ${id}`);
    const connector = this.connectorOf(row);
    const config = this.openSecrets(() => this.configs.open(connector, id, row.config));
    const [error] = this.configs.errors(connector, config);
    if (error) {
      throw new ConnectorError('config', `The configuration is no longer valid: ${error.path} ${error.message}.`, {
        path: error.path,
        hint: 'Open the connection, correct the field and save it.',
      });
    }
    const usable = this.configs.use(connector, config, await this.instancesOf(connector, config));
    return {
      id: row.id as ConnectionId,
      name: row.name,
      connectorId: row.connectorId,
      connector: connector.connector,
      metadata: connector.metadata,
      config: usable.config,
      secrets: [...usable.secrets, ...secretsOf(usable.instances)],
      instances: usable.instances,
      enabled: row.enabled,
      schedule: row.schedule,
      tags: row.tags,
    };
  }

  private connectorOf(row: ConnectionEntity): UsableConnector {
    const entry = this.catalog.find(row.connectorId);
    if (entry?.state === 'ok') return entry;
    const reason = entry ? `is broken: ${entry.reason}` : 'is not installed';
    throw new ConnectorError('config', `The connector "${row.connectorId}" ${reason}.`, {
      path: '/connectorId',
      hint: 'The catalog shows every connector with its state.',
    });
  }

  private async instancesOf(
    connector: UsableConnector,
    config: ResolvedConnection['config'],
  ): Promise<ReadonlyMap<string, Instance>> {
    const wanted = this.configs.instanceIds(connector, config);
    const rows = await this.instances.findAll(wanted.map(({ id }) => id));
    const found = new Map<string, Instance>();
    for (const { id, pointer, kind } of wanted) {
      const row = rows.get(id);
      if (row?.kind !== kind) {
        throw new ConnectorError('config', `The instance ${id} is gone.`, {
          path: `/config${pointer}`,
          hint: 'Choose another instance.',
        });
      }
      found.set(
        id,
        this.openSecrets(() => this.instances.reveal(row)),
      );
    }
    return found;
  }

  private openSecrets<T>(open: () => T): T {
    try {
      return open();
    } catch (error) {
      if (!(error instanceof SecretUnreadable)) throw error;
      throw new ConnectorError('config', error.message, { path: '/config', cause: error });
    }
  }
}
