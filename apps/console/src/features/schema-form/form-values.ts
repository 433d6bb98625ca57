import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.js';
import { isShown, propertiesOf } from './schema-types.js';

/**
 * What is sent of the form's data: no empty texts, no empty objects, and nothing of fields that are not shown, because
 * nobody could see what they say. Null stays: it removes a secret.
 */
export function sentValues(schema: JsonObject, data: JsonObject): JsonObject {
  const properties = propertiesOf(schema);
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(data)) {
    if (properties[name] !== undefined && !isShown(name, properties, data)) continue;
    const sent = sentValue(properties[name], value);
    if (sent !== undefined) result[name] = sent;
  }
  return result;
}

function sentValue(schema: JsonObject | undefined, value: JsonValue | undefined): JsonValue | undefined {
  if (value === '' || value === undefined) return undefined;
  if (isJsonObject(value)) {
    const inner = sentValues(schema ?? {}, value);
    return Object.keys(inner).length === 0 ? undefined : inner;
  }
  if (Array.isArray(value)) {
    const items = isJsonObject(schema?.['items']) ? schema['items'] : undefined;
    return value.map((item) => (isJsonObject(item) ? sentValues(items ?? {}, item) : item));
  }
  return value;
}
