import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { isJsonObject } from '../../api/json.js';
import { queryKeys } from '../../api/query-keys.js';
import { type StreamState, useServerEvents } from '../../api/server-events.js';
import type { LogLine, Run } from '../../api/types.js';
import { isActive, useRun } from './runs.js';

/** More lines than this are not kept while a run goes on; all of them can be read afterwards. */
const keptLines = 1_000;
const flushMs = 150;

/** A run as it happens: from the hub's stream, and by asking again where the stream does not come through. */
export function useLiveRun(id: string) {
  const client = useQueryClient();
  const [stream, setStream] = useState<StreamState>('connecting');
  const query = useRun(id, stream !== 'live');
  const active = query.data !== undefined && isActive(query.data);
  const log = useLineBuffer();

  const takeRun = (data: unknown) => {
    if (isRun(data) && data.id === id) client.setQueryData(queryKeys.run(id), data);
  };
  const state = useServerEvents(active ? `/api/runs/${encodeURIComponent(id)}/stream` : null, {
    onBegin: log.clear,
    on: {
      progress: takeRun,
      log: (data) => {
        if (isLogLine(data)) log.add(data);
      },
      done: (data) => {
        takeRun(data);
        void client.invalidateQueries({ queryKey: queryKeys.run(id) });
        void client.invalidateQueries({ queryKey: queryKeys.connections });
      },
    },
  });
  useEffect(() => setStream(state), [state]);

  return { query, active, stream: state, lines: log.lines };
}

/** Collects lines and draws them a few times a second, however fast they come. */
function useLineBuffer(): { lines: readonly LogLine[]; add: (line: LogLine) => void; clear: () => void } {
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const waiting = useRef<LogLine[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const add = useCallback((line: LogLine) => {
    waiting.current.push(line);
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      const arrived = waiting.current;
      waiting.current = [];
      setLines((old) => [...old, ...arrived].slice(-keptLines));
    }, flushMs);
  }, []);
  // A stream that begins anew sends the log from its first line.
  const clear = useCallback(() => {
    waiting.current = [];
    setLines([]);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  return { lines, add, clear };
}

function isRun(data: unknown): data is Run {
  return isJsonObject(data) && typeof data['id'] === 'string' && typeof data['status'] === 'string';
}

function isLogLine(data: unknown): data is LogLine {
  return isJsonObject(data) && typeof data['message'] === 'string' && typeof data['level'] === 'string';
}
