import { ConnectorError } from '@syncline/connector-sdk';
import { offAbort, onAbort } from './abort-calls.js';

/** Waits, or throws `interrupted` as soon as the signal fires. Injected, so that tests need not wait. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export function interrupted(): ConnectorError {
  return new ConnectorError('interrupted', 'The run was stopped while it talked to the remote system.');
}

export const sleep: Sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(interrupted());
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(interrupted());
    };
    const timer = setTimeout(() => {
      offAbort(signal, stop);
      resolve();
    }, ms);
    onAbort(signal, stop);
  });
