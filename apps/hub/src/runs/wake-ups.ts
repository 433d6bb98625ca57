import type PgBoss from 'pg-boss';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { WAKE_QUEUE } from './queue.js';

/**
 * Tells workers that a connection has a queued run. Only a hint: the tick finds every queued run again, so a wake-up
 * that is lost or fails costs seconds.
 */
@Injectable()
export class WakeUps implements OnApplicationShutdown {
  private boss: PgBoss | undefined;
  private notify: () => void = () => undefined;
  private readonly soon = new Map<string, NodeJS.Timeout>();

  /** `notify`: this process's own workers need not wait for their next poll. */
  connect(boss: PgBoss, notify: () => void): void {
    this.boss = boss;
    this.notify = notify;
  }

  async send(connectionId: string): Promise<void> {
    try {
      await this.boss?.send(WAKE_QUEUE, { connectionId }, { singletonKey: connectionId });
      this.notify();
    } catch {
      // The tick repeats it.
    }
  }

  /** Runs `work` once for many calls within a moment: a flood of deliveries makes one run. */
  debounce(key: string, delayMs: number, work: () => void): void {
    if (this.soon.has(key)) return;
    this.soon.set(
      key,
      setTimeout(() => {
        this.soon.delete(key);
        work();
      }, delayMs),
    );
  }

  onApplicationShutdown(): void {
    for (const timer of this.soon.values()) clearTimeout(timer);
    this.soon.clear();
    this.boss = undefined;
  }
}
