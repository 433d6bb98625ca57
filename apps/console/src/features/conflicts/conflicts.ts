import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/http.js';
import type { JsonValue } from '../../api/json.js';
import { queryKeys } from '../../api/query-keys.js';
import type { Conflict, ConflictChoice, ConflictState } from '../../api/sync-types.js';
import { usePages } from '../../api/use-pages.js';

export const conflictStates: readonly { value: ConflictState; label: string }[] = [
  { value: 'open', label: 'Open' },
  { value: 'resolved', label: 'Decided' },
  { value: 'closed', label: 'Agreed by themselves' },
];

const address = (id: string) => `/api/conflicts/${encodeURIComponent(id)}`;

/** Newest first. */
export function useConflicts(filter: URLSearchParams) {
  return usePages<Conflict>({
    queryKey: queryKeys.conflictList(filter.toString()),
    path: '/api/conflicts',
    filter,
    refetchAfter: (pages) => (pages.length > 1 ? false : 10_000),
    keepPrevious: true,
  });
}

/** Whole, also where a list shows long texts cut. */
export function useConflict(id: string, { enabled = true } = {}) {
  return useQuery({
    queryKey: queryKeys.conflict(id),
    enabled,
    refetchInterval: 10_000,
    queryFn: ({ signal }) => request<Conflict>('GET', address(id), { signal }),
  });
}

export interface Decision {
  choice: ConflictChoice;
  value?: JsonValue;
}

/** Decides what was seen: the hub refuses where the values have changed since. */
const decide = (conflict: Conflict, decision: Decision) =>
  request<Conflict>('POST', `${address(conflict.id)}/resolve`, {
    body: { ...decision, updatedAt: conflict.updatedAt },
  });

/** Also after a refusal: what was shown is out of date then. */
function useRefresh() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      [queryKeys.conflicts, queryKeys.links, queryKeys.dashboard].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
}

export function useDecide(conflict: Conflict) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (decision: Decision) => decide(conflict, decision),
    onSettled: () => refresh(),
  });
}

export interface ManyDecided {
  decided: number;
  refused: { conflict: Conflict; error: unknown }[];
}

/** One after the other: each is a decision of its own, and one that is refused stops no other. */
export function useDecideMany() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async ({ conflicts, choice }: { conflicts: readonly Conflict[]; choice: 'left' | 'right' }) => {
      const outcome: ManyDecided = { decided: 0, refused: [] };
      for (const conflict of conflicts) {
        try {
          await decide(conflict, { choice });
          outcome.decided += 1;
        } catch (error) {
          outcome.refused.push({ conflict, error });
        }
      }
      return outcome;
    },
    onSettled: () => refresh(),
  });
}
