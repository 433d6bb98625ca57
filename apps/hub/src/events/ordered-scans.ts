import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Parameters, ProjectKey, ResolvedFilter } from './filter-sql.js';

/** One index range that is already in order of time: columns with the values they must equal. */
export type OrderedScan = (parameters: Parameters) => string[];

/** An author, a project, ...: what one group of parameters asks for, as index ranges that together hold exactly it. */
export interface Dimension {
  readonly scans: readonly OrderedScan[];
}

/** With more pairs than this (a source with made-up statuses) reading them in step costs more than it saves. */
const MOST_SCANS = 250;

const equal =
  (column: string, value: string, type = 'text'): OrderedScan =>
  (parameters) => [`${column} = ${parameters.add(value, type)}`];

/** Says which indexes can give a filter's events in order of time, the most selective kind first. */
@Injectable()
export class OrderedScans {
  constructor(private readonly database: DataSource) {}

  async dimensions(
    filter: ResolvedFilter,
  ): Promise<{ readonly scannable: readonly Dimension[]; readonly all: number }> {
    const found: (Dimension | undefined)[] = [];
    if (filter.authors.length > 0)
      found.push({ scans: distinct(filter.authors).map((value) => equal('author', value)) });
    if (filter.projects) found.push({ scans: filter.projects.map(inProject) });
    if (filter.eventTypes.length > 0 || filter.statuses.length > 0) found.push(await this.typesAndStatuses(filter));
    if (filter.connectionIds) {
      found.push({ scans: distinct(filter.connectionIds).map((value) => equal('connection_id', value, 'uuid')) });
    }
    const scannable = found.filter((dimension) => dimension !== undefined && dimension.scans.length <= MOST_SCANS);
    return { scannable: scannable.flatMap((dimension) => dimension ?? []), all: found.length };
  }

  /** The pairs that exist, found by skipping through the index from one to the next. */
  private async typesAndStatuses({ eventTypes, statuses }: ResolvedFilter): Promise<Dimension | undefined> {
    const pairs: { event_type: string; status: string }[] = await this.database.query(
      `with recursive pair as (
         (select event_type, status from change_event order by event_type, status limit 1)
         union all
         select next.* from pair cross join lateral (
           select event_type, status from change_event
           where (event_type, status) > (pair.event_type, pair.status) order by event_type, status limit 1
         ) next
       )
       select * from pair limit $1`,
      [MOST_SCANS + 1],
    );
    if (pairs.length > MOST_SCANS) return undefined;
    const wanted = pairs.filter(
      ({ event_type, status }) =>
        (eventTypes.length === 0 || eventTypes.includes(event_type)) &&
        (statuses.length === 0 || statuses.includes(status)),
    );
    return {
      scans: wanted.map(({ event_type, status }) => (parameters) => [
        ...equal('event_type', event_type)(parameters),
        ...equal('status', status)(parameters),
      ]),
    };
  }
}

function inProject({ connectionId, projectId }: ProjectKey): OrderedScan {
  return (parameters) => [
    ...equal('connection_id', connectionId, 'uuid')(parameters),
    ...equal('project_id', projectId)(parameters),
  ];
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
