import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { withQuery } from '../../api/http.js';
import { queryKeys } from '../../api/query-keys.js';
import { type StreamState, useServerEvents } from '../../api/server-events.js';

/** Many events may arrive together; the list is read again at most this often. */
const refreshMs = 1_500;
/** How often the first page is read again where no stream comes through. */
const pollMs = 15_000;

interface LiveEvents {
  state: StreamState;
  /** New events that are not shown, because somebody reads further down. */
  waiting: number;
  /** Shows them: reads the list again from the top. */
  show: () => void;
}

/**
 * Keeps the timeline current. At the top of the list new events appear by themselves; further down they are only counted,
 * so that the lines do not move under the reader.
 */
export function useLiveEvents(filter: URLSearchParams, atTop: boolean): LiveEvents {
  const client = useQueryClient();
  const [waiting, setWaiting] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const key = filter.toString();

  const refresh = useCallback(() => {
    void client.resetQueries({ queryKey: queryKeys.eventList(key) });
    void client.invalidateQueries({ queryKey: ['events', 'stats'] });
  }, [client, key]);
  const refreshQuietly = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void client.invalidateQueries({ queryKey: queryKeys.eventList(key) });
      void client.invalidateQueries({ queryKey: ['events', 'stats'] });
    }, refreshMs);
  }, [client, key]);
  useEffect(() => () => clearTimeout(timer.current), [key]);
  useEffect(() => setWaiting(0), [key]);

  const state = useServerEvents(withQuery('/api/events/stream', filter), {
    // Between two streams events may have passed unseen.
    onBegin: () => {
      if (atTop) refreshQuietly();
    },
    on: {
      event: () => {
        if (atTop) refreshQuietly();
        else setWaiting((count) => count + 1);
      },
    },
  });
  useEffect(() => {
    if (state === 'live' || !atTop) return undefined;
    const poll = setInterval(refreshQuietly, pollMs);
    return () => clearInterval(poll);
  }, [state, atTop, refreshQuietly]);

  return {
    state,
    waiting,
    show: () => {
      setWaiting(0);
      window.scrollTo({ top: 0 });
      refresh();
    },
  };
}
