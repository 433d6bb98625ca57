import type { JsonObject } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { UsableConnector } from '../catalog/catalog-entry.js';
import { Problem } from '../http/problem.js';
import { InstanceStore } from '../instances/instance-store.js';
import { KeptPairs } from '../links/kept-pairs.js';
import { ConnectionConfigs } from './connection-configs.js';

/**
 * Sees to it that two places are kept in step by one connection alone. A config may name a project by path where another
 * one names it by id: that is found out by the first run, which knows the ids.
 */
@Injectable()
export class PairGuard {
  constructor(
    private readonly configs: ConnectionConfigs,
    private readonly instances: InstanceStore,
    private readonly kept: KeptPairs,
  ) {}

  /** In the transaction that stores the config in the clear. Throws a `Problem` 409 or 422. */
  async take(
    manager: EntityManager,
    connector: UsableConnector,
    connectionId: string,
    config: JsonObject,
  ): Promise<void> {
    const { pairing } = connector.connector;
    if (pairing === undefined) return;
    await this.kept.leave(manager, connectionId);
    const ids = this.configs.instanceIds(connector, config).map(({ id }) => id);
    const rows = await this.instances.findAll(ids, manager);
    const instances = new Map([...rows].map(([id, row]) => [id, this.instances.reveal(row)]));
    const places = pairing.places(this.configs.use(connector, config, instances).config);
    if (places === undefined) return;
    if (places.left === places.right) {
      throw Problem.invalid([
        { path: '/config', message: 'names the same project on both sides; choose another one on one side' },
      ]);
    }
    const keeper = await this.kept.take(manager, connectionId, places);
    if (keeper === undefined) return;
    throw Problem.conflict(
      `The connection "${keeper.name}" keeps these two projects in step already. Change that one: two of them would copy every issue twice.`,
      [{ path: '/config', message: `names the two projects of the connection "${keeper.name}"` }],
    );
  }
}
