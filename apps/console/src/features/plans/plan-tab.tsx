import { Button, Group, Stack, Text } from '@mantine/core';
import type { Connection, Connector } from '../../api/types.js';
import { EmptyState } from '../../layout/empty-state.js';
import { ErrorNotice } from '../../layout/error-notice.js';
import { TextLink } from '../../layout/link.js';
import { QueryView } from '../../layout/query-view.js';
import { Time } from '../../layout/time.js';
import { useInstances } from '../instances/instances.js';
import { sidesOf } from '../links/sides.js';
import { RunProgress } from '../runs/run-progress.js';
import { isActive } from '../runs/runs.js';
import { PlanView } from './plan-view.js';
import { useLatestPlan, useMakePlan } from './plans.js';
import { SyncNow } from './sync-now.js';

interface PlanTabProps {
  connection: Connection;
  connector?: Connector;
}

/** What the next sync of a connection would do, found out without writing anything. */
export function PlanTab({ connection, connector }: PlanTabProps) {
  const names = sidesOf(connection, connector, useInstances().data ?? []);
  const make = useMakePlan(connection.id);
  const button = (label: string, variant: 'filled' | 'default') => (
    <Button variant={variant} loading={make.isPending} onClick={() => make.mutate()}>
      {label}
    </Button>
  );
  return (
    <Stack>
      {make.error !== null && <ErrorNotice title="No plan was made" error={make.error} />}
      <QueryView query={useLatestPlan(connection.id)} what="the last plan">
        {({ items: [run] }) =>
          run === undefined ? (
            <EmptyState title="No plan yet" action={button('Make a plan', 'filled')}>
              A plan lists everything a sync would create, change, link, skip or hold, each with its reason. It writes
              nothing, neither here nor at the remotes, so it can be made before the first sync.
            </EmptyState>
          ) : (
            <>
              <Group justify="space-between" gap="sm">
                <Text size="sm">
                  {isActive(run) ? 'Being made since ' : 'Made '}
                  <Time at={run.finishedAt ?? run.queuedAt ?? ''} show="only-age" />.{' '}
                  {!isActive(run) && 'What changed since is not in it. '}
                  <TextLink to={`/runs/${run.id}`} size="sm">
                    The run
                  </TextLink>
                </Text>
                <Group gap="xs">
                  {!isActive(run) && button('Plan again', 'default')}
                  {!isActive(run) && <SyncNow connection={connection} />}
                </Group>
              </Group>
              {isActive(run) && <RunProgress run={run} />}
              {run.error && <ErrorNotice title="The plan is not complete" error={run.error.message} />}
              <PlanView run={run} names={names} />
            </>
          )
        }
      </QueryView>
    </Stack>
  );
}
