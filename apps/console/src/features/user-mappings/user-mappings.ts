import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request, withQuery } from '../../api/http.js';
import type { JsonObject } from '../../api/json.js';
import { queryKeys } from '../../api/query-keys.js';
import type { MappingImport, MappingSuggestion, UserMapping } from '../../api/sync-types.js';
import type { Page } from '../../api/types.js';
import { usePages } from '../../api/use-pages.js';

const root = '/api/user-mappings';
const address = (id: string) => `${root}/${encodeURIComponent(id)}`;

/** A plain link downloads it: the session cookie goes along. */
export const exportAddress = `${root}/export`;

/** Newest first. */
export function useMappings(filter: URLSearchParams) {
  return usePages<UserMapping>({
    queryKey: queryKeys.mappingList(filter.toString()),
    path: root,
    filter,
    keepPrevious: true,
  });
}

interface Suggestions extends Page<MappingSuggestion> {
  warnings: string[];
}

/** Asks both remotes who is there; so only when somebody wants to know. */
export function useSuggestions(source: string | null, target: string | null) {
  const params = new URLSearchParams({ sourceInstanceId: source ?? '', targetInstanceId: target ?? '' });
  return useQuery({
    queryKey: queryKeys.suggestions(source ?? '', target ?? ''),
    enabled: source !== null && target !== null && source !== target,
    staleTime: 60_000,
    queryFn: ({ signal }) => request<Suggestions>('GET', withQuery(`${root}/suggestions`, params), { signal }),
  });
}

function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: queryKeys.mappings });
}

/** Creates a mapping, or patches the one with `id`. */
export function useSaveMapping(id?: string) {
  return useMutation({
    mutationFn: (body: JsonObject) =>
      id === undefined
        ? request<UserMapping>('POST', root, { body })
        : request<UserMapping>('PATCH', address(id), { body }),
    onSuccess: useRefresh(),
  });
}

export function useDeleteMapping(id: string) {
  return useMutation({
    mutationFn: () => request<undefined>('DELETE', address(id)),
    onSuccess: useRefresh(),
  });
}

export function useImportMappings() {
  return useMutation({
    mutationFn: (csv: string) => request<MappingImport>('POST', `${root}/import`, { csv }),
    onSuccess: useRefresh(),
  });
}
