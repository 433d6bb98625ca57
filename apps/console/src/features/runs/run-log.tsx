import { Code, Group, Paper, SegmentedControl, Text, Title } from '@mantine/core';
import { useSearchParams } from 'wouter';
import type { LogLevel, LogLine } from '../../api/types.js';
import { ErrorNotice } from '../../layout/error-notice.js';
import { formatClockSeconds } from '../../layout/format-time.js';
import { LoadMore } from '../../layout/load-more.js';
import { Loading } from '../../layout/loading.js';
import { useStoredLog } from './runs.js';

const order: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
const levelColors: Record<LogLevel, string | undefined> = {
  debug: 'dimmed',
  info: undefined,
  warn: 'yellow.8',
  error: 'red',
};
const choices = [
  { value: 'debug', label: 'All' },
  { value: 'info', label: 'Info' },
  { value: 'warn', label: 'Warnings' },
  { value: 'error', label: 'Errors' },
];

interface RunLogProps {
  runId: string;
  active: boolean;
  live: boolean;
  /** What the stream brought so far. */
  streamed: readonly LogLine[];
}

/** A run's log from the chosen level up: as it is written, and the whole of it afterwards. */
export function RunLog({ runId, active, live, streamed }: RunLogProps) {
  const [params, setParams] = useSearchParams();
  const asked = order.find((level) => level === params.get('level')) ?? 'info';
  const levels = order.slice(order.indexOf(asked));
  const stored = useStoredLog(runId, levels, { active, enabled: !active || !live, poll: active && !live });
  const storedLines = stored.data?.pages.flatMap((page) => page.items);
  // While streaming, the stream; afterwards, and until that is read, what was streamed.
  const lines =
    (active && live) || storedLines === undefined
      ? streamed.filter((line) => levels.includes(line.level))
      : storedLines;
  const waiting = !live && storedLines === undefined && stored.error === null && streamed.length === 0;

  return (
    <Paper withBorder p="md" component="section" aria-label="Log">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h5">
          Log
        </Title>
        <SegmentedControl
          size="xs"
          aria-label="Log level"
          data={choices}
          value={asked}
          onChange={(level) => setParams(level === 'info' ? {} : { level }, { replace: true })}
        />
      </Group>
      {stored.error !== null && lines.length === 0 && (
        <ErrorNotice title="Could not load the log" error={stored.error} onRetry={() => void stored.refetch()} />
      )}
      {waiting && <Loading label="Loading the log" />}
      {!waiting && stored.error === null && lines.length === 0 && (
        <Text size="sm" c="dimmed">
          {active ? 'Nothing written yet.' : 'Nothing at this level.'}
        </Text>
      )}
      <div role="log" aria-label="Log lines" aria-live="off">
        {lines.map((line, index) => (
          <Line key={index} line={line} />
        ))}
      </div>
      {(!active || !live) && (
        <LoadMore
          hasMore={stored.hasNextPage}
          loading={stored.isFetchingNextPage}
          onLoad={() => void stored.fetchNextPage()}
        />
      )}
    </Paper>
  );
}

function Line({ line }: { line: LogLine }) {
  return (
    <div className="log-line">
      <time dateTime={line.at} title={line.at} style={{ color: 'var(--mantine-color-dimmed)' }}>
        {formatClockSeconds(line.at)}
      </time>
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
        {line.data && (
          <Text span size="xs" c="dimmed" display="block">
            {JSON.stringify(line.data)}
          </Text>
        )}
      </span>
    </div>
  );
}
