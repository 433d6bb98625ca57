import type { ConnectorError } from './errors.js';
import type { ChangeEvent, Transition } from './events.js';
import type { HttpClient } from './http.js';
import type { Instance } from './instance.js';
import type { JsonObject } from './json.js';
import type { Links, LinkSide, NewLink } from './links.js';
import type { PairStore } from './pair-store.js';
import type { PlanItem } from './plan.js';

/** A position in a stream: opaque to the host, JSON so that it can be stored. */
export type Cursor = JsonObject;

export interface LogDetails {
  /** The item the line is about, e.g. an event id; makes the line findable by item. */
  readonly item?: string;
  readonly data?: JsonObject;
}

/** The run's log: shown to the connection's owner. One line a page, not one an item. Secrets are redacted. */
export interface SessionLog {
  debug(message: string, details?: LogDetails): void;
  info(message: string, details?: LogDetails): void;
  warn(message: string, details?: LogDetails): void;
  error(message: string, details?: LogDetails): void;
}

/** What the host lends to connector code for one call. */
export interface Session {
  http(instance: Instance): HttpClient;
  readonly log: SessionLog;
  /** Fires on cancel, on a lost lease and when the process stops. Sync ends at the next page by throwing `interrupted`. */
  readonly signal: AbortSignal;
  now(): Date;
}

/** Something a webhook named. Reading it again is always right; not reading it costs nothing but time. */
export interface Wake {
  /** The kind of stream, e.g. `merge_requests`. */
  readonly stream: string;
  /** The project (or other container) at the source. */
  readonly scope: string;
  /** The object inside the scope; absent: the stream has news. */
  readonly item?: string;
}

/** An item that people asked for by its key: bring it over, or try it again, now. */
export interface ItemRequest {
  readonly side: LinkSide;
  readonly key: string;
}

export interface SyncRequest {
  /** `plan`: read everything, decide everything, write nothing, and hand what a sync would do to `planned`. */
  readonly kind: 'sync' | 'plan';
  /**
   * `incremental`: what is new since the checkpoints. `full`: also what change lists never show. `wake`: only `wakes`
   * and `items`.
   */
  readonly mode: 'incremental' | 'full' | 'wake';
  /** What webhooks named since the last run; read these first in every mode. */
  readonly wakes: readonly Wake[];
  /** What people asked for since the last run, whatever filters say; deal with these in every mode. */
  readonly items: readonly ItemRequest[];
  /** Read again from here, whatever the checkpoints say. */
  readonly since?: Date;
  /** Parameters of a manual run, as the caller gave them. `repairLinks: true`: find the pairs again by their markers. */
  readonly params: JsonObject;
}

/** An item that could not be read or applied. It is retried by later runs with growing waits. */
export interface SetAside {
  readonly item: string;
  readonly error: ConnectorError;
  /** Not before; absent: as the host sees fit. */
  readonly retryAt?: Date;
}

export interface StreamRecords {
  readonly events?: readonly ChangeEvent[];
  readonly links?: readonly NewLink[];
  readonly setAside?: readonly SetAside[];
  /** Items of the stream that were set aside and are no longer waited for: gone at the source, or not selected any more. */
  readonly settled?: readonly string[];
}

/** What one commit did. `unchanged` were known already. */
export interface Stored {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
}

/** What people said about who is who. */
export interface UserMappings {
  /**
   * Who people of one instance are on another, as people mapped them: by username in lower case. A mapping counts in
   * both directions; back, only where a single one leads there.
   */
  userMappings(fromInstanceId: string, toInstanceId: string): Promise<ReadonlyMap<string, string>>;
}

/** A session that may store. Everything it writes is fenced: after a lost lease each call throws `interrupted`. */
export interface SyncSession extends Session, UserMappings {
  readonly request: SyncRequest;
  checkpoint(stream: string): Promise<Cursor | undefined>;
  /**
   * One transaction: these records and the cursor after them, or neither. `cursor` undefined leaves the checkpoint.
   * An event clears the item of the same id that was set aside.
   */
  commit(stream: string, records: StreamRecords, cursor: Cursor | undefined): Promise<Stored>;
  /** The stored versions of these events: what is already known needs no details. Unknown ids are absent. */
  versions(eventIds: readonly string[]): Promise<ReadonlyMap<string, StoredVersion>>;
  /** Items of a stream that were set aside and are due for another attempt. */
  dueItems(stream: string): Promise<readonly string[]>;
  /** A whole stream (or project) that failed: logged, counted, and the run ends `partial`. The rest goes on. */
  failStream(stream: string, error: ConnectorError): void;
  readonly links: Links;
  /** For connectors that keep two systems in step. */
  readonly pair: PairStore;
  /** Identifies this hub in what it leaves at remotes; the same for the life of its database. */
  readonly hubId: string;
  /** What a sync would do, in order; only in a plan. In a plan every write, remote or stored, throws `permanent`. */
  planned(items: readonly PlanItem[]): Promise<void>;
  progress(done: number, total?: number): void;
}

export interface StoredVersion {
  readonly updatedAt: Date | null;
  readonly status: string;
  readonly metadata: JsonObject;
}

export type { Transition };
