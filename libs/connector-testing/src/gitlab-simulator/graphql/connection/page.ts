import { GraphQLError } from 'graphql';
import { compareKeys, decodeCursor, sortKey, type Order } from './order.js';

export interface PageArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

export interface Page<T> {
  readonly rows: readonly T[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** How many rows a page has at most, whatever is asked. */
export const pageMaximum = 100;

/** The size of the asked page: the maximum where none is asked, and where more is asked. */
export function pageSize({ first, last }: PageArguments, maximum = pageMaximum): number {
  return Math.max(0, Math.min(first ?? maximum, last ?? maximum, maximum));
}

/**
 * The asked part of rows that are in this order.
 * @throws {GraphQLError} where a cursor cannot be read, and where both ends are asked for.
 */
export function pageOf<T>(rows: readonly T[], order: Order<T>, args: PageArguments, maximum = pageMaximum): Page<T> {
  const { first, last, after, before } = args;
  if (typeof first === 'number' && typeof last === 'number') {
    throw new GraphQLError('Can only provide either `first` or `last`, not both');
  }
  const from = typeof after === 'string' && after !== '' ? position(rows, order, after, 'after') : 0;
  const to = typeof before === 'string' && before !== '' ? position(rows, order, before, 'before') : rows.length;
  const sliced = rows.slice(from, Math.max(from, to));
  const size = pageSize(args, maximum);
  const more = sliced.length > size;
  if (typeof last === 'number') {
    const kept = sliced.slice(Math.max(0, sliced.length - size));
    return { rows: kept, hasNextPage: typeof before === 'string', hasPreviousPage: more };
  }
  const hasNextPage = typeof before === 'string' || more;
  return { rows: sliced.slice(0, size), hasNextPage, hasPreviousPage: typeof after === 'string' };
}

/** Where the rows after a cursor begin, or those before it end. */
function position<T>(rows: readonly T[], order: Order<T>, cursor: string, side: 'after' | 'before'): number {
  const key = decodeCursor(order, cursor);
  if (key === undefined) throw new GraphQLError('Please provide a valid cursor');
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    const compared = row === undefined ? 1 : compareKeys(order, sortKey(order, row), key);
    if (side === 'after' ? compared <= 0 : compared < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
