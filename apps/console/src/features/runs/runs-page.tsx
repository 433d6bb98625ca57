import { EmptyState } from '../../layout/empty-state.js';
import { ButtonLink } from '../../layout/link.js';
import { PageHeader } from '../../layout/page-header.js';
import { PagedList } from '../../layout/paged-list.js';
import { AnyFilter, FilterFields, OneFilter, useUrlFilter } from '../../layout/url-filter.js';
import { connectionChoices, useConnections } from '../connections/connections.js';
import { RunTable } from './run-table.js';
import { runStatuses, runTriggers, useRuns } from './runs.js';

export function RunsPage() {
  const filter = useUrlFilter(['connectionId', 'status', 'trigger']);
  const connections = useConnections().data ?? [];
  return (
    <>
      <PageHeader title="Runs" description="Every time a connection did its work: when, why, and what came of it." />
      <FilterFields label="Filter runs">
        <OneFilter filter={filter} name="connectionId" label="Connection" choices={connectionChoices(connections)} />
        <AnyFilter filter={filter} name="status" label="Status" choices={runStatuses} />
        <AnyFilter filter={filter} name="trigger" label="Trigger" choices={runTriggers} />
      </FilterFields>
      <PagedList
        query={useRuns(filter.params)}
        names={['run', 'runs']}
        filtered={filter.params.size > 0}
        empty={
          <EmptyState
            title="Nothing has run yet"
            action={<ButtonLink to="/connections">See the connections</ButtonLink>}
          >
            A connection runs on its schedule, when a webhook wakes it, and when somebody presses Run now.
          </EmptyState>
        }
      >
        {(runs) => <RunTable runs={runs} connections={connections} />}
      </PagedList>
    </>
  );
}
