import type { Call } from '../../http/call.js';
import type { Listing } from '../../http/listing.js';
import { keysetUnavailable } from '../../http/pagination.js';
import { badParameter, jsonArray, jsonText, type Reply } from '../../http/reply.js';
import type { Issue } from '../model/issue.js';

/** A place between two rows: the values of the last row that was answered. */
interface Place {
  readonly value: number;
  readonly id: number;
}

/**
 * Pages of one project's issues that follow each other by value, not by number, as since 18.3. Only `Link rel="next"`
 * leads on; without it the end is reached.
 */
export function issueKeysetReply(
  call: Call,
  listing: Listing<Issue>,
  ofOneProject: boolean,
  render: (row: Issue) => string | Buffer,
): Reply {
  const { parameters } = call;
  const orderBy = parameters.string('order_by') ?? 'created_at';
  if (!ofOneProject || (orderBy !== 'created_at' && orderBy !== 'updated_at')) throw keysetUnavailable;
  const perPage = Math.min(100, Math.max(1, parameters.integer('per_page') ?? 20));
  const valueOf = (row: Issue): number => (orderBy === 'created_at' ? row.createdAt : row.updatedAt);
  const after = placeOf(parameters.string('cursor'));
  const descending = parameters.string('sort') !== 'asc';
  const from = after === undefined ? 0 : firstBeyond(listing, after, descending, valueOf);
  const rows = listing.slice(from, perPage);
  const last = rows.at(-1);
  const body = jsonArray(rows.map(render));
  if (last === undefined || from + rows.length >= listing.count) return jsonText(body);
  const query = new URLSearchParams(parameters.query);
  for (const name of ['private_token', 'access_token', 'job_token', 'page']) query.delete(name);
  const place: Place = { value: valueOf(last), id: last.id };
  query.set('cursor', Buffer.from(JSON.stringify(place)).toString('base64url'));
  return jsonText(body, 200, { Link: `<${call.site.url}/api/v4${call.path}?${query.toString()}>; rel="next"` });
}

/** The position of the first row behind the place. Ties stand in descending order of id when ascending, and vice versa. */
function firstBeyond(
  listing: Listing<Issue>,
  place: Place,
  descending: boolean,
  valueOf: (row: Issue) => number,
): number {
  const sign = descending ? -1 : 1;
  let low = 0;
  let high = listing.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const [row] = listing.slice(middle, 1);
    if (row === undefined) break;
    const order = valueOf(row) === place.value ? place.id - row.id : valueOf(row) - place.value;
    if (order * sign <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function placeOf(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (typeof value === 'object' && value !== null && 'value' in value && 'id' in value)
      return { value: Number(value.value), id: Number(value.id) };
  } catch {
    // Falls through to the refusal.
  }
  throw badParameter('cursor is invalid');
}
