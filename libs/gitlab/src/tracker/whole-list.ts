import { ConnectorError } from '@syncline/connector-sdk';
import type { z } from 'zod';
import type { GitLabClient, Paging } from '../client.js';
import { parseOne, type RawPage } from '../page.js';

/** How often a list that keeps changing is read before it is taken as it is found. */
const MOST_PASSES = 4;

/**
 * All rows of a list in the order of creation. A row that is deleted while we read pulls the later ones over the page
 * border, and one would be missing as if it were deleted, too. So after the last page the one before it is read again: if
 * it is unchanged, nothing before the last page has moved; otherwise all is read again. Lists of one page cost one
 * request.
 */
export async function readAll<T>(
  client: GitLabClient,
  schema: z.ZodType<T>,
  what: string,
  call: (paging: Paging) => Promise<unknown>,
): Promise<T[]> {
  for (let pass = 1; pass <= MOST_PASSES; pass += 1) {
    const pages = await readPages(client, call);
    const [before, last] = pages.slice(-2);
    const isSteady =
      before === undefined || last === undefined || idsOf(await client.page(pages.length - 1, call)) === idsOf(before);
    if (!isSteady) continue;
    return pages.flatMap(({ items }) => items.map((item) => parseOne(item, schema, what)));
  }
  throw new ConnectorError('transient', `The list of ${what} changed all the time while it was read.`);
}

async function readPages(client: GitLabClient, call: (paging: Paging) => Promise<unknown>): Promise<RawPage[]> {
  const pages: RawPage[] = [];
  let next: number | undefined = 1;
  while (next !== undefined) {
    const page: RawPage = await client.page(next, call);
    pages.push(page);
    // A remote that sends us in circles would never end.
    next = page.nextPage !== undefined && page.nextPage > next ? page.nextPage : undefined;
  }
  return pages;
}

function idsOf({ items }: RawPage): string {
  return items
    .map((item) => (typeof item === 'object' && item !== null && 'id' in item ? String(item.id) : '?'))
    .join(' ');
}
