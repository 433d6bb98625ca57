/** The calls of one signal, and the one listener that makes them. */
interface Calls {
  readonly waiting: Set<() => void>;
  readonly callAll: () => void;
}

const watched = new WeakMap<AbortSignal, Calls>();

/**
 * Calls when the signal fires, unless `offAbort` takes it back; nothing, if it has fired. There is one listener a signal, and
 * only while somebody waits: a run's signal is waited on by dozens of requests for a moment each, and each listener that is
 * added or removed walks past all others.
 */
export function onAbort(signal: AbortSignal, call: () => void): void {
  const known = watched.get(signal);
  if (known !== undefined) {
    known.waiting.add(call);
    return;
  }
  const waiting = new Set([call]);
  const callAll = (): void => {
    watched.delete(signal);
    for (const one of waiting) one();
  };
  watched.set(signal, { waiting, callAll });
  signal.addEventListener('abort', callAll, { once: true });
}

export function offAbort(signal: AbortSignal, call: () => void): void {
  const known = watched.get(signal);
  if (known === undefined || !known.waiting.delete(call) || known.waiting.size > 0) return;
  watched.delete(signal);
  signal.removeEventListener('abort', known.callAll);
}
