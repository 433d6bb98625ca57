import { Badge, Group, Stack, Text, Timeline } from '@mantine/core';
import type { ChangeEvent, ChangeEventDetail, EventField, EventType } from '../../api/types.js';
import { humanise } from '../../layout/humanise.js';
import { TextLink } from '../../layout/link.js';
import { QueryView } from '../../layout/query-view.js';
import { Time } from '../../layout/time.js';
import { statusColor } from './event-colors.js';
import { useEvent } from './events.js';
import { FieldValue } from './field-value.js';

interface EventDetailProps {
  event: ChangeEvent;
  type?: EventType;
  connectionName?: string;
}

/** What an open row adds: the fields its connector declares, and how the status came to be. */
export function EventDetail({ event, type, connectionName }: EventDetailProps) {
  const detail = useEvent(event.id, event.revision);
  return (
    <Stack gap="sm" px="md" pb="md" pt={4}>
      {event.description && (
        <Text size="sm" lineClamp={8} style={{ whiteSpace: 'pre-wrap' }} className="wrap-anywhere">
          {event.description}
        </Text>
      )}
      <QueryView query={detail} what="the event">
        {(loaded) => (
          <Group align="flex-start" gap="xl">
            <div style={{ flex: '2 1 20rem', minWidth: 0 }}>
              <Fields event={loaded} type={type} />
            </div>
            <div style={{ flex: '1 1 14rem' }}>
              <Transitions event={loaded} />
            </div>
          </Group>
        )}
      </QueryView>
      <Text size="xs" c="dimmed">
        Read by{' '}
        <TextLink to={`/connections/${event.connectionId}`}>{connectionName ?? 'a deleted connection'}</TextLink> · id{' '}
        {event.eventId} · seen to change {event.revision === 1 ? 'once' : `${event.revision} times`}
      </Text>
    </Stack>
  );
}

function Fields({ event, type }: { event: ChangeEventDetail; type?: EventType }) {
  const declared: readonly EventField[] =
    type?.fields ?? Object.keys(event.metadata).map((name) => ({ name, label: humanise(name), type: 'text' }));
  const filled = declared.flatMap((field) => {
    const value = event.metadata[field.name];
    const empty = value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
    return empty ? [] : [{ field, value }];
  });
  if (filled.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No further fields.
      </Text>
    );
  }
  return (
    <dl style={{ display: 'grid', gridTemplateColumns: 'minmax(6rem, max-content) 1fr', gap: '4px 16px', margin: 0 }}>
      {filled.map(({ field, value }) => (
        <div key={field.name} style={{ display: 'contents' }}>
          <Text component="dt" size="sm" c="dimmed" title={field.help}>
            {field.label}
          </Text>
          <Text component="dd" size="sm" m={0} className="wrap-anywhere">
            <FieldValue field={field} value={value} />
          </Text>
        </div>
      ))}
    </dl>
  );
}

function Transitions({ event }: { event: ChangeEventDetail }) {
  if (event.transitions.length === 0) return null;
  return (
    <Timeline
      active={event.transitions.length - 1}
      bulletSize={12}
      lineWidth={2}
      color="gray"
      role="list"
      aria-label="Status changes"
    >
      {event.transitions.map((transition) => (
        <Timeline.Item
          key={`${transition.status} ${transition.at}`}
          role="listitem"
          title={
            <Badge size="sm" variant="light" tt="none" color={statusColor(transition.status)}>
              {transition.status}
            </Badge>
          }
        >
          <Text size="xs" c="dimmed">
            <Time at={transition.at} />
            {transition.source && ` · seen by ${transition.source}`}
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
