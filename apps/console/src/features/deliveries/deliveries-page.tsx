import { Badge, Button, Code, Group, MultiSelect, Select, Table, Text } from '@mantine/core';
import { useLocation, useSearchParams } from 'wouter';
import type { Connection, Delivery, DeliveryState } from '../../api/types.js';
import { EmptyState } from '../../layout/empty-state.js';
import { TextLink } from '../../layout/link.js';
import { LoadMore } from '../../layout/load-more.js';
import { notifyError } from '../../layout/notify.js';
import { PageHeader } from '../../layout/page-header.js';
import { QueryView } from '../../layout/query-view.js';
import { Time } from '../../layout/time.js';
import { useConnections } from '../connections/connections.js';
import { deliveryStates, useDeliveries, useReplay } from './deliveries.js';

const colors: Record<DeliveryState, string> = { pending: 'blue', done: 'teal', ignored: 'gray', failed: 'red' };

const filterWidth = { flex: '1 1 10rem', maxWidth: 280 };

export function DeliveriesPage() {
  const [params, setParams] = useSearchParams();
  const connections = useConnections().data ?? [];
  const filter = new URLSearchParams([...params].filter(([name]) => name === 'connectionId' || name === 'state'));
  const deliveries = useDeliveries(filter);
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
      <PageHeader title="Deliveries" description="Webhooks that remote systems sent, and what became of them." />
      <Group mb="md" gap="sm" align="flex-end" role="search" aria-label="Filter deliveries">
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
          label="State"
          placeholder={filter.has('state') ? undefined : 'All'}
          clearable
          style={filterWidth}
          data={[...deliveryStates]}
          value={filter.getAll('state')}
          onChange={(values) => set('state', values)}
        />
      </Group>
      <QueryView query={deliveries} what="the deliveries">
        {(data) => {
          const items = data.pages.flatMap((page) => page.items);
          if (items.length > 0) return <DeliveryTable deliveries={items} connections={connections} />;
          return filter.size > 0 ? (
            <EmptyState title="No delivery fits these filters">Remove one of them to see more.</EmptyState>
          ) : (
            <EmptyState title="No webhook has arrived yet">
              Without webhooks the hub finds changes on its schedule. To see them within seconds, add a webhook at the
              remote system with the address <Code>{window.location.origin}/webhooks/&lt;connection id&gt;</Code>; each
              connection&apos;s page shows its own.
            </EmptyState>
          );
        }}
      </QueryView>
      <LoadMore
        hasMore={deliveries.hasNextPage}
        loading={deliveries.isFetchingNextPage}
        onLoad={() => void deliveries.fetchNextPage()}
      />
    </>
  );
}

function DeliveryTable({ deliveries, connections }: { deliveries: Delivery[]; connections: readonly Connection[] }) {
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table verticalSpacing={8} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Received</Table.Th>
            <Table.Th>Connection</Table.Th>
            <Table.Th>Event</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Run</Table.Th>
            <Table.Th aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deliveries.map((delivery) => (
            <Table.Tr key={delivery.id}>
              <Table.Td>
                <Time at={delivery.receivedAt} />
              </Table.Td>
              <Table.Td>
                <TextLink to={`/connections/${delivery.connectionId}`} size="sm">
                  {connections.find((connection) => connection.id === delivery.connectionId)?.name ??
                    'Deleted connection'}
                </TextLink>
              </Table.Td>
              <Table.Td>{delivery.event}</Table.Td>
              <Table.Td>
                <Badge color={colors[delivery.state] ?? 'gray'} variant="light" tt="none">
                  {delivery.state}
                </Badge>
                {delivery.error && (
                  <Text size="xs" c="dimmed" maw={320}>
                    {typeof delivery.error === 'string' ? delivery.error : delivery.error.message}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                {delivery.runId ? (
                  <TextLink to={`/runs/${delivery.runId}`} size="sm">
                    Run
                  </TextLink>
                ) : (
                  '–'
                )}
              </Table.Td>
              <Table.Td ta="right">{delivery.state !== 'ignored' && <ReplayButton delivery={delivery} />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function ReplayButton({ delivery }: { delivery: Delivery }) {
  const replay = useReplay(delivery.id);
  const [, navigate] = useLocation();
  return (
    <Button
      size="xs"
      variant="default"
      loading={replay.isPending}
      aria-label={`Replay ${delivery.event}`}
      onClick={() =>
        replay.mutate(undefined, {
          onSuccess: ({ runId }) => navigate(`/runs/${runId}`),
          onError: (error) => notifyError('Not replayed', error),
        })
      }
    >
      Replay
    </Button>
  );
}
