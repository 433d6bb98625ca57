import { setTimeout } from 'node:timers/promises';
import type PgBoss from 'pg-boss';
import { WAKE_QUEUE } from './queue.js';

const POLL_MS = 500;

export interface WakeWorkersOptions {
  readonly boss: PgBoss;
  /** How many connections may be worked on at once. */
  readonly count: number;
  readonly work: (connectionId: string) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/**
 * Takes wake-ups off the queue. Our own loops rather than pg-boss' `work()`: version 10 completes a job without waiting
 * for the answer, so a database that goes away at that moment ends the process with an unhandled rejection, and nobody
 * can wait for it when the hub stops.
 */
export class WakeWorkers {
  private readonly loops: readonly Promise<void>[];
  private readonly stopping = new AbortController();
  private pause = new AbortController();

  constructor(private readonly options: WakeWorkersOptions) {
    this.loops = Array.from({ length: options.count }, () => this.loop());
  }

  /** There may be a wake-up now: look at once instead of at the next poll. */
  notify(): void {
    this.pause.abort();
    this.pause = new AbortController();
  }

  /** Returns when no loop works any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.notify();
    await Promise.all(this.loops);
  }

  private async loop(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      // Taken before looking: a notification while we look ends the pause that follows.
      const pause = this.pause.signal;
      if (await this.takeOne()) continue;
      await setTimeout(POLL_MS, undefined, { signal: pause }).catch(() => undefined);
    }
  }

  /** Whether there was one. */
  private async takeOne(): Promise<boolean> {
    const { boss, work, onError } = this.options;
    try {
      const [job] = await boss.fetch<{ connectionId: string }>(WAKE_QUEUE);
      if (job === undefined) return false;
      try {
        await work(job.data.connectionId);
      } finally {
        await boss.complete(WAKE_QUEUE, job.id);
      }
      return true;
    } catch (error) {
      onError(error);
      return false;
    }
  }
}
