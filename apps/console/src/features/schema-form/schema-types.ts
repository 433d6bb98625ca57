import { isJsonObject, jsonText, type JsonObject, type JsonValue } from '../../api/json.js';
import { humanise } from '../../layout/humanise.js';

/** What the widgets need to know beyond the schema. */
export interface FormContext {
  /** The saved connection: only it can be asked for remote choices. */
  connectionId?: string;
  /** Grows with every save: fields that were open for a new secret close again. */
  version: number;
}

/** A schema's properties, or none. */
export function propertiesOf(schema: JsonObject | undefined): Record<string, JsonObject> {
  const properties = schema?.['properties'];
  if (!isJsonObject(properties)) return {};
  return Object.fromEntries(
    Object.entries(properties).filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1])),
  );
}

export function textOf(schema: JsonObject, key: string): string | undefined {
  const value = schema[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function hasType(schema: JsonObject, type: string): boolean {
  const declared = schema['type'];
  return declared === type || (Array.isArray(declared) && declared.includes(type));
}

/** Lists that one field edits: not lists of objects, which have a form per item. */
export function isSimpleList(schema: JsonObject): boolean {
  if (schema['x-list'] === true) return true;
  if (!hasType(schema, 'array')) return false;
  const items = schema['items'];
  return (
    isJsonObject(items) && !hasType(items, 'object') && !hasType(items, 'array') && !isJsonObject(items['properties'])
  );
}

/** The choices of a list whose items are an enum or titled constants. */
export function choicesOf(items: JsonValue | undefined): { value: string; label: string }[] | undefined {
  if (!isJsonObject(items)) return undefined;
  if (Array.isArray(items['enum']))
    return items['enum'].map((value) => ({ value: jsonText(value), label: humanise(jsonText(value)) }));
  const titled = items['oneOf'] ?? items['anyOf'];
  if (!Array.isArray(titled)) return undefined;
  const choices = titled.filter(isJsonObject).filter((choice) => choice['const'] !== undefined);
  if (choices.length === 0) return undefined;
  return choices.map((choice) => ({
    value: jsonText(choice['const']),
    label: textOf(choice, 'title') ?? humanise(jsonText(choice['const'])),
  }));
}

/** May the field be seen, given its siblings' values? `x-depends-on` names one sibling and the value(s) it must have. */
export function isShown(
  name: string,
  properties: Record<string, JsonObject>,
  siblings: JsonValue | undefined,
): boolean {
  const condition = properties[name]?.['x-depends-on'];
  if (!isJsonObject(condition)) return true;
  const sibling = jsonText(condition['property']);
  const actual = (isJsonObject(siblings) ? siblings[sibling] : undefined) ?? properties[sibling]?.['default'];
  const wanted = condition['value'];
  if (wanted === undefined) return actual !== undefined && actual !== false && actual !== '';
  const accepted = Array.isArray(wanted) ? wanted : [wanted];
  return Array.isArray(actual) ? accepted.some((value) => actual.includes(value)) : accepted.includes(actual ?? null);
}
