import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { fetchAll } from '../../api/all-pages.js';
import { request } from '../../api/http.js';
import type { JsonObject } from '../../api/json.js';
import { queryKeys } from '../../api/query-keys.js';
import type { Connection, TestReport } from '../../api/types.js';

const address = (id: string) => `/api/connections/${encodeURIComponent(id)}`;

/** Health changes while nobody clicks, so connections are read again from time to time. */
const refetchInterval = 10_000;

export function useConnections() {
  return useQuery({
    queryKey: queryKeys.connections,
    refetchInterval,
    queryFn: ({ signal }) => fetchAll<Connection>('/api/connections', signal),
  });
}

/** For a field that chooses one of them. */
export const connectionChoices = (connections: readonly Connection[]): { value: string; label: string }[] =>
  connections.map(({ id, name }) => ({ value: id, label: name }));

export function useConnection(id: string) {
  return useQuery({
    queryKey: queryKeys.connection(id),
    refetchInterval,
    queryFn: ({ signal }) => request<Connection>('GET', address(id), { signal }),
  });
}

/** Creates a connection, or patches the one with `id`. */
export function useSaveConnection(id?: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: JsonObject) =>
      id === undefined
        ? request<Connection>('POST', '/api/connections', { body })
        : request<Connection>('PATCH', address(id), { body }),
    onSuccess: async (connection) => {
      client.setQueryData(queryKeys.connection(connection.id), connection);
      await Promise.all([
        client.invalidateQueries({ queryKey: queryKeys.connections, exact: true }),
        client.invalidateQueries({ queryKey: queryKeys.runs }),
      ]);
    },
  });
}

export function useDeleteConnection(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (purge: boolean) => request<undefined>('DELETE', address(id) + (purge ? '?purge=true' : '')),
    onSuccess: async () => {
      client.removeQueries({ queryKey: queryKeys.connection(id) });
      await Promise.all([
        client.invalidateQueries({ queryKey: queryKeys.connections, exact: true }),
        client.invalidateQueries({ queryKey: queryKeys.runs }),
        client.invalidateQueries({ queryKey: queryKeys.events }),
      ]);
    },
  });
}

/** Tests settings: those of the saved connection, or others that are not saved yet. */
export function useTestConnection() {
  return useMutation({
    mutationFn: (what: { id: string } | { connectorId: string; config: JsonObject }) =>
      'id' in what
        ? request<TestReport>('POST', `${address(what.id)}/test`)
        : request<TestReport>('POST', '/api/connections/test', { body: what }),
  });
}

export interface QueuedRun {
  runId: string;
  coalesced?: boolean;
}

export function useSyncConnection(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (mode: 'incremental' | 'full') => request<QueuedRun>('POST', `${address(id)}/sync`, { body: { mode } }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.runs }),
  });
}
