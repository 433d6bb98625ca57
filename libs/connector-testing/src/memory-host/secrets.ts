import type { ConnectorMetadata, Instance, JsonObject, JsonValue } from '@syncline/connector-sdk';

/** Is this config value what the host put in the place of an instance id? */
export function isInstance(value: unknown): value is Instance {
  return typeof value === 'object' && value !== null && 'baseUrl' in value && 'credentials' in value;
}

/** All instances of a resolved config, at any depth. */
export function instancesOf(config: unknown): Instance[] {
  if (isInstance(config)) return [config];
  if (typeof config !== 'object' || config === null) return [];
  return Object.values(config).flatMap((value) => instancesOf(value));
}

/** The same config with each instance replaced. */
export function mapInstances<TConfig>(config: TConfig, replace: (instance: Instance) => unknown): TConfig {
  const walk = (value: unknown): unknown => {
    if (isInstance(value)) return replace(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item)]));
  };
  return walk(config) as TConfig;
}

/** Every value that must never be seen: credentials of all instances and config values marked `x-secret`. */
export function secretsOf(metadata: ConnectorMetadata, config: unknown): string[] {
  const credentials = instancesOf(config).flatMap((instance) => {
    const proxy = instance.proxyUrl === undefined ? undefined : new URL(instance.proxyUrl).password;
    const { username: _username, ...secret } = instance.credentials;
    return [...Object.values(secret), proxy];
  });
  const marked = secretValues(metadata.configSchema, config);
  return [...credentials, ...marked].filter((value): value is string => typeof value === 'string' && value.length >= 4);
}

function secretValues(schema: JsonValue | undefined, value: unknown): unknown[] {
  if (!isObject(schema) || value === undefined || value === null) return [];
  if (schema['x-secret'] === true) return [value];
  const properties = schema['properties'];
  if (!isObject(properties) || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => secretValues(properties[key], item));
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
