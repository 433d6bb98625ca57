import { Paper, Text } from '@mantine/core';
import type { ChangeEvent, Connection, EventType } from '../../api/types.js';
import { formatDay } from '../../layout/format-time.js';
import { EventRow } from './event-row.js';

interface EventListProps {
  events: readonly ChangeEvent[];
  types: readonly EventType[];
  connections: readonly Connection[];
}

/** Events by day, in the reader's time zone. */
export function EventList({ events, types, connections }: EventListProps) {
  const names = new Map(connections.map((connection) => [connection.id, connection.name]));
  const days: { day: string; events: ChangeEvent[] }[] = [];
  for (const event of events) {
    const day = formatDay(event.occurredAt);
    const last = days.at(-1);
    if (last?.day === day) last.events.push(event);
    else days.push({ day, events: [event] });
  }
  return days.map(({ day, events: ofDay }) => (
    <section key={day} aria-label={day}>
      <Text component="h2" size="sm" fw={600} c="dimmed" mt="md" mb={6}>
        {day}
      </Text>
      <Paper withBorder component="ul" p={0} m={0} style={{ listStyle: 'none', overflow: 'hidden' }}>
        {ofDay.map((event) => (
          <EventRow key={event.id} event={event} types={types} connectionName={names.get(event.connectionId)} />
        ))}
      </Paper>
    </section>
  ));
}
