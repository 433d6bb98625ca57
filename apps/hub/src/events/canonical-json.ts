import type { JsonValue } from '@syncline/connector-sdk';
import { storableText } from './storable-text.js';

/**
 * The value as it will be stored, with keys in one order and without absent ones, so that equal content has equal text
 * whatever order a source or a mapping gave it.
 */
export function canonicalJson(value: JsonValue | undefined): JsonValue {
  if (typeof value === 'string') return storableText(value);
  if (isList(value)) return value.map((item) => canonicalJson(item));
  if (value === null || value === undefined || typeof value !== 'object') return value ?? null;
  const sorted: [string, JsonValue][] = [];
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item !== undefined) sorted.push([storableText(key), canonicalJson(item)]);
  }
  return Object.fromEntries(sorted.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
