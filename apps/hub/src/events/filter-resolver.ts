import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EventFilter } from './event-filter.js';
import type { ResolvedFilter } from './filter-sql.js';

/** Turns tags into the connections that carry them: tags belong to connections and change without their events. */
@Injectable()
export class FilterResolver {
  constructor(private readonly database: DataSource) {}

  async resolve(filter: EventFilter): Promise<ResolvedFilter> {
    const { tags, connectionIds, ...rest } = filter;
    const named = connectionIds.length === 0 ? undefined : connectionIds;
    if (tags.length === 0) return { ...rest, connectionIds: named };
    const rows: { id: string }[] = await this.database.query(
      `select id from connection where tags && $1::text[] and ($2::uuid[] is null or id = any($2::uuid[]))`,
      [tags, named ?? null],
    );
    return { ...rest, connectionIds: rows.map(({ id }) => id) };
  }
}
