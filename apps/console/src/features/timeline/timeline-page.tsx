import { Badge, Button, Center, Paper, Text } from '@mantine/core';
import { useWindowScroll } from '@mantine/hooks';
import { useMemo } from 'react';
import { EmptyState } from '../../layout/empty-state.js';
import { ButtonLink } from '../../layout/link.js';
import { LoadMore } from '../../layout/load-more.js';
import { PageHeader } from '../../layout/page-header.js';
import { QueryView } from '../../layout/query-view.js';
import { useNow } from '../../layout/use-now.js';
import { allEventTypes, useConnectors } from '../catalog/connectors.js';
import { useConnections } from '../connections/connections.js';
import { EventList } from './event-list.js';
import { useEvents, useEventStats } from './events.js';
import { FilterBar } from './filter-bar.js';
import { isFiltered, toApi } from './filters.js';
import { Histogram } from './histogram.js';
import { useLiveEvents } from './live-events.js';
import { TypeLegend } from './type-legend.js';
import { useFilters } from './use-filters.js';

const bins = 60;
const nothing = { items: [] };

export function TimelinePage() {
  const { filters, change, clear } = useFilters();
  const connectors = useConnectors();
  const connections = useConnections();
  const types = useMemo(() => allEventTypes(connectors.data ?? []), [connectors.data]);
  // A relative range moves on with the minutes; within one the requests stay the same.
  const minute = Math.floor(useNow() / 60_000) * 60_000;
  const api = useMemo(() => toApi(filters, minute), [filters, minute]);
  const events = useEvents(api);
  const stats = useEventStats(api, bins);
  const [scroll] = useWindowScroll();
  const pages = events.data?.pages ?? [nothing];
  const live = useLiveEvents(api, pages.length === 1 && scroll.y < 200);
  const items = pages.flatMap((page) => page.items);
  const projects = [...new Set(items.map((event) => event.project.path))].sort();
  const authors = [...new Set(items.flatMap((event) => (event.author ? [event.author] : [])))].sort();
  const toggleType = (type: string) =>
    change({
      eventType: filters.eventType.includes(type)
        ? filters.eventType.filter((name) => name !== type)
        : [...filters.eventType, type],
    });

  return (
    <>
      <PageHeader
        title="Timeline"
        description="What changed, when, where and by whom."
        actions={
          <Badge variant="dot" color={live.state === 'live' ? 'teal' : 'gray'} tt="none">
            {live.state === 'live' ? 'Live' : 'Refreshing'}
          </Badge>
        }
      />
      <FilterBar
        filters={filters}
        types={types}
        connections={connections.data ?? []}
        stats={stats.data}
        projects={projects}
        authors={authors}
        onChange={change}
        onClear={clear}
      />
      {stats.data !== undefined && stats.data.total > 0 && (
        <Paper withBorder p="md" mb="md" component="section" aria-label="Overview">
          <Text size="sm" fw={600} mb="xs" role="status">
            {stats.data.total.toLocaleString()} {stats.data.total === 1 ? 'event' : 'events'}
          </Text>
          <Histogram
            bins={stats.data.bins}
            types={types}
            onZoom={(from, to) =>
              change({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), range: '' }, true)
            }
          />
          <TypeLegend counts={stats.data.byType} types={types} chosen={filters.eventType} onToggle={toggleType} />
        </Paper>
      )}
      {live.waiting > 0 && (
        <Center style={{ position: 'sticky', top: 62, zIndex: 5 }} role="status">
          <Button size="xs" radius="xl" onClick={live.show}>
            {live.waiting === 1 ? '1 new event' : `${live.waiting} new events`}
          </Button>
        </Center>
      )}
      <QueryView query={events} what="the events">
        {() =>
          items.length > 0 ? (
            <EventList events={items} types={types} connections={connections.data ?? []} />
          ) : (
            <NoEvents filtered={isFiltered(filters)} connected={(connections.data?.length ?? 0) > 0} onClear={clear} />
          )
        }
      </QueryView>
      <LoadMore
        auto
        hasMore={events.hasNextPage}
        loading={events.isFetchingNextPage}
        onLoad={() => void events.fetchNextPage()}
      />
    </>
  );
}

function NoEvents({ filtered, connected, onClear }: { filtered: boolean; connected: boolean; onClear: () => void }) {
  if (filtered) {
    return (
      <EmptyState title="No event fits these filters" action={<Button onClick={onClear}>Clear filters</Button>}>
        Search finds whole words and their beginnings. A longer time span shows more.
      </EmptyState>
    );
  }
  if (connected) {
    return (
      <EmptyState title="No events yet" action={<ButtonLink to="/connections">See the connections</ButtonLink>}>
        They appear here as soon as a run has read them; the page keeps itself current.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="Nothing is connected yet" action={<ButtonLink to="/catalog">Open the catalog</ButtonLink>}>
      Merge requests, pipelines, releases and more appear here, deduplicated and in order, once a connection reads them.
    </EmptyState>
  );
}
