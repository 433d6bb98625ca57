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
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => [storableText(key), canonicalJson(item)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
