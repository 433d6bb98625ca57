import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EventFilter } from './event-filter.js';
import type { ProjectKey, ResolvedFilter } from './filter-sql.js';

/**
 * Turns tags into the connections that carry them (tags belong to connections and change without their events), and the
 * names of projects into their ids: a path stands for the projects that were ever seen under it, with all their events,
 * whatever they are called by now.
 */
@Injectable()
export class FilterResolver {
  constructor(private readonly database: DataSource) {}

  async resolve(filter: EventFilter): Promise<ResolvedFilter> {
    const { tags, connectionIds: named, projects: names, ...rest } = filter;
    const connectionIds = await this.connections(named, tags);
    if (names.length === 0) return { ...rest, connectionIds, projects: undefined };
    return { ...rest, connectionIds: undefined, projects: await this.projects(names, connectionIds) };
  }

  private async connections(named: readonly string[], tags: readonly string[]): Promise<readonly string[] | undefined> {
    const ids = named.length === 0 ? undefined : named;
    if (tags.length === 0) return ids;
    const rows: { id: string }[] = await this.database.query(
      `select id from connection where tags && $1::text[] and ($2::uuid[] is null or id = any($2::uuid[]))`,
      [tags, ids ?? null],
    );
    return rows.map(({ id }) => id);
  }

  private projects(names: readonly string[], connectionIds: readonly string[] | undefined): Promise<ProjectKey[]> {
    return this.database.query(
      `select connection_id as "connectionId", project_id as "projectId" from (
         select connection_id, project_id from event_project where path = any($1::text[])
         union
         select connection_id, project_id from event_project where project_id = any($1::text[])
       ) as seen
       where $2::uuid[] is null or connection_id = any($2::uuid[])`,
      [names, connectionIds ?? null],
    );
  }
}
