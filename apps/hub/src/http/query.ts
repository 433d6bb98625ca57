import { storableText } from '../events/storable-text.js';
import { notIsoTime, parseIsoTime } from './iso-time.js';
import { Problem } from './problem.js';

/** A query string as express hands it out: a value, or several where the key was repeated. */
export type Query = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => UUID.test(text);

/** All values of a key; repeating a key means OR. */
export function listOf(query: Query, key: string): readonly string[] {
  const value = query[key];
  const values: unknown[] = Array.isArray(value) ? value : value === undefined || value === '' ? [] : [value];
  // What no column can hold is compared as what would be held in its place.
  if (values.every((entry): entry is string => typeof entry === 'string')) return values.map(storableText);
  throw invalid(key, 'must be text');
}

/** The only value of a key. */
export function textOf(query: Query, key: string): string | undefined {
  const values = listOf(query, key);
  if (values.length > 1) throw invalid(key, 'may be given once');
  return values[0];
}

export function idsOf(query: Query, key: string): readonly string[] {
  const values = listOf(query, key);
  if (values.every(isUuid)) return values;
  throw invalid(key, 'must be an id');
}

export function choicesOf(query: Query, key: string, allowed: readonly string[]): readonly string[] {
  const values = listOf(query, key);
  if (values.every((value) => allowed.includes(value))) return values;
  throw invalid(key, `must be one of ${allowed.join(', ')}`);
}

export function timeOf(query: Query, key: string): Date | undefined {
  const text = textOf(query, key);
  if (text === undefined) return undefined;
  const time = parseIsoTime(text);
  if (time !== undefined) return time;
  throw invalid(key, notIsoTime);
}

/** An id from a path; anything else cannot exist. */
export function pathId(id: string, what: string): string {
  if (isUuid(id)) return id;
  throw Problem.notFound(`${what} ${id.slice(0, 64)}`);
}

function invalid(key: string, message: string): Problem {
  return Problem.badRequest(`${key} ${message}.`, [{ path: `?${key}`, message }]);
}
