import { SegmentedControl } from '@mantine/core';
import type { LogLevel } from '../../api/types.js';

const order: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
const choices: { value: LogLevel; label: string }[] = [
  { value: 'debug', label: 'All' },
  { value: 'info', label: 'Info' },
  { value: 'warn', label: 'Warnings' },
  { value: 'error', label: 'Errors' },
];

/** The level an address asks for. */
export const parseLevel = (text: string | null): LogLevel => order.find((level) => level === text) ?? 'info';

/** This level and all above it. */
export const levelsFrom = (level: LogLevel): readonly LogLevel[] => order.slice(order.indexOf(level));

export function LevelControl({ value, onChange }: { value: LogLevel; onChange: (level: LogLevel) => void }) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Log level"
      data={choices}
      value={value}
      onChange={(level) => onChange(parseLevel(level))}
    />
  );
}
