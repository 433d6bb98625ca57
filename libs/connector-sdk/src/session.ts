import type { ConnectorError } from './errors.js';
import type { ChangeEvent, Transition } from './events.js';
import type { HttpClient } from './http.js';
import type { Instance } from './instance.js';
import type { JsonObject } from './json.js';
import type { Links, NewLink } from './links.js';

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

export interface SyncRequest {
  /**
   * `incremental`: what is new since the checkpoints. `full`: also what change lists never show. `wake`: only `wakes`.
   */
  readonly mode: 'incremental' | 'full' | 'wake';
  /** What webhooks named since the last run; read these first in every mode. */
  readonly wakes: readonly Wake[];
  /** Read again from here, whatever the checkpoints say. */
  readonly since?: Date;
  /** Parameters of a manual run, as the caller gave them. */
  readonly params: JsonObject;
}

/** An item that could not be read or applied. It is retried by later runs with growing waits. */
export interface SetAside {
  readonly item: string;
  readonly error: ConnectorError;
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

/** A session that may store. Everything it writes is fenced: after a lost lease each call throws `interrupted`. */
export interface SyncSession extends Session {
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
  progress(done: number, total?: number): void;
}

export interface StoredVersion {
  readonly updatedAt: Date | null;
  readonly status: string;
  readonly metadata: JsonObject;
}

export type { Transition };
