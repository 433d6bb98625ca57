import type { Instance, JsonObject } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { Problem } from '../http/problem.js';
import { CheckRunner, failedCheck } from '../instances/check-runner.js';
import { secretsOf } from '../instances/instance-secrets.js';
import { InstanceStore } from '../instances/instance-store.js';
import type { CheckView } from '../instances/instance-view.js';
import { ConnectionConfigs } from './connection-configs.js';
import { ConnectionDrafts } from './connection-drafts.js';
import { ConnectionSource, type ResolvedConnection } from './connection-source.js';
import type { DiscoverDto } from './connection.dto.js';
import type { DiscoveryView } from './connection-view.js';
import { InstanceDrafts } from './instance-drafts.js';

/** Calls a connector's check and discovery outside of runs. */
@Injectable()
export class ConnectionTests {
  constructor(
    private readonly source: ConnectionSource,
    private readonly drafts: ConnectionDrafts,
    private readonly configs: ConnectionConfigs,
    private readonly instances: InstanceStore,
    private readonly instanceDrafts: InstanceDrafts,
    private readonly checks: CheckRunner,
  ) {}

  /** Before it is saved; nothing is stored. A config that is not valid is 422, as when saving it. */
  async testDraft(connectorId: string, sent: JsonObject): Promise<CheckView> {
    const connector = this.drafts.connector(connectorId);
    const draft = await this.drafts.make(connector, sent, undefined);
    const known = new Map<string, Instance>();
    if (draft.instance) known.set(draft.instance.placeholder, await this.instanceDrafts.preview(draft.instance));
    const ids = this.configs.instanceIds(connector, draft.config).map(({ id }) => id);
    const rows = await this.instances.findAll(ids.filter((id) => !known.has(id)));
    try {
      for (const [id, row] of rows) known.set(id, this.instances.reveal(row));
    } catch (error) {
      return failedCheck(error);
    }
    const { config, secrets, instances } = this.configs.use(connector, draft.config, known);
    return this.checks.check([...secrets, ...secretsOf(instances)], (session) =>
      connector.connector.check(session, config),
    );
  }

  async test(id: string): Promise<CheckView> {
    let connection: ResolvedConnection;
    try {
      connection = await this.source.resolve(id);
    } catch (error) {
      if (error instanceof Problem) throw error;
      return failedCheck(error);
    }
    const { connector, config, secrets, instances } = connection;
    const result = await this.checks.check(secrets, (session) => connector.check(session, config));
    // With one instance it is clear whose account was seen.
    const [only, ...others] = instances;
    if (only && others.length === 0) await this.instances.remember(only.id, result);
    return result;
  }

  /** Throws what the connector throws: the API answers it as a problem. */
  async discover(id: string, query: DiscoverDto): Promise<DiscoveryView> {
    const { connector, connectorId, config, secrets } = await this.source.resolve(id);
    const { discovery } = connector;
    if (discovery === undefined) throw Problem.notFound(`discovery in the connector ${connectorId}`);
    const page = await this.checks.call(secrets, (session) => discovery.discover(session, config, { ...query }));
    return { items: page.items, nextCursor: page.nextCursor ?? null };
  }
}
