import { Group, MultiSelect, Select } from '@mantine/core';
import { useSearchParams } from 'wouter';
import { EmptyState } from '../../layout/empty-state.js';
import { ButtonLink } from '../../layout/link.js';
import { LoadMore } from '../../layout/load-more.js';
import { PageHeader } from '../../layout/page-header.js';
import { QueryView } from '../../layout/query-view.js';
import { useConnections } from '../connections/connections.js';
import { RunTable } from './run-table.js';
import { runStatuses, runTriggers, useRuns } from './runs.js';

const filterNames = ['connectionId', 'status', 'trigger'];

const filterWidth = { flex: '1 1 10rem', maxWidth: 280 };

export function RunsPage() {
  const [params, setParams] = useSearchParams();
  const connections = useConnections().data ?? [];
  const filter = new URLSearchParams([...params].filter(([name]) => filterNames.includes(name)));
  const runs = useRuns(filter);
  const set = (name: string, values: readonly string[]) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        next.delete(name);
        for (const value of values) next.append(name, value);
        return next;
      },
      { replace: true },
    );
  return (
    <>
      <PageHeader title="Runs" description="Every time a connection did its work: when, why, and what came of it." />
      <Group mb="md" gap="sm" align="flex-end" role="search" aria-label="Filter runs">
        <Select
          label="Connection"
          placeholder="All"
          clearable
          searchable
          style={filterWidth}
          data={connections.map((connection) => ({ value: connection.id, label: connection.name }))}
          value={filter.get('connectionId')}
          onChange={(id) => set('connectionId', id === null ? [] : [id])}
        />
        <MultiSelect
          label="Status"
          placeholder={filter.has('status') ? undefined : 'All'}
          clearable
          style={filterWidth}
          data={[...runStatuses]}
          value={filter.getAll('status')}
          onChange={(values) => set('status', values)}
        />
        <MultiSelect
          label="Trigger"
          placeholder={filter.has('trigger') ? undefined : 'All'}
          clearable
          style={filterWidth}
          data={runTriggers}
          value={filter.getAll('trigger')}
          onChange={(values) => set('trigger', values)}
        />
      </Group>
      <QueryView query={runs} what="the runs">
        {(data) => {
          const items = data.pages.flatMap((page) => page.items);
          if (items.length > 0) return <RunTable runs={items} connections={connections} />;
          return filter.size > 0 ? (
            <EmptyState title="No run fits these filters">Remove one of them to see more.</EmptyState>
          ) : (
            <EmptyState
              title="Nothing has run yet"
              action={<ButtonLink to="/connections">See the connections</ButtonLink>}
            >
              A connection runs on its schedule, when a webhook wakes it, and when somebody presses Run now.
            </EmptyState>
          );
        }}
      </QueryView>
      <LoadMore hasMore={runs.hasNextPage} loading={runs.isFetchingNextPage} onLoad={() => void runs.fetchNextPage()} />
    </>
  );
}
