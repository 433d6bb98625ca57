import type { ConnectorMetadata, JsonObject, JsonValue } from '@syncline/connector-sdk';
import type { FieldError } from '../http/problem.js';
import { pointerTo } from '../secrets/json-pointer.js';
import { isJsonObject } from './merge-patch.js';
import type { Schedule } from './schedule.js';

/** An instance that a config describes instead of naming it. */
export interface InstanceDraft {
  /** The config property that will hold its id. */
  readonly property: string;
  readonly kind: string;
  readonly baseUrl: string | undefined;
  readonly credentials: Readonly<Record<string, string>>;
  /** Where to complain. */
  readonly pointer: string;
}

export interface UnaliasedConfig {
  readonly config: JsonObject;
  readonly draft: InstanceDraft | undefined;
  readonly schedule: Schedule | undefined;
  /** The name a client used for a property, for messages. */
  readonly usedNames: ReadonlyMap<string, string>;
  readonly errors: readonly FieldError[];
}

const INTERVAL_SECONDS = 'schedule.intervalSeconds';

/** Replaces the other names a connector accepts for its config keys by what they mean. */
export function resolveAliases(metadata: ConnectorMetadata, given: JsonObject): UnaliasedConfig {
  const config = new Map(Object.entries(given));
  const usedNames = new Map<string, string>();
  const errors: FieldError[] = [];
  const drafts = new Map<string, Map<string, { value: JsonValue; pointer: string }>>();
  let schedule: Schedule | undefined;
  for (const [alias, target] of Object.entries(metadata.configAliases ?? {})) {
    const value = config.get(alias);
    if (value === undefined || alias === target) continue;
    const pointer = `/config${pointerTo(alias)}`;
    config.delete(alias);
    if (target === INTERVAL_SECONDS) {
      const seconds = Number(value);
      if (value !== null && seconds > 0) schedule = { intervalMinutes: Math.max(1, Math.round(seconds / 60)) };
      else errors.push({ path: pointer, message: 'must be a number of seconds above 0' });
      continue;
    }
    const [property = '', ...rest] = target.split('.');
    const owner = rest.length === 0 ? target : property;
    if (given[owner] !== undefined) {
      errors.push({ path: pointer, message: `is another name for ${owner}, which is given too; keep one of them` });
    } else if (rest.length === 0) {
      config.set(target, value);
      usedNames.set(target, alias);
    } else {
      const fields = drafts.get(property) ?? new Map<string, { value: JsonValue; pointer: string }>();
      drafts.set(property, fields.set(rest.join('.'), { value, pointer }));
    }
  }
  const [draft] = [...drafts].map(([property, fields]) => draftOf(metadata, property, fields, errors));
  return { config: Object.fromEntries(config), draft, schedule, usedNames, errors };
}

function draftOf(
  metadata: ConnectorMetadata,
  property: string,
  fields: ReadonlyMap<string, { value: JsonValue; pointer: string }>,
  errors: FieldError[],
): InstanceDraft | undefined {
  const properties = metadata.configSchema['properties'];
  const schema = isJsonObject(properties) ? properties[property] : undefined;
  const kind = isJsonObject(schema) ? schema['x-instance'] : undefined;
  if (typeof kind !== 'string') return undefined;
  const credentials: Record<string, string> = {};
  let baseUrl: string | undefined;
  let pointer = '/config';
  for (const [name, field] of fields) {
    pointer = field.pointer;
    if (typeof field.value !== 'string' || field.value.trim() === '') {
      errors.push({ path: field.pointer, message: 'must be text' });
    } else if (name === 'baseUrl') baseUrl = field.value;
    else credentials[name.replace(/^credentials\./, '')] = field.value.trim();
  }
  return { property, kind, baseUrl, credentials, pointer };
}
