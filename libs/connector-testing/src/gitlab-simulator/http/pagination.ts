import type { Call } from './call.js';
import type { Listing } from './listing.js';
import { badParameter, jsonArray, jsonReply, jsonText, Refusal, type Reply } from './reply.js';

/** Above this many rows GitLab no longer counts. */
const countedRows = 10_000;
const maxOffset = 50_000;

export interface PageOptions {
  /** False where GitLab pages without counting, as with commits. */
  readonly totals?: boolean;
  /** The type's name where the offset limit applies: only types that also have keyset paging. */
  readonly offsetLimitOf?: string;
}

/** One page with the `X-*` and `Link` headers. A page past the end is `[]` with 200. */
export function pageReply<T>(
  call: Call,
  listing: Listing<T>,
  render: (row: T) => string | Buffer,
  options: PageOptions = {},
): Reply {
  const { page, perPage } = pageOf(call);
  const offset = (page - 1) * perPage;
  if (options.offsetLimitOf !== undefined && offset > maxOffset) {
    const error = `Offset pagination has a maximum allowed offset of ${maxOffset} for requests that return objects of type ${options.offsetLimitOf}. Remaining records can be retrieved using keyset pagination.`;
    throw new Refusal(jsonReply({ error }, 405));
  }
  const rows = listing.slice(offset, perPage);
  const more = offset + perPage < listing.count;
  const counted = options.totals !== false && listing.count <= countedRows;
  const lastPage = Math.max(1, Math.ceil(listing.count / perPage));
  const headers: Record<string, string> = {
    'X-Page': String(page),
    'X-Per-Page': String(perPage),
    'X-Next-Page': more ? String(page + 1) : '',
    'X-Prev-Page': page > 1 ? String(page - 1) : '',
    Link: links(call, perPage, {
      ...(page > 1 ? { prev: page - 1 } : {}),
      ...(more ? { next: page + 1 } : {}),
      first: 1,
      ...(counted ? { last: lastPage } : {}),
    }),
  };
  if (counted) Object.assign(headers, { 'X-Total': String(listing.count), 'X-Total-Pages': String(lastPage) });
  return jsonText(jsonArray(rows.map(render)), 200, headers);
}

/** One page after an id, with only `Link rel="next"`; without it the end is reached. */
export function keysetReply<T extends { readonly id: number }>(
  call: Call,
  rows: readonly T[],
  direction: 'asc' | 'desc',
  render: (row: T) => string | Buffer,
): Reply {
  const { perPage } = pageOf(call);
  const after = call.parameters.integer('id_after');
  const before = call.parameters.integer('id_before');
  const ordered = rows
    .filter((row) => (after === undefined || row.id > after) && (before === undefined || row.id < before))
    .sort((left, right) => (direction === 'asc' ? left.id - right.id : right.id - left.id));
  const page = ordered.slice(0, perPage);
  const last = page.at(-1);
  const body = jsonArray(page.map(render));
  if (last === undefined || ordered.length <= perPage) return jsonText(body);
  const bound = direction === 'asc' ? 'id_after' : 'id_before';
  const next = link(call, { per_page: String(perPage), [bound]: String(last.id) }, 'next', ['page']);
  return jsonText(body, 200, { Link: next });
}

export const keysetUnavailable = new Refusal(
  jsonReply({ error: 'Keyset pagination is not yet available for this type of request' }, 405),
);

function pageOf(call: Call): { page: number; perPage: number } {
  const page = call.parameters.integer('page') ?? 1;
  const perPage = call.parameters.integer('per_page') ?? 20;
  if (perPage === 0) throw badParameter('per_page has a value not allowed');
  return { page: Math.max(1, page), perPage: perPage < 0 ? 20 : Math.min(100, perPage) };
}

function links(call: Call, perPage: number, pages: Readonly<Record<string, number>>): string {
  return Object.entries(pages)
    .map(([rel, page]) => link(call, { page: String(page), per_page: String(perPage) }, rel))
    .join(', ');
}

/** The URL is built on the instance's configured address, whatever host was called. */
function link(call: Call, change: Readonly<Record<string, string>>, rel: string, drop: readonly string[] = []): string {
  const query = new URLSearchParams(call.parameters.query);
  for (const name of ['private_token', 'access_token', 'job_token', ...drop]) query.delete(name);
  for (const [name, value] of Object.entries(change)) query.set(name, value);
  return `<${call.site.url}/api/v4${call.path}?${query.toString()}>; rel="${rel}"`;
}
