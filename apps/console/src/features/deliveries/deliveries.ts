import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/http.js';
import { queryKeys } from '../../api/query-keys.js';
import type { Delivery, DeliveryState } from '../../api/types.js';
import { usePages } from '../../api/use-pages.js';

export const deliveryStates: readonly DeliveryState[] = ['pending', 'done', 'ignored', 'failed'];

/** Webhook deliveries, newest first. */
export function useDeliveries(filter: URLSearchParams) {
  return usePages<Delivery>({
    queryKey: queryKeys.deliveryList(filter.toString()),
    path: '/api/deliveries',
    filter,
    refetchAfter: (pages) => (pages.length > 1 ? false : 5_000),
  });
}

/** Reads again what a delivery named; any number of times, nothing doubles. */
export function useReplay(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request<{ runId: string }>('POST', `/api/deliveries/${encodeURIComponent(id)}/replay`),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: queryKeys.deliveries }),
        client.invalidateQueries({ queryKey: queryKeys.runs }),
      ]),
  });
}
