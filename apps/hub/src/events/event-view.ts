import type { JsonObject } from '@syncline/connector-sdk';

/** The columns an event is shown with; the search vector is not one of them. */
export const EVENT_COLUMNS = [
  'id',
  'connection_id',
  'connector_id',
  'event_id',
  'event_type',
  'title',
  'description',
  'status',
  'author',
  'project_id',
  'project_path',
  'url',
  'occurred_at',
  'revision',
  'metadata',
] as const;

export interface StoredEventRow {
  readonly id: string;
  readonly connection_id: string;
  readonly connector_id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly title: string;
  readonly description: string | null;
  readonly status: string;
  readonly author: string | null;
  readonly project_id: string;
  readonly project_path: string;
  readonly url: string | null;
  readonly occurred_at: Date;
  readonly revision: number;
  readonly metadata: JsonObject;
}

/** An event as the API shows it. */
export interface EventView {
  readonly id: string;
  readonly connectionId: string;
  readonly connectorId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly title: string;
  readonly description: string | null;
  readonly status: string;
  readonly author: string | null;
  readonly project: { readonly id: string; readonly path: string };
  readonly url: string | null;
  readonly occurredAt: string;
  readonly revision: number;
  readonly metadata: JsonObject;
}

export interface TransitionView {
  readonly status: string;
  readonly at: string;
  readonly observedAt: string;
  readonly source: 'poll' | 'hook' | 'backfill';
}

export function toEventView(row: StoredEventRow): EventView {
  return {
    id: row.id,
    connectionId: row.connection_id,
    connectorId: row.connector_id,
    eventId: row.event_id,
    eventType: row.event_type,
    title: row.title,
    description: row.description,
    status: row.status,
    author: row.author,
    project: { id: row.project_id, path: row.project_path },
    url: row.url,
    occurredAt: row.occurred_at.toISOString(),
    revision: row.revision,
    metadata: row.metadata,
  };
}
