import { Progress, Table, Text } from '@mantine/core';
import type { Connection, Run } from '../../api/types.js';
import { TextLink } from '../../layout/link.js';
import { Time } from '../../layout/time.js';
import { useNow } from '../../layout/use-now.js';
import { RunStatusBadge } from './run-status-badge.js';
import { countsText, runDuration } from './run-text.js';

interface RunTableProps {
  runs: readonly Run[];
  /** Given where runs of several connections are listed. */
  connections?: readonly Connection[];
}

export function RunTable({ runs, connections }: RunTableProps) {
  const now = useNow();
  return (
    <Table.ScrollContainer minWidth={connections ? 720 : 560}>
      <Table verticalSpacing={8} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Run</Table.Th>
            {connections && <Table.Th>Connection</Table.Th>}
            <Table.Th>Status</Table.Th>
            <Table.Th>Trigger</Table.Th>
            <Table.Th>Duration</Table.Th>
            <Table.Th>Outcome</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Table.Tr key={run.id}>
              <Table.Td>
                <TextLink to={`/runs/${run.id}`} size="sm">
                  {run.queuedAt || run.startedAt ? <Time at={run.startedAt ?? run.queuedAt ?? ''} /> : run.id}
                </TextLink>
              </Table.Td>
              {connections && (
                <Table.Td>
                  <TextLink to={`/connections/${run.connectionId}`} size="sm">
                    {connections.find((connection) => connection.id === run.connectionId)?.name ?? 'Deleted connection'}
                  </TextLink>
                </Table.Td>
              )}
              <Table.Td>
                <RunStatusBadge status={run.status} />
              </Table.Td>
              <Table.Td tt="capitalize">{run.trigger}</Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>{runDuration(run, now) ?? '–'}</Table.Td>
              <Table.Td>
                <Text size="sm" lineClamp={2} c={run.error && run.status === 'failed' ? 'red' : undefined}>
                  {run.error?.message ?? countsText(run)}
                </Text>
                {run.status === 'running' && run.progress?.total ? (
                  <Progress mt={4} value={(100 * run.progress.done) / run.progress.total} aria-label="Progress" />
                ) : null}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
