import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { request, withQuery } from '../../api/http.js';
import { queryKeys } from '../../api/query-keys.js';
import type { Delivery, DeliveryState, Page } from '../../api/types.js';

export const deliveryStates: readonly DeliveryState[] = ['pending', 'done', 'ignored', 'failed'];

/** Webhook deliveries, newest first. */
export function useDeliveries(filter: URLSearchParams) {
  return useInfiniteQuery({
    queryKey: queryKeys.deliveryList(filter.toString()),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams(filter);
      if (pageParam !== '') params.set('cursor', pageParam);
      return request<Page<Delivery>>('GET', withQuery('/api/deliveries', params), { signal });
    },
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : 5_000),
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
