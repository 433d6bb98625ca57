import type { GraphQlCall } from '../graphql-call.js';
import { encodeCursor, type Order } from './order.js';
import { pageOf, type Page, type PageArguments } from './page.js';

export interface ConnectionParts<T> {
  /** Already in the order. */
  readonly rows: readonly T[];
  readonly order: Order<T>;
  readonly args: PageArguments;
  readonly maximum?: number | undefined;
  readonly view: (row: T) => object;
}

/** A list as GraphQL shows it. The page is cut when somebody looks at it, so a bad cursor fails those who look. */
export function connection<T>(call: GraphQlCall, { rows, order, args, maximum, view }: ConnectionParts<T>) {
  let cut: Page<T> | undefined;
  const { after, ...others } = args;
  const page = (): Page<T> =>
    (cut ??= pageOf(rows, order, call.repeatsFirstPage ? others : { ...others, after }, maximum));
  const cursor = (row: T | undefined): string | null => (row === undefined ? null : encodeCursor(order, row));
  return {
    count: rows.length,
    nodes: () => page().rows.map(view),
    edges: () => page().rows.map((row) => ({ cursor: cursor(row), node: view(row) })),
    pageInfo: () => {
      const { rows: shown, hasNextPage, hasPreviousPage } = page();
      return { hasNextPage, hasPreviousPage, startCursor: cursor(shown[0]), endCursor: cursor(shown.at(-1)) };
    },
  };
}

/** A short list in its own order, such as the assignees of a merge request: its cursors are places in the list. */
export function shortConnection<T>(
  call: GraphQlCall,
  items: readonly T[],
  args: PageArguments,
  view: (item: T) => object,
  maximum?: number,
) {
  const rows = items.map((item, place) => ({ item, place: place + 1 }));
  const order: Order<(typeof rows)[number]> = [{ name: 'place', of: ({ place }) => place, direction: 'asc' }];
  return connection(call, { rows, order, args, maximum, view: ({ item }) => view(item) });
}
