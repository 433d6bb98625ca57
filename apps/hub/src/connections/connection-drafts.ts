import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { UsableConnector } from '../catalog/catalog-entry.js';
import { Catalog } from '../catalog/catalog.js';
import { type FieldError, Problem } from '../http/problem.js';
import { InstanceStore } from '../instances/instance-store.js';
import { type InstanceDraft, resolveAliases } from './config-aliases.js';
import { ConnectionConfigs } from './connection-configs.js';
import { mergePatch } from './merge-patch.js';
import type { Schedule } from './schedule.js';

/** A config as it will be, in the clear and valid. */
export interface ConfigDraft {
  readonly config: JsonObject;
  /** To be found or made; its id then goes where `placeholder` stands. */
  readonly instance: (InstanceDraft & { readonly placeholder: string }) | undefined;
  /** Set by a config key of the seed's kind. */
  readonly schedule: Schedule | undefined;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Turns what a client sent into a valid config, or throws 422 with every field that is wrong. */
@Injectable()
export class ConnectionDrafts {
  constructor(
    private readonly catalog: Catalog,
    private readonly configs: ConnectionConfigs,
    private readonly instances: InstanceStore,
  ) {}

  connector(id: string): UsableConnector {
    const entry = this.catalog.find(id);
    if (entry?.state === 'ok') return entry;
    const known = this.catalog.entries.filter(({ state }) => state === 'ok').map((usable) => usable.id);
    const message = entry ? `is broken: ${entry.reason}` : `is not installed; there are ${known.join(', ') || 'none'}`;
    throw Problem.invalid([{ path: '/connectorId', message }]);
  }

  /** `before`: the config in the clear that `sent` is a merge patch to. */
  async make(
    connector: UsableConnector,
    sent: JsonObject,
    before: JsonObject | undefined,
    manager?: EntityManager,
  ): Promise<ConfigDraft> {
    const { config: named, draft, schedule, usedNames, errors } = resolveAliases(connector.metadata, sent);
    if (errors.length > 0) throw Problem.invalid(errors);
    const placeholder = randomUUID();
    const complete = draft === undefined ? named : { ...named, [draft.property]: placeholder };
    const config = this.configs.normalise(connector, mergePatch(before ?? {}, complete));
    const found = [
      ...this.configs.errors(connector, config),
      ...(await this.instanceErrors(connector, config, draft ? placeholder : undefined, manager)),
    ];
    if (found.length > 0) throw Problem.invalid(found.map((error) => asSent(error, usedNames)));
    return { config, instance: draft && { ...draft, placeholder }, schedule };
  }

  private async instanceErrors(
    connector: UsableConnector,
    config: JsonObject,
    placeholder: string | undefined,
    manager?: EntityManager,
  ): Promise<readonly FieldError[]> {
    const wanted = this.configs.instanceIds(connector, config).filter(({ id }) => id !== placeholder);
    const rows = await this.instances.findAll(
      wanted.map(({ id }) => id).filter((id) => UUID.test(id)),
      manager,
    );
    return wanted.flatMap(({ id, pointer, kind }) => {
      const path = `/config${pointer}`;
      const row = rows.get(id.toLowerCase());
      if (row === undefined) return [{ path, message: `is not the id of an instance; add one of kind ${kind} first` }];
      return row.kind === kind
        ? []
        : [{ path, message: `must be an instance of kind ${kind}, but "${row.name}" is of kind ${row.kind}` }];
    });
  }
}

/** A complaint names the field as the client named it. */
function asSent({ path, message }: FieldError, usedNames: ReadonlyMap<string, string>): FieldError {
  const [, config, property = '', ...rest] = path.split('/');
  const alias = usedNames.get(property);
  return alias === undefined ? { path, message } : { path: ['', config, alias, ...rest].join('/'), message };
}
