import type { Connector, ConnectorMetadata } from '@syncline/connector-sdk';

/** A connector that can be used. */
export interface UsableConnector {
  readonly state: 'ok';
  readonly id: string;
  readonly folder: string;
  readonly metadata: ConnectorMetadata;
  readonly connector: Connector;
}

/** A folder that looks like a connector and is none yet. */
export interface BrokenConnector {
  readonly state: 'broken';
  readonly id: string;
  readonly folder: string;
  readonly reason: string;
  /** What metadata.json says, as far as it could be read. */
  readonly metadata?: Partial<ConnectorMetadata>;
}

export type CatalogEntry = UsableConnector | BrokenConnector;
