import { ConnectorError } from '@syncline/connector-sdk';

/**
 * `transient` and `interrupted` errors of a write leave open whether it happened; every other kind says that it did
 * not. What is no `ConnectorError` says nothing.
 */
export function mayHaveHappened(error: unknown): boolean {
  return !(error instanceof ConnectorError) || error.kind === 'transient' || error.kind === 'interrupted';
}
