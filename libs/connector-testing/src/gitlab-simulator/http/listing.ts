import type { IndexRange } from '../model/ordered-index.js';

/** Rows in the order of the answer; only the asked part is ever cut out. */
export interface Listing<T> {
  readonly count: number;
  slice(offset: number, limit: number): readonly T[];
}

export function listArray<T>(rows: readonly T[]): Listing<T> {
  return { count: rows.length, slice: (offset, limit) => rows.slice(offset, offset + limit) };
}

/** A part of an index, ascending or descending, with what does not match left out. Without filters it costs one page. */
export function listRange<T>(
  range: IndexRange<T>,
  direction: 'asc' | 'desc',
  filters: readonly ((row: T) => boolean)[] = [],
): Listing<T> {
  const { rows, from, to } = range;
  if (filters.length > 0) {
    const kept: T[] = [];
    for (let at = from; at < to; at += 1) {
      const row = rows[at];
      if (row !== undefined && filters.every((matches) => matches(row))) kept.push(row);
    }
    return listArray(direction === 'asc' ? kept : kept.reverse());
  }
  return {
    count: to - from,
    slice: (offset, limit) =>
      direction === 'asc'
        ? rows.slice(Math.min(from + offset, to), Math.min(from + offset + limit, to))
        : rows.slice(Math.max(to - offset - limit, from), Math.max(to - offset, from)).reverse(),
  };
}
