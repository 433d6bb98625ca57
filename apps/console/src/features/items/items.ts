import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/http.js';
import { queryKeys } from '../../api/query-keys.js';
import type { Side, WaitingItem } from '../../api/sync-types.js';
import { usePages } from '../../api/use-pages.js';

const address = (connectionId: string) => `/api/connections/${encodeURIComponent(connectionId)}/items`;
const nothing = new URLSearchParams();

/** What waits of a connection; soon read again while a run is to deal with some of it. */
export function useWaitingItems(connectionId: string) {
  return usePages<WaitingItem>({
    queryKey: queryKeys.items(connectionId),
    path: address(connectionId),
    filter: nothing,
    refetchAfter: (pages) => {
      if (pages.length > 1) return false;
      return pages.some((page) => page.items.some(({ state }) => state === 'requested')) ? 2_000 : 10_000;
    },
  });
}

export interface WantedItem {
  key: string;
  side?: Side;
}

/** Brings one item over now, or tries it again. */
export function useBringItem(connectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: WantedItem) => request<{ runId: string }>('POST', address(connectionId), { body }),
    onSuccess: () =>
      Promise.all(
        [queryKeys.items(connectionId), queryKeys.runs, queryKeys.dashboard].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
  });
}
