import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { LinkRow } from './link-row.js';
import { type LinkDetailView, type LinkHistoryView, toLinkView } from './link-view.js';

export interface LinkFilter {
  readonly connectionIds: readonly string[];
  readonly kinds: readonly string[];
  readonly states: readonly string[];
  /** Part of a title or a key, any case. */
  readonly q: string | undefined;
}

/** Microseconds since 1970 and the id: a JavaScript date would cut the microseconds off and skip rows. */
export interface LinkPlace {
  readonly at: string;
  readonly id: string;
}

interface HistoryRow {
  readonly at: Date;
  readonly run_id: string | null;
  readonly action: LinkHistoryView['action'];
  readonly side: 'left' | 'right' | null;
  readonly field: string | null;
  readonly reason: string;
}

/** Of a history that is shown: an item that changes every hour has tens of thousands of lines. */
const MOST_LINES = 1_000;

/** Reads links for people. */
@Injectable()
export class LinkQueries {
  constructor(private readonly database: DataSource) {}

  /** Newest first. */
  list(
    filter: LinkFilter,
    after: LinkPlace | undefined,
    limit: number,
  ): Promise<readonly (LinkRow & { place_at: string })[]> {
    return this.database.query(
      `select *, (extract(epoch from created_at) * 1000000)::bigint::text as place_at from link
       where (cardinality($1::uuid[]) = 0 or connection_id = any($1::uuid[]))
         and (cardinality($2::text[]) = 0 or kind = any($2::text[]))
         and (cardinality($3::text[]) = 0 or state = any($3::text[]))
         and ($4::text is null or position(lower($4::text) in lower(concat_ws(E'\\n', left_key, left_title, right_key, right_title))) > 0)
         and ($5::bigint is null
           or (created_at, id) < (timestamptz 'epoch' + $5::bigint * interval '1 microsecond', $6::uuid))
       order by created_at desc, id desc limit $7`,
      [
        filter.connectionIds,
        filter.kinds,
        filter.states,
        filter.q ?? null,
        after?.at ?? null,
        after?.id ?? null,
        limit,
      ],
    );
  }

  async find(id: string): Promise<LinkDetailView | undefined> {
    const [row]: LinkRow[] = await this.database.query('select * from link where id = $1', [id]);
    if (row === undefined) return undefined;
    const history: HistoryRow[] = await this.database.query(
      `select * from (
         select id, at, run_id, action, side, field, reason from link_history where link_id = $1 order by id desc limit $2
       ) as newest order by id`,
      [id, MOST_LINES],
    );
    return Object.assign(toLinkView(row), { history: history.map(toHistoryView) });
  }
}

function toHistoryView({ at, run_id, action, side, field, reason }: HistoryRow): LinkHistoryView {
  return {
    at: at.toISOString(),
    runId: run_id,
    action,
    ...(side === null ? {} : { side }),
    ...(field === null ? {} : { field }),
    reason,
  };
}
