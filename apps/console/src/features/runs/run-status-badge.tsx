import { Badge } from '@mantine/core';
import type { RunStatus } from '../../api/types.js';

const colors: Record<RunStatus, string> = {
  queued: 'gray',
  running: 'blue',
  succeeded: 'teal',
  partial: 'yellow',
  failed: 'red',
  cancelled: 'gray',
};

export function RunStatusBadge({ status }: { status: RunStatus }) {
  return (
    <Badge color={colors[status] ?? 'gray'} variant="light" tt="none" miw="max-content">
      {status.charAt(0).toUpperCase() + status.slice(1)}
    </Badge>
  );
}
