import { Alert, Group, Stack, Text } from '@mantine/core';
import type { Health, HealthState } from '../../api/types.js';
import { TextLink } from '../../layout/link.js';
import { Time } from '../../layout/time.js';
import { HealthBadge } from './health-badge.js';

const meanings: Record<HealthState, string> = {
  new: 'No run has finished yet.',
  ok: 'The last run did what it should.',
  late: 'A run is overdue.',
  failing: 'Runs fail; the hub keeps trying.',
  needs_attention: 'Something has to be put right by you.',
  paused: 'Switched off: nothing runs by itself.',
};

/** What state a connection is in, since when, why, and what to do. */
export function HealthSummary({ health, nextRunAt }: { health: Health; nextRunAt?: string | null }) {
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <HealthBadge state={health.state} />
        <Text size="sm">
          {meanings[health.state]}
          {health.since && (
            <>
              {' '}
              Since <Time at={health.since} show="age" />.
            </>
          )}
          {health.lastSuccessAt && health.state !== 'ok' && (
            <>
              {' '}
              Last success <Time at={health.lastSuccessAt} show="age" />.
            </>
          )}
          {nextRunAt && (
            <>
              {' '}
              Next run <Time at={nextRunAt} show="age" />.
            </>
          )}
        </Text>
      </Group>
      {health.error && (
        <Alert color={health.state === 'needs_attention' ? 'red' : 'orange'} title={health.error.message}>
          {health.error.retryAt && (
            <Text size="sm">
              It goes on <Time at={health.error.retryAt} show="age" />.
            </Text>
          )}
          {health.error.hint && (
            <Text size="sm" className="wrap-anywhere">
              {health.error.hint}
            </Text>
          )}
          {health.lastRunId && !health.error.retryAt && (
            <TextLink to={`/runs/${health.lastRunId}`} size="sm">
              See the run
            </TextLink>
          )}
        </Alert>
      )}
    </Stack>
  );
}
