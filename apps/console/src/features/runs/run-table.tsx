import { Progress, Text } from '@mantine/core';
import type { Connection, Run } from '../../api/types.js';
import { type Column, DataTable } from '../../layout/data-table.js';
import { TextLink } from '../../layout/link.js';
import { Time } from '../../layout/time.js';
import { useNow } from '../../layout/use-now.js';
import { ConnectionLink } from '../connections/connection-link.js';
import { RunStatusBadge } from './run-status-badge.js';
import { countsText, runDuration } from './run-text.js';

interface RunTableProps {
  runs: readonly Run[];
  /** Given where runs of several connections are listed. */
  connections?: readonly Connection[];
}

export function RunTable({ runs, connections }: RunTableProps) {
  const now = useNow();
  const connection: Column<Run>[] = connections
    ? [
        {
          title: 'Connection',
          cell: ({ connectionId }) => <ConnectionLink id={connectionId} connections={connections} />,
        },
      ]
    : [];
  return (
    <DataTable
      minWidth={connections ? 720 : 560}
      rows={runs}
      columns={[
        { title: 'Run', cell: (run) => <RunLink run={run} /> },
        ...connection,
        { title: 'Status', cell: ({ status }) => <RunStatusBadge status={status} /> },
        { title: 'Trigger', cell: ({ trigger }) => <span style={{ textTransform: 'capitalize' }}>{trigger}</span> },
        {
          title: 'Duration',
          cell: (run) => <span style={{ whiteSpace: 'nowrap' }}>{runDuration(run, now) ?? '–'}</span>,
        },
        { title: 'Outcome', cell: (run) => <Outcome run={run} /> },
      ]}
    />
  );
}

function RunLink({ run: { id, startedAt, queuedAt } }: { run: Run }) {
  const at = startedAt ?? queuedAt;
  return (
    <TextLink to={`/runs/${id}`} size="sm">
      {at ? <Time at={at} /> : id}
    </TextLink>
  );
}

function Outcome({ run }: { run: Run }) {
  return (
    <>
      <Text size="sm" lineClamp={2} c={run.error && run.status === 'failed' ? 'red' : undefined}>
        {run.error?.message ?? countsText(run)}
      </Text>
      {run.status === 'running' && run.progress?.total ? (
        <Progress mt={4} value={(100 * run.progress.done) / run.progress.total} aria-label="Progress" />
      ) : null}
    </>
  );
}
