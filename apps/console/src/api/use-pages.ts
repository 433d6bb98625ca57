import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { request, withQuery } from './http.js';
import type { Page } from './types.js';

interface PagesOptions<T> {
  queryKey: readonly unknown[];
  path: string;
  filter: URLSearchParams;
  /** How soon to read again, in milliseconds, judged by what is loaded; default: not by itself. */
  refetchAfter?: (pages: readonly Page<T>[]) => number | false;
  /** Shows what the last filter found until the new one has answered. */
  keepPrevious?: boolean;
}

/** A list of the hub's, page by page as they are asked for. */
export function usePages<T>({ queryKey, path, filter, refetchAfter, keepPrevious }: PagesOptions<T>) {
  return useInfiniteQuery({
    queryKey,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams(filter);
      if (pageParam !== '') params.set('cursor', pageParam);
      return request<Page<T>>('GET', withQuery(path, params), { signal });
    },
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: (query) => refetchAfter?.(query.state.data?.pages ?? []) ?? false,
    placeholderData: keepPrevious === true ? keepPreviousData : undefined,
  });
}
