import { Problem } from './problem.js';
import { isUuid } from './query.js';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 500;

/** What a list is sorted by; `id` is a UUID, `number` a whole one, as text because it may be a bigint. */
export type SortKey = 'text' | 'number' | 'id';

/** A place in an ordered list: the sort values of the last row given out. */
export type Cursor<Keys extends readonly SortKey[] = readonly SortKey[]> = { readonly [Index in keyof Keys]: string };

export interface PageRequest<Keys extends readonly SortKey[]> {
  readonly limit: number;
  readonly cursor: Cursor<Keys> | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Opaque to clients: base64url of JSON. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

const fits: Readonly<Record<SortKey, (value: string) => boolean>> = {
  text: (value) => !value.includes('\0'),
  number: (value) => /^-?\d{1,17}$/.test(value),
  id: isUuid,
};

/** Answers 400 for a cursor that a list sorted by `keys` did not give out. */
export function decodeCursor<const Keys extends readonly SortKey[]>(text: string, keys: Keys): Cursor<Keys> {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (isCursor(value, keys)) return value;
  } catch {
    // told below
  }
  throw Problem.badRequest('The cursor is not one that this list gave out.', [
    { path: '?cursor', message: 'must be a nextCursor of this list' },
  ]);
}

function isCursor<Keys extends readonly SortKey[]>(value: unknown, keys: Keys): value is Cursor<Keys> {
  if (!Array.isArray(value) || value.length !== keys.length) return false;
  const values: unknown[] = value;
  return keys.every((key, index) => {
    const entry = values[index];
    return typeof entry === 'string' && fits[key](entry);
  });
}

/** Reads `?limit=` (1..500, default 50) and `?cursor=`; a bad one is 400. `keys`: what the list is sorted by. */
export function parsePage<const Keys extends readonly SortKey[]>(
  query: { readonly limit?: unknown; readonly cursor?: unknown },
  keys: Keys,
): PageRequest<Keys> {
  return { limit: parseLimit(query.limit), cursor: parseCursor(query.cursor, keys) };
}

function parseLimit(value: unknown): number {
  if (value === undefined) return DEFAULT_LIMIT;
  const limit = typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  const message = `must be a whole number from 1 to ${MAX_LIMIT}`;
  throw Problem.badRequest(`limit ${message}.`, [{ path: '?limit', message }]);
}

function parseCursor<Keys extends readonly SortKey[]>(value: unknown, keys: Keys): Cursor<Keys> | undefined {
  if (value === undefined || value === '') return undefined;
  return decodeCursor(typeof value === 'string' ? value : '', keys);
}

/** Cuts a list that was read with one row too many; that row proves that there is a next page. */
export function toPage<Row, T>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => Cursor,
  map: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null;
  return { items: shown.map(map), nextCursor };
}
