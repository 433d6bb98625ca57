import type { RJSFSchema, UiSchema } from '@rjsf/utils';
import { isJsonObject, jsonText, type JsonObject, type JsonValue } from '../../api/json.js';
import { humanise } from '../../layout/humanise.js';
import { choicesOf, hasType, isSimpleList, propertiesOf, textOf } from './schema-types.js';
import { resolveRefs } from './resolve-refs.js';

export interface PreparedForm {
  schema: RJSFSchema;
  uiSchema: UiSchema;
  /** The configuration without its masked secrets: a secret that is absent is kept. */
  formData: JsonObject;
}

interface Prepared {
  schema: JsonObject;
  ui: JsonObject;
  value: JsonValue | undefined;
}

/** Turns a connector's config schema with its `x-` hints, and a stored configuration, into what the form renders. */
export function prepareForm(configSchema: JsonObject, config: JsonObject): PreparedForm {
  const { schema, ui, value } = prepareObject(resolveRefs(configSchema), config, '');
  // The form's own title and description stand above it already.
  const { title: _title, description: _description, $schema: _draft, $id: _id, ...rest } = schema;
  return { schema: rest, uiSchema: ui as UiSchema, formData: isJsonObject(value) ? value : {} };
}

function prepare(name: string, node: JsonObject, value: JsonValue | undefined, pointer: string): Prepared {
  const titled = describe(name, node);
  if (node['x-secret'] === true) return prepareSecret(titled, value, pointer);
  if (typeof node['x-instance'] === 'string') {
    return {
      schema: titled,
      value,
      ui: { 'ui:widget': 'instance', 'ui:options': { pointer, kind: node['x-instance'] } },
    };
  }
  if (isSimpleList(node)) return prepareList(titled, value, pointer);
  if (isJsonObject(node['properties'])) return prepareObject(titled, isJsonObject(value) ? value : undefined, pointer);
  if (hasType(node, 'array') && isJsonObject(node['items'])) {
    const item = prepare(name, node['items'], undefined, `${pointer}/items`);
    return {
      schema: { ...titled, items: { ...item.schema, title: textOf(node['items'], 'title') ?? '' } },
      ui: { items: item.ui },
      value,
    };
  }
  if (node['x-remote'] === true)
    return { schema: titled, value, ui: { 'ui:widget': 'remote', 'ui:options': { pointer } } };
  return { schema: titled, value, ui: {} };
}

function prepareObject(node: JsonObject, value: JsonObject | undefined, pointer: string): Prepared {
  const properties: JsonObject = {};
  const ui: JsonObject = {};
  const values: JsonObject = { ...value };
  const kept = new Set<string>();
  const declared = propertiesOf(node);
  for (const [name, property] of Object.entries(declared)) {
    const prepared = prepare(name, property, value?.[name], `${pointer}/${escapeSegment(name)}`);
    properties[name] = prepared.schema;
    ui[name] = prepared.ui;
    if (prepared.value === undefined) delete values[name];
    else values[name] = prepared.value;
    if (property['x-secret'] === true && prepared.value === undefined && value?.[name] !== undefined) kept.add(name);
  }
  ui['ui:order'] = [...orderOf(declared), '*'];
  const required = Array.isArray(node['required'])
    ? node['required'].filter((name) => !kept.has(jsonText(name)))
    : undefined;
  return {
    schema: { ...node, properties, ...(required === undefined ? {} : { required }) },
    ui,
    value: value === undefined ? undefined : values,
  };
}

/** A stored secret reads `{set, hint}`: the field then holds nothing until it is replaced; null asks to remove it. */
function prepareSecret(node: JsonObject, value: JsonValue | undefined, pointer: string): Prepared {
  const stored = isJsonObject(value) && value['set'] === true ? value : undefined;
  return {
    schema: { ...node, type: ['string', 'null'] },
    ui: { 'ui:widget': 'secret', 'ui:options': { pointer, stored } },
    value: typeof value === 'string' ? value : undefined,
  };
}

function prepareList(node: JsonObject, value: JsonValue | undefined, pointer: string): Prepared {
  const choices = choicesOf(node['items']);
  const items = isJsonObject(node['items']) ? node['items'] : { type: 'string' };
  const numeric = (hasType(items, 'integer') || hasType(items, 'number')) && !hasType(items, 'string');
  return {
    // A list hint may stand on a type that also takes one text; the form always edits a list.
    schema: { ...node, type: 'array', items },
    ui: {
      'ui:widget': choices === undefined ? 'tags' : 'choices',
      'ui:options': {
        pointer,
        numeric,
        remote: node['x-remote'] === true,
        ...(choices === undefined ? {} : { choices }),
      },
    },
    value: typeof value === 'string' ? splitList(value) : value,
  };
}

function describe(name: string, node: JsonObject): JsonObject {
  const texts = [textOf(node, 'description'), textOf(node, 'x-help')].filter((text) => text !== undefined);
  return {
    ...node,
    title: textOf(node, 'title') ?? humanise(name),
    ...(texts.length === 0 ? {} : { description: [...new Set(texts)].join(' ') }),
  };
}

/** By `x-order`; those without one follow in the order they are declared. */
function orderOf(properties: Record<string, JsonObject>): string[] {
  const rank = (node: JsonObject) => (typeof node['x-order'] === 'number' ? node['x-order'] : Number.MAX_SAFE_INTEGER);
  return Object.entries(properties)
    .sort((a, b) => rank(a[1]) - rank(b[1]))
    .map(([name]) => name);
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function escapeSegment(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
