import { Problem } from './problem.js';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 500;

/** A place in an ordered list: the sort values of the last row given out. */
export type Cursor = readonly (string | number | null)[];

export interface PageRequest {
  readonly limit: number;
  readonly cursor: Cursor | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Opaque to clients: base64url of JSON. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Answers 400 for a cursor that this list (of `length` sort values) did not give out. */
export function decodeCursor(text: string, length: number): Cursor {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(value) && value.length === length && value.every(isSortValue)) return value;
  } catch {
    // told below
  }
  throw Problem.badRequest('The cursor is not one that this list gave out.', [
    { path: '?cursor', message: 'must be a nextCursor of this list' },
  ]);
}

const isSortValue = (value: unknown): value is string | number | null =>
  value === null || typeof value === 'string' || typeof value === 'number';

/** Reads `?limit=` (1..500, default 50) and `?cursor=`; a bad one is 400. `keyLength`: sort values in a cursor. */
export function parsePage(
  query: { readonly limit?: unknown; readonly cursor?: unknown },
  keyLength: number,
): PageRequest {
  return { limit: parseLimit(query.limit), cursor: parseCursor(query.cursor, keyLength) };
}

function parseLimit(value: unknown): number {
  if (value === undefined) return DEFAULT_LIMIT;
  const limit = typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  const message = `must be a whole number from 1 to ${MAX_LIMIT}`;
  throw Problem.badRequest(`limit ${message}.`, [{ path: '?limit', message }]);
}

function parseCursor(value: unknown, keyLength: number): Cursor | undefined {
  if (value === undefined || value === '') return undefined;
  return decodeCursor(typeof value === 'string' ? value : '', keyLength);
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
