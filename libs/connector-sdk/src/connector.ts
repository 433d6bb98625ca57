import type { ConnectionId } from './ids.js';
import type { JsonObject } from './json.js';
import type { Pairing } from './pairing.js';
import type { People } from './people.js';
import type { Session, SyncSession } from './session.js';
import type { WebhookIntake } from './webhook.js';

/** One link of the chain from name to feature, so that the owner sees which one broke. */
export interface CheckStep {
  /** `dns`, `tls`, `auth`, `scope`, `project`, `role`, `feature`, or a connector's own word. */
  readonly id: string;
  readonly label: string;
  readonly ok: boolean;
  /** What to fix where it failed, or a warning where it did not. */
  readonly hint?: string;
}

export interface CheckResult {
  readonly steps: readonly CheckStep[];
  /** Who the credentials are at the remote. */
  readonly account?: { readonly id: string; readonly username: string };
  /** When the credentials end. */
  readonly expiresAt?: Date;
}

/** What a run read and stored. The seed's `{fetched, stored}`; its `{error}` is a thrown `ConnectorError`. */
export interface SyncResult {
  readonly fetched: number;
  readonly stored: number;
}

export interface DiscoveryQuery {
  readonly query?: string;
  readonly side?: 'left' | 'right';
  /** The config property that asks, e.g. `projects`. */
  readonly property?: string;
  readonly cursor?: string;
}

export interface DiscoveryPage {
  readonly items: readonly { readonly value: string; readonly label: string }[];
  readonly nextCursor?: string;
}

/** Remote choices for a config form, e.g. the projects a token can see. */
export interface Discovery<TConfig> {
  discover(session: Session, config: TConfig, query: DiscoveryQuery): Promise<DiscoveryPage>;
}

/**
 * A kind of system we can talk to. Its id, labels, config schema and event types are facts, not code: metadata.json
 * holds them. The host validates a config against the schema, replaces instance ids by `Instance` objects and decrypts
 * secrets before any of these is called. A skill is a whole port, there or not.
 */
export interface Connector<TConfig = JsonObject> {
  /**
   * Name, TLS, auth, scope, project, role, feature: one step each, in that order, with what to fix where it fails.
   * Stops after the first failure that makes the next ones meaningless. Does not throw for a failing remote.
   */
  check(session: Session, config: TConfig): Promise<CheckResult>;
  /** Reads what is new since the checkpoints and commits it page by page. Safe to stop and to run again at any point. */
  sync(session: SyncSession, config: TConfig, connectionId: ConnectionId): Promise<SyncResult>;
  readonly discovery?: Discovery<TConfig>;
  readonly webhook?: WebhookIntake<TConfig>;
  readonly people?: People<TConfig>;
  readonly pairing?: Pairing<TConfig>;
}
