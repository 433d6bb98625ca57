import { Injectable } from '@nestjs/common';
import type { ChangeEvent, JsonObject, Stored, StoredVersion, Transition } from '@syncline/connector-sdk';
import { DataSource, type EntityManager } from 'typeorm';
import { exactly } from '../database/exactly.js';
import { askPrepared, type Prepared } from '../database/prepared.js';
import { ADD_TRANSITIONS, applyStatement } from './apply-statement.js';
import { mapEventRow, mapTransitionRow } from './event-row.js';
import { newestRows } from './newest-rows.js';

/** How we learnt of a status: by asking, by a webhook, or by reading history. */
export type TransitionSource = 'poll' | 'hook' | 'backfill';

export interface EventTransition {
  readonly eventId: string;
  readonly transition: Transition;
}

/** A page stored together with something else. */
export interface Page {
  /** Its text is made by `applyStatement`. */
  readonly statement: Prepared;
  /** From `$6` on. */
  readonly values: readonly unknown[];
  /** Why nothing was written, where the statement did not allow it. */
  readonly refused: () => Error;
}

interface StoredVersionRow {
  readonly event_id: string;
  readonly version_at: Date | null;
  readonly status: string;
  readonly metadata: JsonObject;
}

const APPLY_ALONE: Page = {
  statement: { name: 'apply-events', text: applyStatement() },
  values: [],
  refused: () => new Error('A page that nothing guards was refused.'),
};

const READ_VERSIONS: Prepared = {
  name: 'read-versions',
  text: `
select stored.* from unnest($2::text[]) as wanted(event_id)
cross join lateral (
  select event_id, version_at, status, metadata from change_event
  where ${exactly({ event_id: 'wanted.event_id', connection_id: '$1::uuid' })}
  -- Looked up one by one: before a first analysis the planner would read all events of the connection.
  offset 0
) stored`,
};

/**
 * What the server plans for a table of a few rows, it reads whole for each lookup, and a plan that it keeps under a name
 * stays so while the table grows by thousands. After so many rows of this process the table is small no more.
 */
const SMALL_TABLE = 1_000;

/** Where change events go in: a page at a time, in the caller's transaction. */
@Injectable()
export class EventStore {
  private created = 0;

  constructor(private readonly database: DataSource) {}

  /**
   * Stores what is new or changed: a newer version, or an equal or unknown one with other content; never an older one.
   * Statuses that any of them proves are kept. Repeats and any order of pages are harmless. It is one statement, and so a
   * transaction by itself where it is in none.
   */
  async apply(
    where: EntityManager | DataSource,
    connection: { readonly id: string; readonly connectorId: string },
    events: readonly ChangeEvent[],
    source: TransitionSource,
    observedAt: Date,
    { statement, values, refused }: Page = APPLY_ALONE,
  ): Promise<Stored> {
    const rows = JSON.stringify(newestRows(events.map(mapEventRow)));
    const [done] = await askPrepared<{ allowed: boolean; created: number; updated: number }>(
      where,
      this.keptWhenGrown(statement),
      [rows, connection.id, connection.connectorId, source, observedAt, ...values],
    );
    if (done?.allowed !== true) throw refused();
    const { created, updated } = done;
    this.created += created;
    return { created, updated, unchanged: events.length - created - updated };
  }

  /** What is stored of these events; unknown ids are absent. */
  async versions(connectionId: string, eventIds: readonly string[]): Promise<ReadonlyMap<string, StoredVersion>> {
    if (eventIds.length === 0) return new Map();
    const rows = await askPrepared<StoredVersionRow>(this.database, this.keptWhenGrown(READ_VERSIONS), [
      connectionId,
      eventIds,
    ]);
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

  private keptWhenGrown(statement: Prepared): Prepared {
    return this.created < SMALL_TABLE ? { ...statement, name: '' } : statement;
  }
}
