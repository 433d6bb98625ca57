import type { z } from 'zod';
import type { GitLabClient, Paging } from './client.js';
import { parseItems } from './page.js';
import type { ListCursor, Page } from './stream-reader.js';
import { advance, nextRequest, type WalkCursor, type WalkOptions } from './updated-walk.js';

/** A list, how its items are parsed, and which field names an item that cannot be. */
export interface ListKind<T> {
  readonly schema: z.ZodType<T>;
  readonly key: string;
  readonly what: string;
}

/** Query of a list in the order of `updated_at`, as every such endpoint takes it. */
export interface UpdatedQuery extends Paging {
  readonly orderBy: 'updated_at';
  readonly sort: 'asc' | 'desc';
  readonly updatedAfter?: string;
}

/** One pass of the `updated_at` walk, page by page. */
export async function* walkUpdated<T extends { readonly updatedAt: Date | null }>(
  client: GitLabClient,
  kind: ListKind<T>,
  from: WalkCursor | undefined,
  options: WalkOptions,
  call: (query: UpdatedQuery) => Promise<unknown>,
): AsyncIterable<Page<T, WalkCursor>> {
  let cursor = from;
  do {
    const { page, sort, updatedAfter } = nextRequest(cursor, options);
    const bound = updatedAfter === undefined ? {} : { updatedAfter };
    const raw = await client.page(page, (paging) => call({ orderBy: 'updated_at', sort, ...bound, ...paging }));
    const answer = {
      times: raw.items.map(updatedAtOf),
      hasNext: raw.nextPage !== undefined,
      serverDate: raw.serverDate,
    };
    cursor = advance(cursor, answer, options);
    yield { items: parseItems(raw.items, kind.schema, kind.key, kind.what), cursor };
  } while (cursor.position !== undefined);
}

/** All pages of a list that has no order of change. */
export async function* readWhole<T>(
  client: GitLabClient,
  kind: ListKind<T>,
  from: ListCursor | undefined,
  call: (paging: Paging) => Promise<unknown>,
): AsyncIterable<Page<T, ListCursor>> {
  // A token of another way of reading says nothing here: the list begins again.
  let page: number | undefined = from?.page ?? 1;
  while (page !== undefined) {
    const raw = await client.page(page, call);
    page = raw.nextPage;
    const cursor: ListCursor = page === undefined ? {} : { page };
    yield { items: parseItems(raw.items, kind.schema, kind.key, kind.what), cursor };
  }
}

/** The time of a row, readable or not: an item that cannot be parsed must not stop the walk. */
function updatedAtOf(item: unknown): Date | null {
  if (typeof item !== 'object' || item === null || !('updated_at' in item)) return null;
  if (typeof item.updated_at !== 'string') return null;
  const time = new Date(item.updated_at);
  return Number.isNaN(time.getTime()) ? null : time;
}
