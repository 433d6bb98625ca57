import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Problem } from '../http/problem.js';

/** What carries code to Azure DevOps here. */
const CONNECTOR = 'azure-devops';
const MOST_NAMED = 20;

/** A connection that a caller who names none could mean. */
export interface CodeConnection {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** Of GitLab: a path or an id, as its owner wrote it. */
  readonly project: string | null;
  /** Of its GitLab. */
  readonly base_url: string | null;
  /** It has carried refs of the GitLab project that was asked about, whatever that is called by now. */
  readonly knows_project: boolean;
  /** It has carried refs of another project. */
  readonly knows_other: boolean;
}

/** The connections that the paths without an id stand for. */
@Injectable()
export class CodeConnections {
  constructor(private readonly database: DataSource) {}

  /** By name, never empty. `projectId`: GitLab's number of a project. Throws a `Problem` 409 where there is none. */
  async all(projectId?: string): Promise<readonly CodeConnection[]> {
    const rows: CodeConnection[] = await this.database.query(
      `select c.id, c.name, c.enabled, c.config->'gitlab'->>'project' as project, i.base_url,
         exists (select 1 from link l where l.connection_id = c.id and l.kind = 'ref' and l.left_project = $2) as knows_project,
         exists (select 1 from link l where l.connection_id = c.id and l.kind = 'ref' and l.left_project <> $2) as knows_other
       from connection c left join instance i on i.id::text = lower(c.config->'gitlab'->>'instance')
       where c.connector_id = $1 and c.deleted_at is null order by c.name, c.id`,
      [CONNECTOR, projectId ?? null],
    );
    if (rows.length === 0) {
      throw Problem.conflict(`There is no connection of ${CONNECTOR} that this could be for. Make one first.`);
    }
    return rows;
  }
}

/** Those preferred, where there are any. */
export function narrow<T>(items: readonly T[], isPreferred: (item: T) => boolean): readonly T[] {
  const preferred = items.filter(isPreferred);
  return preferred.length > 0 ? preferred : items;
}

/** `"env" (<id>), "web" (<id>)`. */
export function named(connections: readonly CodeConnection[]): string {
  const names = connections.slice(0, MOST_NAMED).map(({ id, name }) => `"${name}" (${id})`);
  const more = connections.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
