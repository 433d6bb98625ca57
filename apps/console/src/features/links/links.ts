import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/http.js';
import { queryKeys } from '../../api/query-keys.js';
import type { ItemLink, ItemLinkDetail, LinkKind, LinkState } from '../../api/sync-types.js';
import { usePages } from '../../api/use-pages.js';

export const linkKinds: readonly LinkKind[] = ['issue', 'comment', 'milestone', 'label', 'attachment', 'ref'];
export const linkStates: readonly LinkState[] = ['intended', 'active', 'conflicted', 'severed', 'gone'];

const address = (id: string) => `/api/links/${encodeURIComponent(id)}`;

/** Pairs of items, newest first. */
export function useLinks(filter: URLSearchParams) {
  return usePages<ItemLink>({
    queryKey: queryKeys.linkList(filter.toString()),
    path: '/api/links',
    filter,
    refetchAfter: (pages) => (pages.length > 1 ? false : 10_000),
    keepPrevious: true,
  });
}

/** One link with its history; read again while somebody looks, for a run may be at work on it. */
export function useLink(id: string) {
  return useQuery({
    queryKey: queryKeys.link(id),
    refetchInterval: 5_000,
    queryFn: ({ signal }) => request<ItemLinkDetail>('GET', address(id), { signal }),
  });
}

export interface NewLink {
  connectionId: string;
  kind: LinkKind;
  left: { key: string };
  right: { key: string };
}

export function useCreateLink() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewLink) => request<ItemLink>('POST', '/api/links', { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.links }),
  });
}

export function useSeverLink(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request<undefined>('DELETE', address(id)),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: queryKeys.links }),
        client.invalidateQueries({ queryKey: queryKeys.conflicts }),
        client.invalidateQueries({ queryKey: queryKeys.dashboard }),
      ]),
  });
}
