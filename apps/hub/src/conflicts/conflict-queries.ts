import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MOST_LISTED } from './conflict-row.js';
import type { ConflictWithLink, ListedConflict } from './conflict-view.js';

export interface ConflictFilter {
  readonly connectionIds: readonly string[];
  readonly states: readonly string[];
  readonly linkIds: readonly string[];
  readonly fields: readonly string[];
}

const LINK = `link.kind, link.left_instance, link.left_project, link.left_key, link.left_url, link.left_title,
  link.right_instance, link.right_project, link.right_key, link.right_url, link.right_title`;

const WITH_LINK = `conflict.*, ${LINK}`;

const isLong = (column: string): string =>
  `(jsonb_typeof(conflict.${column}) = 'string' and length(conflict.${column} #>> '{}') > ${MOST_LISTED})`;

const listed = (column: string): string =>
  `case when ${isLong(column)} then to_jsonb(left(conflict.${column} #>> '{}', ${MOST_LISTED}))
     else conflict.${column} end as ${column}`;

/** Long texts are cut in the database: they are never read for a list. */
const LISTED_WITH_LINK = `conflict.id, conflict.connection_id, conflict.link_id, conflict.field, conflict.state,
  conflict.settled, conflict.detected_at, conflict.updated_at, conflict.resolution,
  ${['base', 'left_value', 'right_value'].map(listed).join(', ')},
  array_remove(array[${['base', 'left_value', 'right_value']
    .map((column) => `case when ${isLong(column)} then '${column.replace('_value', '')}' end`)
    .join(', ')}], null) as cut,
  ${LINK}`;

/** Reads conflicts for people. */
@Injectable()
export class ConflictQueries {
  constructor(private readonly database: DataSource) {}

  /** Newest first, with long texts cut. */
  list(
    filter: ConflictFilter,
    page: { readonly limit: number; readonly after?: readonly [at: string, id: string] },
  ): Promise<readonly (ListedConflict & { place_at: string })[]> {
    return this.database.query(
      `select ${LISTED_WITH_LINK}, (extract(epoch from conflict.detected_at) * 1000000)::bigint::text as place_at
       from conflict join link on link.id = conflict.link_id
       where (cardinality($1::uuid[]) = 0 or conflict.connection_id = any($1::uuid[]))
         and (cardinality($2::text[]) = 0 or conflict.state = any($2::text[]))
         and (cardinality($3::uuid[]) = 0 or conflict.link_id = any($3::uuid[]))
         and (cardinality($4::text[]) = 0 or conflict.field = any($4::text[]))
         and ($5::bigint is null or (conflict.detected_at, conflict.id)
           < (timestamptz 'epoch' + $5::bigint * interval '1 microsecond', $6::uuid))
       order by conflict.detected_at desc, conflict.id desc limit $7`,
      [
        filter.connectionIds,
        filter.states,
        filter.linkIds,
        filter.fields,
        page.after?.[0] ?? null,
        page.after?.[1] ?? null,
        page.limit,
      ],
    );
  }

  /** Whole. `lock`: until the transaction ends. */
  async find(id: string, manager = this.database.manager, lock = false): Promise<ConflictWithLink | undefined> {
    const rows: ConflictWithLink[] = await manager.query(
      `select ${WITH_LINK} from conflict join link on link.id = conflict.link_id
       where conflict.id = $1 ${lock ? 'for update of conflict' : ''}`,
      [id],
    );
    return rows[0];
  }
}
