import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Page } from '../api/types.js';
import { EmptyState } from './empty-state.js';
import { LoadMore } from './load-more.js';
import { QueryView } from './query-view.js';

interface PagedListProps<T> {
  query: UseInfiniteQueryResult<InfiniteData<Page<T>>>;
  /** Of one and of many: `run`, `runs`. */
  names: readonly [one: string, many: string];
  /** Something was asked for: that nothing was found then has another reason. */
  filtered: boolean;
  /** Shown where there is nothing at all. */
  empty: ReactNode;
  children: (items: T[]) => ReactNode;
}

/** A list that is read page by page: its items, or why there are none, and a way to more. */
export function PagedList<T>({ query, names: [one, many], filtered, empty, children }: PagedListProps<T>) {
  return (
    <>
      <QueryView query={query} what={`the ${many}`}>
        {(data) => {
          const items = data.pages.flatMap((page) => page.items);
          if (items.length > 0) return children(items);
          if (!filtered) return empty;
          return <EmptyState title={`No ${one} fits these filters`}>Remove one of them to see more.</EmptyState>;
        }}
      </QueryView>
      <LoadMore
        hasMore={query.hasNextPage}
        loading={query.isFetchingNextPage}
        onLoad={() => void query.fetchNextPage()}
      />
    </>
  );
}
