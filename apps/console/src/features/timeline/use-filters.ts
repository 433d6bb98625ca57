import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { parseFilters, type TimelineFilters, toSearch } from './filters.js';

/** The filters in the page's address. `push` keeps the former ones for the Back button, e.g. for a zoom. */
export function useFilters() {
  const [params, setParams] = useSearchParams();
  const key = params.toString();
  const filters = useMemo(() => parseFilters(new URLSearchParams(key)), [key]);
  const change = useCallback(
    (patch: Partial<TimelineFilters>, push = false) =>
      setParams((old) => toSearch({ ...parseFilters(old), ...patch }), { replace: !push }),
    [setParams],
  );
  const clear = useCallback(() => setParams({}), [setParams]);
  return { filters, change, clear };
}
