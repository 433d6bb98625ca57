import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorNotice } from './error-notice.js';
import { Loading } from './loading.js';

interface QueryViewProps<T> {
  query: UseQueryResult<T, Error>;
  /** What was to be read, for the error's title: `the connections`. */
  what: string;
  children: (data: T) => ReactNode;
}

/** Loading, failed, or there: data that was read before stays visible while a later read fails. */
export function QueryView<T>({ query, what, children }: QueryViewProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error !== null) {
    return <ErrorNotice title={`Could not load ${what}`} error={query.error} onRetry={() => void query.refetch()} />;
  }
  return <Loading label={`Loading ${what}`} />;
}
