import { Group, Paper, Text, Title } from '@mantine/core';
import type { LogLine } from '../../api/types.js';
import { ErrorNotice } from '../../layout/error-notice.js';
import { LoadMore } from '../../layout/load-more.js';
import { Loading } from '../../layout/loading.js';
import { useUrlFilter } from '../../layout/url-filter.js';
import { LevelControl, levelsFrom, parseLevel } from './log-levels.js';
import { LogLineView } from './log-line.js';
import { useStoredLog } from './runs.js';

interface RunLogProps {
  runId: string;
  active: boolean;
  live: boolean;
  /** What the stream brought so far. */
  streamed: readonly LogLine[];
}

/** A run's log from the chosen level up: as it is written, and the whole of it afterwards. */
export function RunLog({ runId, active, live, streamed }: RunLogProps) {
  const filter = useUrlFilter(['level']);
  const asked = parseLevel(filter.params.get('level'));
  const levels = levelsFrom(asked);
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
        <LevelControl value={asked} onChange={(level) => filter.set('level', level === 'info' ? [] : [level])} />
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
          <LogLineView key={index} line={line} />
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
