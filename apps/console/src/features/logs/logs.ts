import { queryKeys } from '../../api/query-keys.js';
import type { LogEntry } from '../../api/sync-types.js';
import { usePages } from '../../api/use-pages.js';

/** Lines of all runs, newest first; read again every few seconds at their top. */
export function useLogs(filter: URLSearchParams) {
  return usePages<LogEntry>({
    queryKey: queryKeys.logs(filter.toString()),
    path: '/api/logs',
    filter,
    refetchAfter: (pages) => (pages.length > 1 ? false : 2_000),
    keepPrevious: true,
  });
}
