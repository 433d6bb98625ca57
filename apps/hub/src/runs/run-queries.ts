import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RunRow } from './run.js';

export interface RunFilter {
  readonly connectionIds: readonly string[];
  readonly statuses: readonly string[];
  readonly triggers: readonly string[];
  readonly kinds?: readonly string[];
}

export interface LogFilter {
  readonly runId?: string;
  readonly connectionIds: readonly string[];
  readonly levels: readonly string[];
  readonly item?: string;
  /** Any case, anywhere in the message. */
  readonly q?: string;
  readonly from?: Date;
  readonly to?: Date;
}

export interface LogRow {
  readonly id: string;
  readonly run_id: string;
  readonly connection_id: string;
  readonly at: Date;
  readonly level: string;
  readonly message: string;
  readonly item: string | null;
  readonly data: Record<string, unknown> | null;
}

/** Reads runs and their logs. */
@Injectable()
export class RunQueries {
  constructor(private readonly database: DataSource) {}

  async find(id: string): Promise<RunRow | undefined> {
    const rows: RunRow[] = await this.database.query('select * from sync_run where id = $1', [id]);
    return rows[0];
  }

  /** Newest first. */
  list(
    filter: RunFilter,
    page: { limit: number; before?: readonly unknown[] },
  ): Promise<(RunRow & { at_key: string })[]> {
    return this.database.query(
      // The key in microseconds: a JavaScript date would cut them off and skip rows.
      `select *, (extract(epoch from queued_at) * 1000000)::bigint::text as at_key from sync_run
       where (cardinality($1::uuid[]) = 0 or connection_id = any($1::uuid[]))
         and (cardinality($2::text[]) = 0 or status = any($2::text[]))
         and (cardinality($3::text[]) = 0 or trigger = any($3::text[]))
         and (cardinality($4::text[]) = 0 or kind = any($4::text[]))
         and ($5::bigint is null or (queued_at, id) < (timestamptz 'epoch' + $5::bigint * interval '1 microsecond', $6::uuid))
       order by queued_at desc, id desc limit $7`,
      [
        filter.connectionIds,
        filter.statuses,
        filter.triggers,
        filter.kinds ?? [],
        page.before?.[0] ?? null,
        page.before?.[1] ?? null,
        page.limit,
      ],
    );
  }

  /** Oldest first within one run, newest first across runs. */
  logs(filter: LogFilter, page: { limit: number; after?: unknown; before?: unknown }): Promise<LogRow[]> {
    const order = filter.runId === undefined ? 'desc' : 'asc';
    return this.database.query(
      `select * from run_log
       where ($1::uuid is null or run_id = $1::uuid)
         and (cardinality($2::uuid[]) = 0 or connection_id = any($2::uuid[]))
         and (cardinality($3::text[]) = 0 or level = any($3::text[]))
         and ($4::text is null or item = $4)
         and ($5::text is null or position(lower($5) in lower(message)) > 0)
         and ($6::timestamptz is null or at >= $6::timestamptz)
         and ($7::timestamptz is null or at < $7::timestamptz)
         and ($8::bigint is null or id > $8::bigint)
         and ($9::bigint is null or id < $9::bigint)
       order by id ${order} limit $10`,
      [
        filter.runId ?? null,
        filter.connectionIds,
        filter.levels,
        filter.item ?? null,
        filter.q ?? null,
        filter.from ?? null,
        filter.to ?? null,
        page.after ?? null,
        page.before ?? null,
        page.limit,
      ],
    );
  }
}
