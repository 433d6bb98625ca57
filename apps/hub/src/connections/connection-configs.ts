import type { Instance, JsonObject } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { Catalog } from '../catalog/catalog.js';
import type { UsableConnector } from '../catalog/catalog-entry.js';
import { explainErrors } from '../catalog/json-schema.js';
import type { FieldError } from '../http/problem.js';
import { isMasked, maskSecret } from '../secrets/masked.js';
import { placeOf } from '../secrets/rotation.js';
import { isSealed, SecretBox } from '../secrets/secret-box.js';
import { mapPlaces, placesOf } from './schema-places.js';

/** A config in use: instances in place of their ids, and what must not be logged. */
export interface UsableConfig {
  readonly config: JsonObject;
  readonly secrets: readonly string[];
  readonly instances: readonly Instance[];
}

const secretPlace = (connectionId: string, pointer: string) => placeOf('connection', connectionId, 'config', pointer);

/** What a connector's schema says about a config: its secrets, instances and lists, and whether it is valid. */
@Injectable()
export class ConnectionConfigs {
  constructor(
    private readonly catalog: Catalog,
    private readonly box: SecretBox,
  ) {}

  /** Comma-separated text becomes a list, an empty secret none. */
  normalise({ metadata }: UsableConnector, config: JsonObject): JsonObject {
    const listed = mapPlaces(metadata.configSchema, config, 'x-list', ({ value }) =>
      typeof value === 'string' ? splitList(value) : value,
    );
    return mapPlaces(metadata.configSchema, listed, 'x-secret', ({ value }) => (value === '' ? undefined : value));
  }

  /** Takes secrets out of a patch that only repeat how they read. */
  withoutMasked({ metadata }: UsableConnector, patch: JsonObject): JsonObject {
    return mapPlaces(metadata.configSchema, patch, 'x-secret', ({ value }) => (isMasked(value) ? undefined : value));
  }

  seal({ metadata }: UsableConnector, connectionId: string, config: JsonObject): JsonObject {
    return mapPlaces(metadata.configSchema, config, 'x-secret', ({ value, pointer }) =>
      typeof value === 'string' ? this.box.seal(value, secretPlace(connectionId, pointer)) : value,
    );
  }

  /** Throws `SecretUnreadable`, but not for what `replaced` brings anew. */
  open({ metadata }: UsableConnector, connectionId: string, config: JsonObject, replaced: JsonObject = {}): JsonObject {
    const anew = new Set(placesOf(metadata.configSchema, replaced, 'x-secret').map(({ pointer }) => pointer));
    return mapPlaces(metadata.configSchema, config, 'x-secret', ({ value, pointer }) => {
      if (!isSealed(value)) return value;
      return anew.has(pointer) ? undefined : this.box.open(value, secretPlace(connectionId, pointer));
    });
  }

  /** As the API shows it. Without its connector nobody knows the schema, but sealed values are known by their form. */
  mask(connector: UsableConnector | undefined, connectionId: string, config: JsonObject): JsonObject {
    const hide = (value: unknown, pointer: string): unknown => {
      if (!isSealed(value)) return value;
      try {
        return maskSecret(this.box.open(value, secretPlace(connectionId, pointer)));
      } catch {
        return { set: true };
      }
    };
    if (connector === undefined) return hideSealed(config) as JsonObject;
    const schema = connector.metadata.configSchema;
    const masked = mapPlaces(schema, config, 'x-secret', ({ value, pointer }) => hide(value, pointer));
    return hideSealed(masked) as JsonObject;
  }

  /** What is wrong with a config in the clear; paths begin with `/config`. */
  errors(connector: UsableConnector, config: JsonObject): readonly FieldError[] {
    const validate = this.catalog.configValidator(connector);
    if (validate(config)) return [];
    return explainErrors(validate.errors ?? []).map(({ path, message }) => ({ path: `/config${path}`, message }));
  }

  /** The ids of instances in a config, with the kind each must be of. */
  instanceIds(
    { metadata }: UsableConnector,
    config: JsonObject,
  ): readonly { pointer: string; id: string; kind: string }[] {
    return placesOf(metadata.configSchema, config, 'x-instance').flatMap(({ pointer, value, hint }) =>
      typeof value === 'string' ? [{ pointer, id: value, kind: typeof hint === 'string' ? hint : '' }] : [],
    );
  }

  /** Puts instances in the place of their ids; every id must be among them. */
  use({ metadata }: UsableConnector, config: JsonObject, instances: ReadonlyMap<string, Instance>): UsableConfig {
    const schema = metadata.configSchema;
    const own = placesOf(schema, config, 'x-secret').flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
    const used = new Map<string, Instance>();
    const filled = mapPlaces(schema, config, 'x-instance', ({ value }) => {
      const instance = typeof value === 'string' ? instances.get(value) : undefined;
      if (instance) used.set(instance.id, instance);
      return instance ?? value;
    });
    return { config: filled, secrets: own, instances: [...used.values()] };
  }
}

const splitList = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** No sealed value leaves the hub, wherever it stands. */
function hideSealed(value: unknown): unknown {
  if (isSealed(value)) return { set: true };
  if (Array.isArray(value)) return value.map(hideSealed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hideSealed(item)]));
}
