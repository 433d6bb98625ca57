import { Badge, Group, Text, Timeline } from '@mantine/core';
import type { LinkHistoryEntry } from '../../api/sync-types.js';
import { humanise } from '../../layout/humanise.js';
import { TextLink } from '../../layout/link.js';
import { Time } from '../../layout/time.js';
import type { SideNames } from './sides.js';

const looks: Record<LinkHistoryEntry['action'], { label: string; color: string }> = {
  created: { label: 'Created', color: 'teal' },
  updated: { label: 'Updated', color: 'blue' },
  skipped: { label: 'Skipped', color: 'gray' },
  retried: { label: 'Retried', color: 'yellow' },
  conflicted: { label: 'Conflict', color: 'orange' },
  severed: { label: 'Severed', color: 'red' },
};

/** What was decided, written, skipped and tried again, each with its cause; newest first. */
export function LinkHistory({ entries, names }: { entries: readonly LinkHistoryEntry[]; names: SideNames }) {
  return (
    <Timeline bulletSize={14} lineWidth={2} active={entries.length} aria-label="History">
      {entries.toReversed().map((entry, index) => (
        <Timeline.Item key={entries.length - index} color={looks[entry.action]?.color ?? 'gray'}>
          <Group gap="xs">
            <Badge color={looks[entry.action]?.color ?? 'gray'} variant="light" size="sm" tt="none">
              {looks[entry.action]?.label ?? entry.action}
            </Badge>
            {entry.field !== undefined && (
              <Text size="sm" fw={600}>
                {entry.field.split(', ').map(humanise).join(', ')}
              </Text>
            )}
            {entry.side !== undefined && (
              <Text size="sm" c="dimmed">
                in {names[entry.side].label}
              </Text>
            )}
          </Group>
          <Text size="sm" className="wrap-anywhere">
            {entry.reason}
          </Text>
          <Text size="xs" c="dimmed">
            <Time at={entry.at} show="age" />
            {entry.runId !== null && (
              <>
                {' · '}
                <TextLink to={`/runs/${entry.runId}`} size="xs">
                  Run
                </TextLink>
              </>
            )}
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
