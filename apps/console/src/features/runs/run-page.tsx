import { Alert, Badge, Button, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { Run } from '../../api/types.js';
import { TextLink } from '../../layout/link.js';
import { notifyError } from '../../layout/notify.js';
import { PageHeader } from '../../layout/page-header.js';
import { QueryView } from '../../layout/query-view.js';
import { Time } from '../../layout/time.js';
import { useNow } from '../../layout/use-now.js';
import { useConnections } from '../connections/connections.js';
import { useSides } from '../links/sides.js';
import { PlanView } from '../plans/plan-view.js';
import { useLiveRun } from './live-run.js';
import { RunLog } from './run-log.js';
import { RunProgress } from './run-progress.js';
import { RunStatusBadge } from './run-status-badge.js';
import { runDuration } from './run-text.js';
import { useCancelRun } from './runs.js';

export function RunPage({ id }: { id: string }) {
  const { query, active, stream, lines } = useLiveRun(id);
  const sides = useSides();
  return (
    <QueryView query={query} what="the run">
      {(run) => (
        <>
          <RunHeader run={run} active={active} live={stream === 'live'} />
          <Stack>
            {run.error && (
              <Alert color={run.status === 'failed' ? 'red' : 'yellow'} title={run.error.message} role="alert">
                {run.error.hint && <Text size="sm">{run.error.hint}</Text>}
                <Text size="xs" c="dimmed">
                  Kind: {run.error.kind}
                </Text>
              </Alert>
            )}
            {active && <RunProgress run={run} />}
            {run.kind === 'plan' ? <PlanView run={run} names={sides(run.connectionId)} /> : <Counts run={run} />}
            <RunLog runId={run.id} active={active} live={stream === 'live'} streamed={lines} />
          </Stack>
        </>
      )}
    </QueryView>
  );
}

function RunHeader({ run, active, live }: { run: Run; active: boolean; live: boolean }) {
  const connection = useConnections().data?.find((candidate) => candidate.id === run.connectionId);
  const cancel = useCancelRun(run.id);
  const duration = runDuration(run, useNow(active, 1_000));
  const begun = run.startedAt ?? run.queuedAt;
  return (
    <PageHeader
      title={connection === undefined ? 'Run' : `Run of ${connection.name}`}
      description={
        <Group gap="xs" mt={4}>
          <RunStatusBadge status={run.status} />
          <span>
            {run.kind === 'plan' ? 'Plan, ' : ''}
            {run.mode === 'full' ? 'Full sync, ' : ''}trigger: {run.trigger}
          </span>
          {begun && (
            <span>
              {run.startedAt ? 'started' : 'queued'} <Time at={begun} show="age" />
            </span>
          )}
          {duration !== undefined && <span>{active ? `running for ${duration}` : `took ${duration}`}</span>}
          {active && (
            <Badge variant="dot" color={live ? 'teal' : 'gray'} size="sm" tt="none">
              {live ? 'Live' : 'Refreshing'}
            </Badge>
          )}
          <TextLink to={`/connections/${run.connectionId}`} size="sm">
            Connection
          </TextLink>
        </Group>
      }
      actions={
        active && (
          <Button
            variant="light"
            color="red"
            loading={cancel.isPending}
            onClick={() => cancel.mutate(undefined, { onError: (error) => notifyError('Not cancelled', error) })}
          >
            Cancel run
          </Button>
        )
      }
    />
  );
}

const countLabels: [string, string][] = [
  ['fetched', 'Fetched'],
  ['stored', 'Stored'],
  ['created', 'Created'],
  ['updated', 'Updated'],
  ['skipped', 'Skipped'],
  ['conflicts', 'Conflicts'],
  ['failed', 'Failed'],
  ['requests', 'Requests'],
];

function Counts({ run }: { run: Run }) {
  return (
    <Paper withBorder p="md" component="section" aria-label="Counts">
      <Title order={2} size="h5" mb="xs">
        Counts
      </Title>
      <SimpleGrid cols={{ base: 2, xs: 4, md: 8 }} component="dl" m={0}>
        {countLabels.map(([key, label]) => (
          <div key={key}>
            <Text size="xs" c="dimmed" component="dt">
              {label}
            </Text>
            <Text fw={600} component="dd" m={0} c={key === 'failed' && (run.counts[key] ?? 0) > 0 ? 'red' : undefined}>
              {(run.counts[key] ?? 0).toLocaleString()}
            </Text>
          </div>
        ))}
      </SimpleGrid>
    </Paper>
  );
}
