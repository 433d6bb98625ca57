import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { request } from '../../../api/http.js';
import { queryKeys } from '../../../api/query-keys.js';
import type { Page } from '../../../api/types.js';
import { parsePointer } from '../error-paths.js';

interface Choice {
  value: string;
  label: string;
}

interface RemoteChoicesQuery {
  /** Absent: there is nobody to ask yet. */
  connectionId?: string;
  /** The field's pointer within the configuration. */
  property: string;
  query: string;
  enabled: boolean;
}

/** What the remote system offers for a field, e.g. its projects; asked while typing. Typing works without it as well. */
export function useRemoteChoices(wanted: RemoteChoicesQuery): { choices: Choice[]; problem?: string } {
  const [query] = useDebouncedValue(wanted.query, 250);
  const { connectionId = '', property } = wanted;
  const answer = useQuery({
    queryKey: queryKeys.discovery(connectionId, property, query),
    enabled: wanted.enabled && connectionId !== '',
    staleTime: 60_000,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      request<Page<Choice>>('POST', `/api/connections/${encodeURIComponent(connectionId)}/discover`, {
        body: { property: nameOf(property), ...(query === '' ? {} : { query }) },
        signal,
      }),
  });
  const seen = new Set<string>();
  const choices = (answer.data?.items ?? []).filter(({ value }) => !seen.has(value) && seen.add(value));
  return {
    choices,
    problem: answer.error === null ? undefined : `Choices could not be loaded: ${answer.error.message}`,
  };
}

/** Connectors know their properties by name: `/target/project` asks as `project`. */
function nameOf(pointer: string): string {
  return parsePointer(pointer).at(-1) ?? '';
}
