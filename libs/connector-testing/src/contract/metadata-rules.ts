import { Validator, type Schema } from '@cfworker/json-schema';
import { metadataSchema, type Connector, type ConnectorMetadata, type JsonValue } from '@syncline/connector-sdk';

/** Why a metadata.json is not valid: broken shape first, then names that lead nowhere. Empty where it is valid. */
export function metadataFaults(metadata: unknown): string[] {
  const shape = schemaFaults(metadataSchema as unknown as Schema, metadata);
  if (shape.length > 0) return shape;
  const valid = metadata as ConnectorMetadata;
  const faults: string[] = [];
  const properties = valid.configSchema['properties'] as Record<string, Record<string, JsonValue> | undefined>;
  const kinds = new Set(valid.instanceKinds.map(({ kind }) => kind));
  const visit = (path: string, property: Record<string, JsonValue> | undefined): void => {
    const kind = property?.['x-instance'];
    if (typeof kind === 'string' && !kinds.has(kind)) faults.push(`${path}: no instanceKinds entry is named ${kind}`);
    const nested = property?.['properties'] as Record<string, Record<string, JsonValue>> | undefined;
    for (const [name, child] of Object.entries(nested ?? {})) visit(`${path}/${name}`, child);
  };
  for (const [name, property] of Object.entries(properties)) visit(`/configSchema/properties/${name}`, property);
  for (const [alias, target] of Object.entries(valid.configAliases ?? {})) {
    const [head = ''] = target.split('.');
    const known = head === 'schedule' || head in properties;
    if (!known) faults.push(`/configAliases/${alias}: there is no config key ${head}`);
    if (alias in properties && alias !== target) faults.push(`/configAliases/${alias}: hides the config key ${alias}`);
  }
  for (const [name, values] of [
    ['eventTypes', valid.eventTypes.map((type) => type.name)],
    ['instanceKinds', valid.instanceKinds.map(({ kind }) => kind)],
    ...valid.eventTypes.map((type) => [`fields of ${type.name}`, type.fields.map((field) => field.name)] as const),
  ] as const) {
    if (new Set(values).size < values.length) faults.push(`${name}: a name occurs twice`);
  }
  return faults;
}

/** The ports a connector has are the capabilities its metadata.json names. */
export function capabilityFaults(metadata: ConnectorMetadata, connector: Connector<never>): string[] {
  const faults: string[] = [];
  for (const capability of ['discovery', 'webhook'] as const) {
    const named = metadata.capabilities.includes(capability);
    if (named && connector[capability] === undefined) faults.push(`${capability} is named, but the port is absent`);
    if (!named && connector[capability] !== undefined)
      faults.push(`${capability} is there, but metadata.json hides it`);
  }
  return faults;
}

/** Where a value breaks a schema, one line a leaf: `<JSON pointer>: <reason>`. */
export function schemaFaults(schema: Schema, value: unknown): string[] {
  const { valid, errors } = new Validator(schema, '2020-12', false).validate(value);
  if (valid) return [];
  const leaves = errors.filter(({ keyword }) => !['properties', 'items', '$ref', 'allOf', 'then'].includes(keyword));
  return (leaves.length > 0 ? leaves : errors).map((error) => `${error.instanceLocation}: ${error.error}`);
}
