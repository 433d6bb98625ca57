import { Badge, Button, Text } from '@mantine/core';
import { useLocation } from 'wouter';
import type { Connection, Delivery, DeliveryState } from '../../api/types.js';
import { DataTable } from '../../layout/data-table.js';
import { TextLink } from '../../layout/link.js';
import { notifyError } from '../../layout/notify.js';
import { Time } from '../../layout/time.js';
import { ConnectionLink } from '../connections/connection-link.js';
import { useReplay } from './deliveries.js';

interface DeliveryTableProps {
  deliveries: readonly Delivery[];
  connections: readonly Connection[];
}

export function DeliveryTable({ deliveries, connections }: DeliveryTableProps) {
  return (
    <DataTable
      minWidth={720}
      rows={deliveries}
      columns={[
        { title: 'Received', cell: ({ receivedAt }) => <Time at={receivedAt} /> },
        {
          title: 'Connection',
          cell: ({ connectionId }) => <ConnectionLink id={connectionId} connections={connections} />,
        },
        { title: 'Event', cell: ({ event }) => event },
        { title: 'State', cell: (delivery) => <State delivery={delivery} /> },
        { title: 'Run', cell: ({ runId }) => <RunLink runId={runId} /> },
        {
          title: 'Actions',
          hideTitle: true,
          align: 'right',
          cell: (delivery) => delivery.state !== 'ignored' && <ReplayButton delivery={delivery} />,
        },
      ]}
    />
  );
}

const colors: Record<DeliveryState, string> = { pending: 'blue', done: 'teal', ignored: 'gray', failed: 'red' };

function State({ delivery: { state, error } }: { delivery: Delivery }) {
  return (
    <>
      <Badge color={colors[state] ?? 'gray'} variant="light" tt="capitalize">
        {state}
      </Badge>
      {error && (
        <Text size="xs" c="dimmed" maw={320}>
          {typeof error === 'string' ? error : error.message}
        </Text>
      )}
    </>
  );
}

function RunLink({ runId }: { runId?: string | null }) {
  if (!runId) return '–';
  return (
    <TextLink to={`/runs/${runId}`} size="sm">
      Run
    </TextLink>
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
