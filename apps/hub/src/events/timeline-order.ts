import type { Parameters } from './filter-sql.js';

export type Direction = 'asc' | 'desc';

/** A place on the timeline: microseconds since 1970 and the row's id, both as decimal text. */
export interface Place {
  readonly at: string;
  readonly id: string;
}

/** The key of a row, in microseconds: a JavaScript date would cut them off and skip rows. */
export const PLACE_COLUMNS = `(extract(epoch from occurred_at) * 1000000)::bigint::text as place_at`;

export function orderBy(direction: Direction): string {
  return `order by occurred_at ${direction}, id ${direction}`;
}

/** Rows that come after a place, in this direction. */
export function afterPlace(place: Place | undefined, direction: Direction, parameters: Parameters): string[] {
  if (place === undefined) return [];
  const at = `timestamptz 'epoch' + ${parameters.add(place.at, 'bigint')} * interval '1 microsecond'`;
  return [`(occurred_at, id) ${direction === 'desc' ? '<' : '>'} (${at}, ${parameters.add(place.id, 'bigint')})`];
}
