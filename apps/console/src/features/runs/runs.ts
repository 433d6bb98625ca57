import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request, withQuery } from '../../api/http.js';
import { queryKeys } from '../../api/query-keys.js';
import { usePages } from '../../api/use-pages.js';
import type { LogLine, Page, Run, RunStatus } from '../../api/types.js';

export const runStatuses: readonly RunStatus[] = ['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled'];
export const runTriggers = ['schedule', 'manual', 'webhook', 'startup', 'replay', 'takeover'];

export function isActive(run: Run): boolean {
  return run.status === 'queued' || run.status === 'running';
}

/** Runs, newest first. Read again every few seconds while the first page is all that is loaded. */
export function useRuns(filter: URLSearchParams) {
  return usePages<Run>({
    queryKey: queryKeys.runList(filter.toString()),
    path: '/api/runs',
    filter,
    refetchAfter: (pages) => {
      if (pages.length > 1) return false;
      return pages.some((page) => page.items.some(isActive)) ? 2_000 : 10_000;
    },
  });
}

/** One run; `poll` reads it again and again while it goes on. */
export function useRun(id: string, poll: boolean) {
  return useQuery({
    queryKey: queryKeys.run(id),
    queryFn: ({ signal }) => request<Run>('GET', `/api/runs/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: (query) => (poll && query.state.data !== undefined && isActive(query.state.data) ? 2_000 : false),
  });
}

interface StoredLogOptions {
  /** The run goes on: what is read now is not all of it, and is read anew when it has ended. */
  active: boolean;
  enabled: boolean;
  /** Read it again and again. */
  poll: boolean;
}

/** A run's log as the hub keeps it, oldest first, with only these levels. */
export function useStoredLog(id: string, levels: readonly string[], { active, enabled, poll }: StoredLogOptions) {
  return useInfiniteQuery({
    queryKey: [...queryKeys.runLog(id), active ? 'growing' : 'complete', levels.join()],
    enabled,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ limit: '500' });
      for (const level of levels) params.append('level', level);
      if (pageParam !== '') params.set('cursor', pageParam);
      return request<Page<LogLine>>('GET', withQuery(`/api/runs/${encodeURIComponent(id)}/logs`, params), { signal });
    },
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: poll ? 2_000 : false,
  });
}

export function useCancelRun(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request<unknown>('POST', `/api/runs/${encodeURIComponent(id)}/cancel`),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.runs }),
  });
}
