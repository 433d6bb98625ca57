import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { request, withQuery } from '../../api/http.js';
import { queryKeys } from '../../api/query-keys.js';
import type { ChangeEvent, ChangeEventDetail, EventStats } from '../../api/types.js';
import { usePages } from '../../api/use-pages.js';

/** Events that fit, newest first, page by page. */
export function useEvents(filter: URLSearchParams) {
  return usePages<ChangeEvent>({
    queryKey: queryKeys.eventList(filter.toString()),
    path: '/api/events',
    filter,
    keepPrevious: true,
  });
}

/** How many events fit, over time and by type and status. */
export function useEventStats(filter: URLSearchParams, bins: number) {
  const params = new URLSearchParams(filter);
  params.set('bins', String(bins));
  return useQuery({
    queryKey: queryKeys.eventStats(params.toString()),
    queryFn: ({ signal }) => request<EventStats>('GET', withQuery('/api/events/stats', params), { signal }),
    placeholderData: keepPreviousData,
  });
}

/** One event with its transitions; its revision is part of the key, because a new one has more of them. */
export function useEvent(id: string, revision: number) {
  return useQuery({
    queryKey: [...queryKeys.event(id), revision],
    staleTime: 60_000,
    queryFn: ({ signal }) => request<ChangeEventDetail>('GET', `/api/events/${encodeURIComponent(id)}`, { signal }),
  });
}
