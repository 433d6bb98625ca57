import { useQuery } from '@tanstack/react-query';
import { fetchAll } from '../../api/all-pages.js';
import { queryKeys } from '../../api/query-keys.js';
import type { Connector, EventType, InstanceKind } from '../../api/types.js';

/** What the hub found in its connectors folder, broken ones included. It changes only when the hub restarts. */
export function useConnectors() {
  return useQuery({
    queryKey: queryKeys.connectors,
    staleTime: 60_000,
    queryFn: ({ signal }) => fetchAll<Connector>('/api/connectors', signal),
  });
}

export function connectorName(connector: Connector | undefined, id = ''): string {
  return connector?.displayName ?? connector?.id ?? id;
}

/** Every kind of system that some connector can talk to, once each. */
export function allInstanceKinds(connectors: readonly Connector[]): InstanceKind[] {
  const kinds = new Map<string, InstanceKind>();
  for (const connector of connectors) {
    if (connector.state !== 'ok') continue;
    for (const kind of connector.instanceKinds ?? []) if (!kinds.has(kind.kind)) kinds.set(kind.kind, kind);
  }
  return [...kinds.values()];
}

/** Every event type of every connector, once each, in the order they are declared. */
export function allEventTypes(connectors: readonly Connector[]): EventType[] {
  const types = new Map<string, EventType>();
  for (const connector of connectors) {
    for (const type of connector.eventTypes ?? []) if (!types.has(type.name)) types.set(type.name, type);
  }
  return [...types.values()];
}
