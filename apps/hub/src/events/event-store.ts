import { Injectable } from '@nestjs/common';
import type { ChangeEvent, JsonObject, Stored, StoredVersion, Transition } from '@syncline/connector-sdk';
import { DataSource, type EntityManager } from 'typeorm';
import { askPrepared, type Prepared } from '../database/prepared.js';
import { ADD_TRANSITIONS, APPLY_EVENTS } from './apply-statement.js';
import { mapEventRow, mapTransitionRow } from './event-row.js';
import { newestRows } from './newest-rows.js';

/** How we learnt of a status: by asking, by a webhook, or by reading history. */
export type TransitionSource = 'poll' | 'hook' | 'backfill';

export interface EventTransition {
  readonly eventId: string;
  readonly transition: Transition;
}

interface StoredVersionRow {
  readonly event_id: string;
  readonly version_at: Date | null;
  readonly status: string;
  readonly metadata: JsonObject;
}

const READ_VERSIONS: Prepared = {
  name: 'read-versions',
  text: `
select stored.* from unnest($2::text[]) as wanted(event_id)
cross join lateral (
  select event_id, version_at, status, metadata from change_event
  where connection_id = $1 and event_id = wanted.event_id
  -- Looked up one by one: before a first analysis the planner would read all events of the connection.
  offset 0
) stored`,
};

/** Where change events go in: a page at a time, in the caller's transaction. */
@Injectable()
export class EventStore {
  constructor(private readonly database: DataSource) {}

  /**
   * Stores what is new or changed: a newer version, or an equal or unknown one with other content; never an older one.
   * Statuses that any of them proves are kept. Repeats and any order of pages are harmless.
   */
  async apply(
    manager: EntityManager,
    connection: { readonly id: string; readonly connectorId: string },
    events: readonly ChangeEvent[],
    source: TransitionSource,
    observedAt: Date,
  ): Promise<Stored> {
    if (events.length === 0) return { created: 0, updated: 0, unchanged: 0 };
    const rows = newestRows(events.map(mapEventRow));
    const [done] = await askPrepared<{ wanted: number; written: number; created: number }>(
      manager,
      { name: 'apply-events', text: APPLY_EVENTS },
      [JSON.stringify(rows), connection.id, connection.connectorId, source, observedAt],
    );
    const { wanted, written, created } = done ?? { wanted: 0, written: 0, created: 0 };
    if (written < wanted) {
      // Another page stored some of them first; what ours proves still counts.
      const facts = rows.flatMap(({ event_id, transitions }) => transitions.map((fact) => ({ event_id, ...fact })));
      await manager.query(ADD_TRANSITIONS, [JSON.stringify(facts), connection.id, source, observedAt]);
    }
    return { created, updated: written - created, unchanged: events.length - written };
  }

  /** What is stored of these events; unknown ids are absent. */
  async versions(connectionId: string, eventIds: readonly string[]): Promise<ReadonlyMap<string, StoredVersion>> {
    if (eventIds.length === 0) return new Map();
    const rows = await askPrepared<StoredVersionRow>(this.database, READ_VERSIONS, [connectionId, eventIds]);
    return new Map(
      rows.map((row) => [row.event_id, { updatedAt: row.version_at, status: row.status, metadata: row.metadata }]),
    );
  }

  /** Adds statuses that were learnt without the events' content, as webhooks tell them. Returns how many were new. */
  async addTransitions(
    manager: EntityManager,
    connectionId: string,
    transitions: readonly EventTransition[],
    source: TransitionSource,
    observedAt: Date,
  ): Promise<number> {
    if (transitions.length === 0) return 0;
    const facts = transitions.map(({ eventId, transition }) => ({
      event_id: eventId,
      ...mapTransitionRow(transition, eventId),
    }));
    const added: unknown[] = await manager.query(ADD_TRANSITIONS, [
      JSON.stringify(facts),
      connectionId,
      source,
      observedAt,
    ]);
    return added.length;
  }
}
