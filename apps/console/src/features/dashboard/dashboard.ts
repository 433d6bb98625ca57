import { useQuery } from '@tanstack/react-query';
import { request } from '../../api/http.js';
import { queryKeys } from '../../api/query-keys.js';
import type { DashboardStats } from '../../api/sync-types.js';

/** Counts over everything. */
export function useDashboard() {
  return useQuery({
    queryKey: queryKeys.dashboard,
    refetchInterval: 10_000,
    queryFn: ({ signal }) => request<DashboardStats>('GET', '/api/dashboard/stats', { signal }),
  });
}
