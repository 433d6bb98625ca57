import type { EventFilter } from './event-filter.js';

/** Parameters of one statement, numbered as they come. */
export class Parameters {
  readonly values: unknown[] = [];

  /** The placeholder, cast so that no type has to be guessed. */
  add(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}

/** A filter whose tags have become connections: then an empty list means that nothing can match. */
export interface ResolvedFilter extends Omit<EventFilter, 'connectionIds' | 'tags'> {
  readonly connectionIds: readonly string[] | undefined;
}

/** The part of a filter that says when. */
export function windowConditions(filter: Pick<EventFilter, 'from' | 'to'>, parameters: Parameters): string[] {
  return [
    ...(filter.from ? [`occurred_at >= ${parameters.add(filter.from.toISOString(), 'timestamptz')}`] : []),
    ...(filter.to ? [`occurred_at < ${parameters.add(filter.to.toISOString(), 'timestamptz')}`] : []),
  ];
}

/** The part of a filter that says what. */
export function contentConditions(filter: ResolvedFilter, parameters: Parameters): string[] {
  const among = (column: string, values: readonly string[], type: string) =>
    `${column} = any(${parameters.add(values, `${type}[]`)})`;
  const conditions: string[] = [];
  if (filter.connectionIds) conditions.push(among('connection_id', filter.connectionIds, 'uuid'));
  if (filter.eventTypes.length > 0) conditions.push(among('event_type', filter.eventTypes, 'text'));
  if (filter.statuses.length > 0) conditions.push(among('status', filter.statuses, 'text'));
  if (filter.authors.length > 0) conditions.push(among('author', filter.authors, 'text'));
  if (filter.projects.length > 0) {
    conditions.push(
      `(${among('project_id', filter.projects, 'text')} or ${among('project_path', filter.projects, 'text')})`,
    );
  }
  if (filter.search !== undefined) conditions.push(`search @@ ${parameters.add(filter.search, 'tsquery')}`);
  return conditions;
}

export function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
}
