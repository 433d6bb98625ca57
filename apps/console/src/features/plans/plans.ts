import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request, withQuery } from '../../api/http.js';
import { queryKeys } from '../../api/query-keys.js';
import type { PlanItem, PlanOp, PlanSummary } from '../../api/sync-types.js';
import type { Page, Run } from '../../api/types.js';
import { isActive } from '../runs/runs.js';

export const planOps: readonly { value: PlanOp; label: string; color: string }[] = [
  { value: 'link', label: 'Link', color: 'violet' },
  { value: 'create', label: 'Create', color: 'teal' },
  { value: 'update', label: 'Update', color: 'blue' },
  { value: 'close', label: 'Close', color: 'blue' },
  { value: 'reopen', label: 'Reopen', color: 'blue' },
  { value: 'delete', label: 'Delete', color: 'red' },
  { value: 'conflict', label: 'Conflict', color: 'orange' },
  { value: 'skip', label: 'Skip', color: 'gray' },
];

interface PlanPage extends Page<PlanItem> {
  summary: PlanSummary;
}

/** A plan as far as it has come, with only these operations. */
export function usePlan(run: Run, ops: readonly string[]) {
  const params = new URLSearchParams({ limit: '100' });
  for (const op of ops) params.append('op', op);
  return useInfiniteQuery({
    queryKey: [...queryKeys.planItems(run.id, params.toString()), isActive(run) ? 'growing' : 'complete'],
    initialPageParam: '',
    refetchInterval: isActive(run) ? 2_000 : false,
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams(params);
      if (pageParam !== '') asked.set('cursor', pageParam);
      return request<PlanPage>('GET', withQuery(`/api/runs/${encodeURIComponent(run.id)}/plan`, asked), { signal });
    },
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** The newest plan of a connection, if there is one. */
export function useLatestPlan(connectionId: string) {
  const params = new URLSearchParams({ connectionId, kind: 'plan', limit: '1' });
  return useQuery({
    queryKey: queryKeys.runList(params.toString()),
    queryFn: ({ signal }) => request<Page<Run>>('GET', withQuery('/api/runs', params), { signal }),
    refetchInterval: (query) => (query.state.data?.items.some(isActive) === true ? 1_000 : 10_000),
  });
}

export function useMakePlan(connectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      request<{ runId: string }>('POST', `/api/connections/${encodeURIComponent(connectionId)}/plan`, { body: {} }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.runs }),
  });
}
