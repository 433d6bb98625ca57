import { randomUUID } from 'node:crypto';
import type { ChangeEvent, JsonObject } from '@syncline/connector-sdk';
import type { DataSource } from 'typeorm';

/** Minutes after ten o'clock of the day all these tests play on. */
export const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 5, 10, minute));

/** A merge request as a connector would report it. */
export function event(overrides: Partial<ChangeEvent> = {}): ChangeEvent {
  return {
    eventId: 'mr-1-7',
    version: { updatedAt: at(0) },
    eventType: 'merge_request',
    title: 'Sharpen the saw',
    status: 'opened',
    project: { id: '1', path: 'acme/web' },
    occurredAt: at(0),
    metadata: { labels: ['a'] },
    ...overrides,
  };
}

/** A connection to store under; its config is nobody's concern here. */
export async function addConnection(
  database: DataSource,
  tags: readonly string[] = [],
): Promise<{ id: string; connectorId: string }> {
  const connection = { id: randomUUID(), connectorId: 'example' };
  await database.query(
    `insert into connection (id, name, connector_id, config, tags) values ($1::uuid, $1::uuid::text, $2, '{}', $3)`,
    [connection.id, connection.connectorId, tags],
  );
  return connection;
}

export interface StoredEvent {
  readonly id: string;
  readonly status: string;
  readonly title: string;
  readonly occurred_at: Date;
  readonly version_at: Date | null;
  readonly revision: number;
  readonly metadata: JsonObject;
  readonly change_seq: string;
  readonly change_tx: string;
}

export async function rowOf(database: DataSource, connectionId: string, eventId: string): Promise<StoredEvent> {
  const [row]: StoredEvent[] = await database.query(
    `select * from change_event where connection_id = $1 and event_id = $2`,
    [connectionId, eventId],
  );
  if (row === undefined) throw new Error(`${eventId} is not stored`);
  return row;
}

/** `<status> <hh:mm> <source>`, oldest first. */
export async function transitionsOf(database: DataSource, connectionId: string, eventId: string): Promise<string[]> {
  const rows: { text: string }[] = await database.query(
    `select t.status || ' ' || to_char(t.at at time zone 'UTC', 'HH24:MI') || ' ' || t.source as text
     from change_event_transition t join change_event e on e.id = t.change_event_id
     where e.connection_id = $1 and e.event_id = $2 order by t.at, t.status`,
    [connectionId, eventId],
  );
  return rows.map(({ text }) => text);
}
