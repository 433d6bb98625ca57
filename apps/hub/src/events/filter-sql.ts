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

/** A project as one connection knows it: ids at the source are unique in a source only. */
export interface ProjectKey {
  readonly connectionId: string;
  readonly projectId: string;
}

/**
 * A filter whose tags have become connections, and whose projects are named by id: then an empty list means that nothing
 * can match, and undefined that it does not matter.
 */
export interface ResolvedFilter extends Omit<EventFilter, 'connectionIds' | 'tags' | 'projects'> {
  readonly connectionIds: readonly string[] | undefined;
  /** Of the wanted connections only, so that these need not be asked for beside them. */
  readonly projects: readonly ProjectKey[] | undefined;
}

export function matchesNothing({ connectionIds, projects }: ResolvedFilter): boolean {
  return connectionIds?.length === 0 || projects?.length === 0;
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
  if (filter.projects) {
    const inConnections = [...idsByConnection(filter.projects)].map(
      ([connection, ids]) =>
        `connection_id = ${parameters.add(connection, 'uuid')} and ${among('project_id', ids, 'text')}`,
    );
    conditions.push(inConnections.length === 0 ? 'false' : `(${inConnections.join(' or ')})`);
  }
  if (filter.search !== undefined) conditions.push(`search @@ ${parameters.add(filter.search, 'tsquery')}`);
  return conditions;
}

function idsByConnection(projects: readonly ProjectKey[]): ReadonlyMap<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { connectionId, projectId } of projects) {
    ids.set(connectionId, [...(ids.get(connectionId) ?? []), projectId]);
  }
  return ids;
}

export function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
}
