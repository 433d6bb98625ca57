import { Autocomplete, Group, Input, NumberInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import type { ScheduleDraft } from './connection-draft.js';

interface ScheduleFieldsProps {
  value: ScheduleDraft;
  onChange: (value: ScheduleDraft) => void;
  errorAt: (pointer: string) => string | undefined;
}

const kinds = [
  { value: 'interval', label: 'Interval' },
  { value: 'cron', label: 'Cron' },
  { value: 'manual', label: 'Manual only' },
];

const timeZones = Intl.supportedValuesOf('timeZone');

/** When a connection runs by itself. */
export function ScheduleFields({ value, onChange, errorAt }: ScheduleFieldsProps) {
  const patch = (change: Partial<ScheduleDraft>) => onChange({ ...value, ...change });
  const general = errorAt('/schedule');
  return (
    <Stack gap="xs">
      <Input.Wrapper label="Schedule" labelElement="div" error={value.kind === 'manual' ? general : undefined}>
        <div>
          <SegmentedControl
            mt={4}
            aria-label="Schedule"
            data={kinds}
            value={value.kind}
            onChange={(kind) => patch({ kind: kind as ScheduleDraft['kind'] })}
          />
        </div>
      </Input.Wrapper>
      {value.kind === 'interval' && (
        <NumberInput
          label="Minutes between runs"
          description="Counted from the end of a run to the start of the next."
          min={1}
          allowDecimal={false}
          maw={260}
          required
          value={value.intervalMinutes}
          error={general}
          onChange={(minutes) => patch({ intervalMinutes: typeof minutes === 'number' ? minutes : '' })}
        />
      )}
      {value.kind === 'cron' && (
        <Group align="flex-start">
          <TextInput
            label="Cron expression"
            description="Minute, hour, day, month, weekday: 0 6 * * 1-5"
            placeholder="0 6 * * 1-5"
            required
            style={{ flex: '1 1 14rem' }}
            value={value.cron}
            error={errorAt('/schedule/cron') ?? (errorAt('/schedule/timeZone') === undefined ? general : undefined)}
            onChange={(event) => patch({ cron: event.currentTarget.value })}
          />
          <Autocomplete
            label="Time zone"
            description="Empty means UTC."
            data={timeZones}
            limit={30}
            style={{ flex: '1 1 14rem' }}
            value={value.timeZone}
            error={errorAt('/schedule/timeZone')}
            onChange={(timeZone) => patch({ timeZone })}
          />
        </Group>
      )}
      {value.kind === 'manual' && (
        <Text size="sm" c="dimmed">
          It runs when somebody presses Run now, through the API, or when a webhook wakes it.
        </Text>
      )}
    </Stack>
  );
}
