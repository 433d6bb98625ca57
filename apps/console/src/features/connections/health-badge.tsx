import { Badge } from '@mantine/core';
import type { HealthState } from '../../api/types.js';

const looks: Record<HealthState, { label: string; color: string }> = {
  new: { label: 'New', color: 'gray' },
  ok: { label: 'Healthy', color: 'teal' },
  late: { label: 'Late', color: 'yellow' },
  failing: { label: 'Failing', color: 'orange' },
  needs_attention: { label: 'Needs attention', color: 'red' },
  paused: { label: 'Paused', color: 'gray' },
};

export function HealthBadge({ state }: { state: HealthState }) {
  const look = looks[state] ?? { label: state, color: 'gray' };
  return (
    <Badge color={look.color} variant="light" tt="none" miw="max-content">
      {look.label}
    </Badge>
  );
}
