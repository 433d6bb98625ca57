/** One column of an order: what a cursor holds of a row, by the name it has there. */
export interface Column<T> {
  readonly name: string;
  readonly of: (row: T) => number | string | null;
  readonly direction: 'asc' | 'desc';
}

/** Columns of an order, the last one distinguishing all rows. Rows without a value come last either way. */
export type Order<T> = readonly Column<T>[];

type SortKey = readonly (number | string | null)[];

export function sortKey<T>(order: Order<T>, row: T): SortKey {
  return order.map((column) => column.of(row));
}

/** Negative where `left` comes before `right`. */
export function compareKeys<T>(order: Order<T>, left: SortKey, right: SortKey): number {
  for (const [index, { direction }] of order.entries()) {
    const a = left[index] ?? null;
    const b = right[index] ?? null;
    if (a === b) continue;
    if (a === null || b === null) return a === null ? 1 : -1;
    const ascending = a < b ? -1 : 1;
    return direction === 'asc' ? ascending : -ascending;
  }
  return 0;
}

export function sorted<T>(rows: readonly T[], order: Order<T>): T[] {
  return rows
    .map((row) => ({ row, key: sortKey(order, row) }))
    .sort((left, right) => compareKeys(order, left.key, right.key))
    .map(({ row }) => row);
}

/**
 * A keyset cursor: the sort values of a row, so that it holds its place whatever happens to the row.
 * Source: lib/gitlab/graphql/pagination/keyset/connection.rb
 */
export function encodeCursor<T>(order: Order<T>, row: T): string {
  const values = Object.fromEntries(order.map((column) => [column.name, column.of(row)]));
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** The sort values of a cursor; undefined where it is none, or one of another order. */
export function decodeCursor<T>(order: Order<T>, cursor: string): SortKey | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const values = new Map<string, unknown>(Object.entries(parsed));
    const key = order.map(({ name }) => values.get(name));
    return key.every(isSortValue) && values.size === order.length ? key : undefined;
  } catch {
    return undefined;
  }
}

function isSortValue(value: unknown): value is number | string | null {
  return value === null || typeof value === 'number' || typeof value === 'string';
}
