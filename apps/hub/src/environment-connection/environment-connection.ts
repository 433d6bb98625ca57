import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '@syncline/connector-sdk';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type FindOptionsWhere, IsNull } from 'typeorm';
import type { UsableConnector } from '../catalog/catalog-entry.js';
import { Catalog } from '../catalog/catalog.js';
import type { AzureEnvironment } from '../config/azure-environment.js';
import { Settings } from '../config/settings.js';
import { ConnectionConfigs } from '../connections/connection-configs.js';
import { ConnectionEntity } from '../connections/connection.entity.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { mergePatch } from '../connections/merge-patch.js';
import { DatabaseState } from '../database/database-state.js';
import { holdingLock } from '../database/holding-lock.js';
import { Problem } from '../http/problem.js';
import { InstanceEntity } from '../instances/instance.entity.js';
import { InstanceStore } from '../instances/instance-store.js';
import { InstancesService } from '../instances/instances.service.js';
import { HubLog } from '../logging/hub-log.js';
import { SecretUnreadable } from '../secrets/secret-box.js';
import { KeptRows } from './kept-rows.js';

const CONNECTOR = 'azure-devops';
const NAME = 'env';
/** In the audit log. */
const ACTOR = 'environment';
const LOCK = 7_201_980;

/**
 * Keeps the connection that the environment describes: made at a start, changed when the variables have changed. What
 * the variables do not say (schedule, patterns, paused or not) is its owner's.
 */
@Injectable()
export class EnvironmentConnection implements OnApplicationBootstrap {
  constructor(
    private readonly database: DataSource,
    private readonly state: DatabaseState,
    private readonly settings: Settings,
    private readonly catalog: Catalog,
    private readonly configs: ConnectionConfigs,
    private readonly connections: ConnectionsService,
    private readonly instances: InstancesService,
    private readonly instanceStore: InstanceStore,
    private readonly kept: KeptRows,
    private readonly log: HubLog,
  ) {}

  onApplicationBootstrap(): void {
    const { azure } = this.settings;
    if (azure !== undefined) this.state.onReady(() => this.keep(azure));
  }

  /** Never throws: a hub with other connections works on, and the log says what keeps this one from being kept. */
  private async keep(wanted: AzureEnvironment): Promise<void> {
    const connector = this.catalog.find(CONNECTOR);
    if (connector?.state !== 'ok') {
      const reason = connector === undefined ? 'is not installed' : `is broken: ${connector.reason}`;
      this.log.error(`the connection "${NAME}" of the environment is not kept: the connector ${CONNECTOR} ${reason}`);
      return;
    }
    try {
      // Of several processes that start at once one makes it, and the others find it.
      await holdingLock(this.database, this.settings.database, LOCK, () => this.keepAlone(connector, wanted));
    } catch (error) {
      const reason = error instanceof Problem ? error.detail : String(error);
      this.log.error({ err: error }, `the connection "${NAME}" of the environment is not kept: ${reason}`);
    }
  }

  private async keepAlone(connector: UsableConnector, wanted: AzureEnvironment): Promise<void> {
    const kept = await this.kept.read();
    const gitLab = await this.instance(kept.gitLab, { name: `${NAME} GitLab`, kind: 'gitlab', ...wanted.gitLab });
    const azure = await this.instance(kept.azure, {
      name: `${NAME} Azure DevOps`,
      kind: 'azure-devops',
      ...wanted.azure,
    });
    const { webhookSecret, azureProject: project, azureRepository: repository } = wanted;
    const config: JsonObject = {
      gitlab: { instance: gitLab, project: wanted.gitLabProject },
      azure: { instance: azure, project, repository },
      ...(webhookSecret === undefined ? {} : { webhookSecret }),
    };
    const gone = webhookSecret === undefined && kept.webhookSecret === true ? { webhookSecret: null } : {};
    const connection = await this.connection(connector, kept.connection, { ...config, ...gone });
    await this.kept.write({ connection, gitLab, azure, webhookSecret: webhookSecret !== undefined });
  }

  /** The id of the instance as it should be. */
  private async instance(
    id: string | undefined,
    { name, kind, baseUrl, token }: { name: string; kind: string; baseUrl: string; token: string },
  ): Promise<string> {
    const credentials = { token };
    const row = await this.find(InstanceEntity, id === undefined ? undefined : { id, kind }, { name, kind });
    if (row === null) return (await this.instances.create({ name, kind, baseUrl, credentials }, ACTOR)).id;
    const isSame = row.baseUrl === baseUrl && this.instanceStore.holds(row, credentials);
    if (!isSame) await this.instances.update(row.id, { baseUrl, credentials }, ACTOR);
    return row.id;
  }

  /** The id of the connection as it should be. */
  private async connection(connector: UsableConnector, id: string | undefined, patch: JsonObject): Promise<string> {
    const there = { deletedAt: IsNull() };
    const row = await this.find(ConnectionEntity, id === undefined ? undefined : { id, ...there }, {
      name: NAME,
      ...there,
    });
    if (row === null) {
      const description = 'Kept by the environment variables of the hub.';
      const config = mergePatch({}, patch);
      return this.connections.create({ name: NAME, description, connectorId: CONNECTOR, config }, ACTOR);
    }
    if (row.connectorId !== CONNECTOR) {
      throw Problem.conflict(`a connection of ${row.connectorId} has this name; rename that one and start again`);
    }
    const before = this.inTheClear(connector, row);
    const isSame = before !== undefined && isDeepStrictEqual(before, mergePatch(before, patch));
    if (!isSame) await this.connections.update(row.id, { config: patch }, ACTOR);
    return row.id;
  }

  /** By its id, else by its name: a start that was killed did not note the id. */
  private async find<T extends InstanceEntity | ConnectionEntity>(
    entity: new () => T,
    byId: FindOptionsWhere<T> | undefined,
    byName: FindOptionsWhere<T>,
  ): Promise<T | null> {
    const known = byId === undefined ? null : await this.database.manager.findOneBy(entity, byId);
    return known ?? this.database.manager.findOneBy(entity, byName);
  }

  /** Undefined where a secret cannot be read: it is written anew. */
  private inTheClear(connector: UsableConnector, { id, config }: ConnectionEntity): JsonObject | undefined {
    try {
      return this.configs.open(connector, id, config);
    } catch (error) {
      if (error instanceof SecretUnreadable) return undefined;
      throw error;
    }
  }
}
