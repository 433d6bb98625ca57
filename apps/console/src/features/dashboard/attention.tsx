import { Alert, Stack, Text } from '@mantine/core';
import type { Connection } from '../../api/types.js';
import { TextLink } from '../../layout/link.js';
import { Time } from '../../layout/time.js';

/** Connections that do not do what they should: which, since when, why, and what to do. */
export function Attention({ connections }: { connections: readonly Connection[] }) {
  const failing = connections.filter(
    ({ enabled, health }) => enabled && ['failing', 'needs_attention', 'late'].includes(health.state),
  );
  if (failing.length === 0) return null;
  return (
    <Stack gap="xs" component="section" aria-label="Needs attention">
      {failing.map(({ id, name, health }) => (
        <Alert
          key={id}
          color={health.state === 'late' ? 'yellow' : 'red'}
          title={
            <TextLink to={`/connections/${id}`} inherit c="inherit" className="wrap-anywhere">
              {name}
            </TextLink>
          }
        >
          <Text size="sm" className="wrap-anywhere">
            {health.error?.message ?? 'A run is overdue.'} {health.error?.hint}
          </Text>
          {health.since !== undefined && (
            <Text size="xs" c="dimmed">
              since <Time at={health.since} show="only-age" />
            </Text>
          )}
        </Alert>
      ))}
    </Stack>
  );
}
