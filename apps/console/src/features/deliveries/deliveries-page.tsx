import { Code } from '@mantine/core';
import { EmptyState } from '../../layout/empty-state.js';
import { PageHeader } from '../../layout/page-header.js';
import { PagedList } from '../../layout/paged-list.js';
import { AnyFilter, FilterFields, OneFilter, useUrlFilter } from '../../layout/url-filter.js';
import { connectionChoices, useConnections } from '../connections/connections.js';
import { deliveryStates, useDeliveries } from './deliveries.js';
import { DeliveryTable } from './delivery-table.js';

export function DeliveriesPage() {
  const filter = useUrlFilter(['connectionId', 'state']);
  const connections = useConnections().data ?? [];
  return (
    <>
      <PageHeader title="Deliveries" description="Webhooks that remote systems sent, and what became of them." />
      <FilterFields label="Filter deliveries">
        <OneFilter filter={filter} name="connectionId" label="Connection" choices={connectionChoices(connections)} />
        <AnyFilter filter={filter} name="state" label="State" choices={deliveryStates} />
      </FilterFields>
      <PagedList
        query={useDeliveries(filter.params)}
        names={['delivery', 'deliveries']}
        filtered={filter.params.size > 0}
        empty={
          <EmptyState title="No webhook has arrived yet">
            Without webhooks the hub finds changes on its schedule. To see them within seconds, add a webhook at the
            remote system with the address <Code>{window.location.origin}/webhooks/&lt;connection id&gt;</Code>; each
            connection&apos;s page shows its own.
          </EmptyState>
        }
      >
        {(deliveries) => <DeliveryTable deliveries={deliveries} connections={connections} />}
      </PagedList>
    </>
  );
}
