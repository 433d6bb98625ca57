import { Anchor, Badge, Collapse, Group, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useId, useState } from 'react';
import type { ChangeEvent, EventType } from '../../api/types.js';
import { formatClock } from '../../layout/format-time.js';
import { Icon } from '../../layout/icons.js';
import { statusColor, typeColor, typeLabel } from './event-colors.js';
import { EventDetail } from './event-detail.js';

interface EventRowProps {
  event: ChangeEvent;
  types: readonly EventType[];
  connectionName?: string;
}

/** One event: when, what, how it stands, where and by whom. Opens to its details. */
export function EventRow({ event, types, connectionName }: EventRowProps) {
  const [open, setOpen] = useState(false);
  const detail = useId();
  const link = event.url && /^https?:\/\//.test(event.url) ? event.url : undefined;
  return (
    <li className="event-row">
      <div style={{ display: 'flex', alignItems: 'flex-start' }}>
        <UnstyledButton
          className="event-row-button"
          aria-expanded={open}
          aria-controls={detail}
          onClick={() => setOpen(!open)}
        >
          <Group gap="sm" wrap="nowrap" align="flex-start">
            <span style={{ paddingTop: 3, transform: open ? 'rotate(90deg)' : undefined, lineHeight: 0 }}>
              <Icon name="chevron" size={14} />
            </span>
            <Text
              component="time"
              dateTime={event.occurredAt}
              title={event.occurredAt}
              size="sm"
              c="dimmed"
              style={{ flex: 'none', minWidth: '3.2rem' }}
            >
              {formatClock(event.occurredAt)}
            </Text>
            <div style={{ minWidth: 0, flex: 1 }}>
              <Group gap={8} align="center">
                <Badge size="sm" variant="dot" tt="none" fw={500} color={typeColor(event.eventType, types)}>
                  {typeLabel(event.eventType, types)}
                </Badge>
                <Text fw={500} size="sm" className="wrap-anywhere">
                  {event.title}
                </Text>
                <Badge size="sm" variant="light" tt="none" color={statusColor(event.status)}>
                  {event.status}
                </Badge>
              </Group>
              <Text size="xs" c="dimmed" className="wrap-anywhere">
                {event.project.path}
                {event.author ? ` · ${event.author}` : ''}
              </Text>
            </div>
          </Group>
        </UnstyledButton>
        {link !== undefined && (
          <Anchor href={link} target="_blank" rel="noopener noreferrer" p={10} title={link} lh={0}>
            <Icon name="external" />
            <VisuallyHidden>Open {event.title} at its source</VisuallyHidden>
          </Anchor>
        )}
      </div>
      <Collapse expanded={open} id={detail}>
        {open && (
          <EventDetail
            event={event}
            type={types.find((type) => type.name === event.eventType)}
            connectionName={connectionName}
          />
        )}
      </Collapse>
    </li>
  );
}
