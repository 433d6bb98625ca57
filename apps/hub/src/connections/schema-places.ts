import type { JsonObject, JsonValue } from '@syncline/connector-sdk';
import { pointerTo } from '../secrets/json-pointer.js';
import { isJsonObject } from './merge-patch.js';

export type Hint = 'x-secret' | 'x-instance' | 'x-list';

/** A value in a config whose schema carries a hint. */
export interface Place {
  readonly pointer: string;
  readonly value: unknown;
  /** What the hint says: true, or the kind of instance. */
  readonly hint: JsonValue;
}

type Path = readonly (string | number)[];

/** The places of a value that a schema marks with the hint. Values that do not fit the schema are passed over. */
export function placesOf(schema: JsonObject, value: unknown, hint: Hint): readonly Place[] {
  const found = new Map<string, Place>();
  visit(schema, value, [], (path, at, node) => {
    const said = node[hint];
    const pointer = path.map(pointerTo).join('');
    if (said !== undefined && said !== false && !found.has(pointer))
      found.set(pointer, { pointer, value: at, hint: said });
  });
  return [...found.values()];
}

/** A copy in which each such place holds what `turn` makes of it; `undefined` takes it out. */
export function mapPlaces(
  schema: JsonObject,
  value: JsonObject,
  hint: Hint,
  turn: (place: Place) => unknown,
): JsonObject {
  const turned = new Map(placesOf(schema, value, hint).map((place) => [place.pointer, turn(place)]));
  return isJsonObject(value) ? replaceObject(value, '', turned) : value;
}

function replace(value: unknown, pointer: string, turned: ReadonlyMap<string, unknown>): unknown {
  if (turned.has(pointer)) return turned.get(pointer);
  if (Array.isArray(value)) return value.map((item, index) => replace(item, pointer + pointerTo(index), turned));
  return isJsonObject(value) ? replaceObject(value, pointer, turned) : value;
}

function replaceObject(value: JsonObject, pointer: string, turned: ReadonlyMap<string, unknown>): JsonObject {
  const entries = Object.entries(value).map(([name, item]) => [name, replace(item, pointer + pointerTo(name), turned)]);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined)) as JsonObject;
}

function visit(
  root: JsonObject,
  value: unknown,
  path: Path,
  report: (path: Path, value: unknown, node: JsonObject) => void,
): void {
  const walk = (node: unknown, at: unknown, where: Path, depth: number): void => {
    // A schema that refers to itself ends where the value ends; the depth guards against one that does not.
    if (!isJsonObject(node) || depth > 64) return;
    report(where, at, node);
    for (const same of sameValueSchemas(root, node)) walk(same, at, where, depth + 1);
    if (Array.isArray(at)) at.forEach((item, index) => walk(node['items'], item, [...where, index], depth + 1));
    if (!isJsonObject(at)) return;
    const properties = isJsonObject(node['properties']) ? node['properties'] : {};
    for (const [name, item] of Object.entries(at)) {
      const known = Object.hasOwn(properties, name) ? properties[name] : node['additionalProperties'];
      walk(known, item, [...where, name], depth + 1);
    }
  };
  walk(root, value, path, 0);
}

/** Schemas that speak of the same value: references and combinations. */
function sameValueSchemas(root: JsonObject, node: JsonObject): readonly unknown[] {
  const lists = ['allOf', 'anyOf', 'oneOf'].flatMap((name) => {
    const list = node[name];
    return Array.isArray(list) ? (list as unknown[]) : [];
  });
  return [...lists, node['then'], node['else'], resolveReference(root, node['$ref'])];
}

/** Local references (`#/$defs/project`) only. */
function resolveReference(root: JsonObject, reference: unknown): unknown {
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return undefined;
  let node: unknown = root;
  for (const step of reference.slice(2).split('/')) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    node = isJsonObject(node) ? node[name] : undefined;
  }
  return node;
}
