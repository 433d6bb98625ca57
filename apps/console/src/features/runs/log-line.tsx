import { Code, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { jsonText, type JsonObject } from '../../api/json.js';
import type { LogLevel, LogLine } from '../../api/types.js';
import { formatClockSeconds } from '../../layout/format-time.js';

const levelColors: Record<LogLevel, string | undefined> = {
  debug: 'dimmed',
  info: undefined,
  warn: 'yellow.8',
  error: 'red',
};

interface LogLineViewProps {
  line: LogLine;
  /** Instead of the time of day, where lines of many days stand together. */
  time?: ReactNode;
  /** Where it comes from. */
  origin?: ReactNode;
}

/** A line of a log. */
export function LogLineView({ line, time, origin }: LogLineViewProps) {
  return (
    <div className="log-line">
      {time ?? (
        <time dateTime={line.at} title={line.at} style={{ color: 'var(--mantine-color-dimmed)' }}>
          {formatClockSeconds(line.at)}
        </time>
      )}
      <Text span size="sm" fw={600} c={levelColors[line.level]}>
        {line.level}
      </Text>
      <span>
        {line.message}
        {line.item && (
          <>
            {' '}
            <Code>{line.item}</Code>
          </>
        )}
        {line.data && <Details data={line.data} message={line.message} />}
        {origin !== undefined && (
          <Text span size="xs" c="dimmed" display="block">
            {origin}
          </Text>
        )}
      </span>
    </div>
  );
}

/** Name by name; the hint, which says what to do, first and in plain words. What the message says is not said twice. */
function Details({ data, message }: { data: JsonObject; message: string }) {
  const { hint, ...others } = data;
  const told = Object.entries(others).filter(([, value]) => value !== undefined && value !== message);
  return (
    <>
      {hint !== undefined && (
        <Text span size="sm" c="dimmed" display="block">
          {jsonText(hint)}
        </Text>
      )}
      {told.length > 0 && (
        <Text span size="xs" c="dimmed" display="block">
          {told.map(([name, value]) => `${name}: ${jsonText(value)}`).join(' · ')}
        </Text>
      )}
    </>
  );
}
