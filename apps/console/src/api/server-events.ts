import { useDocumentVisibility } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

export type StreamState = 'connecting' | 'live' | 'down';

interface Listener {
  /** By event name. */
  readonly on: Readonly<Record<string, (data: unknown) => void>>;
  /** The stream begins anew: what was missed before will not be sent again, and what was sent may be. */
  readonly onBegin?: () => void;
}

/** How long after a refused stream it is tried again; meanwhile callers poll. */
const retryMs = 10_000;

/**
 * Listens to a server-sent event stream while `url` is not null and the page is visible: browsers allow six connections
 * to a server, and hidden tabs must not use them up. The browser reconnects by itself and resumes by Last-Event-ID; only
 * an answer that is no stream closes it for good, and then it is opened again later. Data that is not JSON is ignored.
 * Poll while the answer is not `live`.
 */
export function useServerEvents(url: string | null, listener: Listener): StreamState {
  const [state, setState] = useState<StreamState>('connecting');
  const visible = useDocumentVisibility() === 'visible';
  const address = visible ? url : null;
  const current = useRef(listener);
  useEffect(() => {
    current.current = listener;
  });
  const names = Object.keys(listener.on).sort().join(' ');

  useEffect(() => {
    if (address === null) return undefined;
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      const stream = new EventSource(address);
      source = stream;
      current.current.onBegin?.();
      stream.onopen = () => setState('live');
      stream.onerror = () => {
        setState('down');
        if (stream.readyState === EventSource.CLOSED) timer = setTimeout(open, retryMs);
      };
      for (const name of names.split(' ')) {
        stream.addEventListener(name, (event: MessageEvent<string>) => {
          const data = parseJson(event.data);
          if (data !== undefined) current.current.on[name]?.(data);
        });
      }
    };
    open();
    return () => {
      clearTimeout(timer);
      source?.close();
      setState('connecting');
    };
  }, [address, names]);

  return state;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
