import { Group, TextInput } from '@mantine/core';

interface TimeSpanFieldsProps {
  from: string;
  to: string;
  /** ISO 8601 UTC or empty. */
  onChange: (patch: { from?: string; to?: string }) => void;
}

/** A span in the reader's own time zone; the address and the API have it in UTC. */
export function TimeSpanFields({ from, to, onChange }: TimeSpanFieldsProps) {
  const wrong = from !== '' && to !== '' && from >= to ? 'The end must be after the start.' : undefined;
  return (
    <Group align="flex-start" gap="sm" mt="sm">
      <TextInput
        label="From"
        type="datetime-local"
        value={toLocal(from)}
        onChange={(event) => onChange({ from: toUtc(event.currentTarget.value) })}
      />
      <TextInput
        label="To"
        description="Not included"
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        type="datetime-local"
        error={wrong}
        value={toLocal(to)}
        onChange={(event) => onChange({ to: toUtc(event.currentTarget.value) })}
      />
    </Group>
  );
}

/** `2025-01-31T14:05` in local time, as the input wants it. */
function toLocal(utc: string): string {
  const time = new Date(utc);
  // An address can hold anything.
  if (Number.isNaN(time.getTime())) return '';
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function toUtc(local: string): string {
  const time = new Date(local);
  return local === '' || Number.isNaN(time.getTime()) ? '' : time.toISOString();
}
