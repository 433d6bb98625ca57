import type { JsonObject } from '@syncline/connector-sdk';
import { ApiProperty } from '@nestjs/swagger';

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

class ProjectView {
  @ApiProperty({ description: 'At the source; survives a rename.' })
  id: string;

  @ApiProperty({ example: 'acme/web' })
  path: string;
}

/** An event as the API shows it. */
export class EventView {
  @ApiProperty()
  id: string;

  @ApiProperty()
  connectionId: string;

  @ApiProperty()
  connectorId: string;

  @ApiProperty({ description: 'Stable at the source.', example: 'mr-42-7' })
  eventId: string;

  @ApiProperty({ description: "One of the connector's eventTypes." })
  eventType: string;

  @ApiProperty()
  title: string;

  @ApiProperty({ nullable: true, type: String })
  description: string | null;

  @ApiProperty({ description: "The remote's own word." })
  status: string;

  @ApiProperty({ nullable: true, type: String })
  author: string | null;

  @ApiProperty({ type: ProjectView })
  project: ProjectView;

  @ApiProperty({ nullable: true, type: String })
  url: string | null;

  @ApiProperty({ format: 'date-time', description: 'When the status began.' })
  occurredAt: string;

  @ApiProperty({ description: 'Counts how often it was stored.' })
  revision: number;

  @ApiProperty({ type: Object })
  metadata: JsonObject;
}

export class TransitionView {
  @ApiProperty()
  status: string;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({ format: 'date-time' })
  observedAt: string;

  @ApiProperty({ enum: ['poll', 'hook', 'backfill'] })
  source: 'poll' | 'hook' | 'backfill';
}

export class EventDetailView extends EventView {
  @ApiProperty({ type: [TransitionView], description: 'Oldest first.' })
  transitions: TransitionView[];
}

export class EventList {
  @ApiProperty({ type: [EventView] })
  items: readonly EventView[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor: string | null;
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
