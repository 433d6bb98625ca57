import type { Capability } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Catalog } from '../catalog/catalog.js';
import { Problem } from '../http/problem.js';

export interface CapableConnection {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  can(capability: Capability): boolean;
}

/** Connections for those who want something special of them. */
@Injectable()
export class CapableConnections {
  constructor(
    private readonly database: DataSource,
    private readonly catalog: Catalog,
  ) {}

  /** Throws a `Problem` 404. */
  async get(id: string): Promise<CapableConnection> {
    const connection = await this.find(id);
    if (connection === undefined) throw Problem.notFound(`connection ${id}`);
    return connection;
  }

  async find(id: string, manager = this.database.manager): Promise<CapableConnection | undefined> {
    const rows: { id: string; name: string; enabled: boolean; connector_id: string }[] = await manager.query(
      'select id, name, enabled, connector_id from connection where id = $1 and deleted_at is null',
      [id],
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    const entry = this.catalog.usable(row.connector_id);
    const can = (capability: Capability) => entry?.metadata.capabilities.includes(capability) === true;
    return { id: row.id, name: row.name, enabled: row.enabled, can };
  }

  /** Ids of usable connectors with this capability. */
  connectorsThat(capability: Capability): readonly string[] {
    return this.catalog.entries.flatMap((entry) =>
      entry.state === 'ok' && entry.metadata.capabilities.includes(capability) ? [entry.id] : [],
    );
  }
}

/** A connection that is paused runs nothing. */
export function requireEnabled({ enabled }: CapableConnection): void {
  if (!enabled) throw Problem.conflict('The connection is paused. Enable it to run it.');
}
