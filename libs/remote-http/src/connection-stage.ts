import type { ConnectorError } from '@syncline/connector-sdk';

/** How far a connection came: the name was not found, TLS failed, the proxy refused, or no answer came back. */
export type ConnectionStage = 'dns' | 'tls' | 'proxy' | 'answer';

const stages = new WeakMap<ConnectorError, ConnectionStage>();

export function atStage(error: ConnectorError, stage: ConnectionStage): ConnectorError {
  stages.set(error, stage);
  return error;
}

/** Where the connection behind an error of the HTTP client broke, for checks that show each link. Undefined: it did not. */
export function connectionStage(error: ConnectorError): ConnectionStage | undefined {
  return stages.get(error);
}
