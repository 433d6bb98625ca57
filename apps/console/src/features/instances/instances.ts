import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { fetchAll } from '../../api/all-pages.js';
import { request } from '../../api/http.js';
import type { JsonObject } from '../../api/json.js';
import { queryKeys } from '../../api/query-keys.js';
import type { Instance, TestReport } from '../../api/types.js';

const address = (id: string) => `/api/instances/${encodeURIComponent(id)}`;

export function useInstances() {
  return useQuery({
    queryKey: queryKeys.instances,
    queryFn: ({ signal }) => fetchAll<Instance>('/api/instances', signal),
  });
}

export function useInstance(id: string) {
  return useQuery({
    queryKey: queryKeys.instance(id),
    queryFn: ({ signal }) => request<Instance>('GET', address(id), { signal }),
  });
}

/** Creates an instance, or patches the one with `id`. */
export function useSaveInstance(id?: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: JsonObject) =>
      id === undefined
        ? request<Instance>('POST', '/api/instances', { body })
        : request<Instance>('PATCH', address(id), { body }),
    onSuccess: async (instance) => {
      client.setQueryData(queryKeys.instance(instance.id), instance);
      await client.invalidateQueries({ queryKey: queryKeys.instances });
    },
  });
}

export function useTestInstance(id: string) {
  return useMutation({ mutationFn: () => request<TestReport>('POST', `${address(id)}/test`) });
}

export function useDeleteInstance(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request<undefined>('DELETE', address(id)),
    onSuccess: async () => {
      client.removeQueries({ queryKey: queryKeys.instance(id) });
      await client.invalidateQueries({ queryKey: queryKeys.instances, exact: true });
    },
  });
}
