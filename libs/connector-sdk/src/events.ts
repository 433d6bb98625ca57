import type { JsonObject } from './json.js';

/** Orders what was seen of one object. */
export interface EventVersion {
  /** The source's own last change; null where the source has none. */
  readonly updatedAt: Date | null;
}

/** A status and when it began. Kept for ever, unique by (event, status, at). */
export interface Transition {
  readonly status: string;
  readonly at: Date;
}

/**
 * A change object in a source, as last seen. (connectionId, eventId) is its identity. It is applied if its version is
 * newer than the stored one, or equal or unknown while the content differs; an older one never overwrites.
 */
export interface ChangeEvent {
  /** Stable at the source and across renames, e.g. `mr-<project id>-<iid>`; the same from poll, webhook and backfill. */
  readonly eventId: string;
  readonly version: EventVersion;
  /** One of the `eventTypes` in metadata.json. */
  readonly eventType: string;
  readonly title: string;
  readonly description?: string;
  /** The remote's own word, e.g. `opened`, `success`. A change of it is kept as a transition. */
  readonly status: string;
  readonly author?: string;
  readonly project: { readonly id: string; readonly path: string };
  readonly url?: string;
  /** When the current status began at the source, in UTC; never when it was fetched. */
  readonly occurredAt: Date;
  /**
   * `exact` (default): the source says when the status began. `at_least`: it only says that it was not earlier (a
   * reopened merge request still shows its creation); the host then keeps what it knows of an unchanged status and
   * dates a changed one by the version.
   */
  readonly occurredAtPrecision?: 'exact' | 'at_least';
  /** Statuses this version proves, the current one included where its time is exact. */
  readonly transitions?: readonly Transition[];
  /** Documented per event type; never secrets. */
  readonly metadata: JsonObject;
}
