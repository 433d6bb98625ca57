import type { Connector, ConnectionId, ConnectorMetadata, Instance, JsonObject } from '@syncline/connector-sdk';
import type { Schedule } from './schedule.js';

/** A connection ready to be used: validated, with its instances and secrets in the clear. Never log or return one. */
export interface ResolvedConnection {
  readonly id: ConnectionId;
  readonly name: string;
  readonly connectorId: string;
  readonly connector: Connector;
  readonly metadata: ConnectorMetadata;
  /** Validated; instance ids are replaced by `Instance` objects, secrets are decrypted. */
  readonly config: JsonObject;
  /** Every secret value in it, for redaction. */
  readonly secrets: readonly string[];
  readonly instances: readonly Instance[];
  readonly enabled: boolean;
  readonly schedule: Schedule | null;
  readonly tags: readonly string[];
}

/** Finds connections for those who run them. */
export abstract class ConnectionSource {
  /**
   * Throws a `Problem` 404 where there is no such connection, and `ConnectorError('config', ..., {path})` where it can
   * no longer be used: its connector is broken, its instance gone, its config no longer valid.
   */
  abstract resolve(id: string): Promise<ResolvedConnection>;
}
