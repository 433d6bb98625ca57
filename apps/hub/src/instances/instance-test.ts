import type { Instance, JsonObject } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import type { UsableConnector } from '../catalog/catalog-entry.js';
import { Catalog } from '../catalog/catalog.js';
import { CheckRunner } from './check-runner.js';
import { secretsOf } from './instance-secrets.js';
import type { CheckView } from './instance-view.js';

/** Tests an instance by the check of a connector that names its kind, with a config that holds nothing else. */
@Injectable()
export class InstanceTest {
  constructor(
    private readonly catalog: Catalog,
    private readonly checks: CheckRunner,
  ) {}

  async run(instance: Instance): Promise<CheckView> {
    const tester = this.testerOf(instance.kind);
    if (tester === undefined) {
      const hint = `No working connector knows the kind "${instance.kind}".`;
      return { ok: false, steps: [{ id: 'connector', label: 'A connector can test it', ok: false, hint }] };
    }
    const config = minimalConfig(tester.path, instance);
    return this.checks.check(secretsOf([instance]), (session) => tester.connector.connector.check(session, config));
  }

  /** The connector that asks for the least beside the instance. */
  private testerOf(kind: string): { connector: UsableConnector; path: readonly string[] } | undefined {
    const candidates = this.catalog.withInstanceKind(kind).flatMap((connector) => {
      const path = instancePath(connector.metadata.configSchema, kind);
      return path ? [{ connector, path, needed: requiredCount(connector.metadata.configSchema) }] : [];
    });
    return candidates.sort((a, b) => a.path.length - b.path.length || a.needed - b.needed)[0];
  }
}

const asObject = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

const requiredCount = (schema: JsonObject): number =>
  Array.isArray(schema['required']) ? schema['required'].length : 0;

/** Where a config of this schema holds an instance of the kind, e.g. `['source', 'instance']`. */
function instancePath(schema: JsonObject, kind: string): readonly string[] | undefined {
  const properties = Object.entries(asObject(schema['properties']));
  for (const [name, property] of properties) if (asObject(property)['x-instance'] === kind) return [name];
  for (const [name, property] of properties) {
    const below = instancePath(asObject(property), kind);
    if (below) return [name, ...below];
  }
  return undefined;
}

/** The instance stands where its id stood: connectors get instances, not ids. */
function minimalConfig(path: readonly string[], instance: Instance): JsonObject {
  let value: unknown = instance;
  for (const name of path.toReversed()) value = { [name]: value };
  return asObject(value);
}
