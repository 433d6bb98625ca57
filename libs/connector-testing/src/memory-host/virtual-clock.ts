import { ConnectorError } from '@syncline/connector-sdk';

/** A time that only moves when somebody waits for it, so that tests of waits are exact and take no time. */
export class VirtualClock {
  private time: number;
  private readonly sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  private ticking = false;

  constructor(start: Date = new Date('2026-03-02T08:00:00.000Z')) {
    this.time = start.getTime();
  }

  readonly now = (): Date => new Date(this.time);

  /** Moves the time without waking anybody early; those whose time has come wake up. */
  advance(ms: number): void {
    this.time += ms;
    this.tick();
  }

  /**
   * Waits by this clock: at the next turn of the event loop the time jumps to the earliest sleeper. Throws
   * `interrupted` as soon as the signal fires.
   */
  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted === true) return Promise.reject(interrupted());
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.sleepers.delete(sleeper);
        reject(interrupted());
      };
      const sleeper = {
        until: this.time + ms,
        wake: () => {
          this.sleepers.delete(sleeper);
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.sleepers.add(sleeper);
      this.tick();
    });
  };

  private tick(): void {
    if (this.ticking || this.sleepers.size === 0) return;
    this.ticking = true;
    setImmediate(() => {
      this.ticking = false;
      let earliest = Infinity;
      for (const sleeper of this.sleepers) earliest = Math.min(earliest, sleeper.until);
      if (earliest !== Infinity) this.time = Math.max(this.time, earliest);
      for (const sleeper of [...this.sleepers]) if (sleeper.until <= this.time) sleeper.wake();
      this.tick();
    });
  }
}

function interrupted(): ConnectorError {
  return new ConnectorError('interrupted', 'The wait was interrupted.');
}
