import { useEffect, useRef, useState } from 'react';

export type StreamState = 'connecting' | 'live' | 'down';

type Handlers = Readonly<Record<string, (data: unknown) => void>>;

/** How long after a refused stream it is tried again; meanwhile callers poll. */
const retryMs = 10_000;

/**
 * Listens to a server-sent event stream while `url` is not null. The browser reconnects by itself and resumes by
 * Last-Event-ID; only an answer that is no stream at all closes it, and then it is opened again later. Data that is not
 * JSON is ignored. Poll while the answer is not `live`.
 */
export function useServerEvents(url: string | null, handlers: Handlers): StreamState {
  const [state, setState] = useState<StreamState>('connecting');
  const current = useRef(handlers);
  useEffect(() => {
    current.current = handlers;
  });
  const names = Object.keys(handlers).sort().join(' ');

  useEffect(() => {
    if (url === null) return undefined;
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      const stream = new EventSource(url);
      source = stream;
      stream.onopen = () => setState('live');
      stream.onerror = () => {
        setState('down');
        if (stream.readyState === EventSource.CLOSED) timer = setTimeout(open, retryMs);
      };
      for (const name of names.split(' ')) {
        stream.addEventListener(name, (event: MessageEvent<string>) => {
          const data = parseJson(event.data);
          if (data !== undefined) current.current[name]?.(data);
        });
      }
    };
    open();
    return () => {
      clearTimeout(timer);
      source?.close();
      setState('connecting');
    };
  }, [url, names]);

  return state;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
