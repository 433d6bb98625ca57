import { offAbort, onAbort } from './abort-calls.js';
import { interrupted } from './wait.js';

/** At most so many at a time, first come first served. A waiter leaves as soon as its signal fires. */
export class Slots {
  private used = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly size: number) {}

  /** A slot that is free at once. */
  takeNow(): boolean {
    if (this.used >= this.size) return false;
    this.used += 1;
    return true;
  }

  take(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(interrupted());
    if (this.takeNow()) return Promise.resolve();
    return new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        const index = this.waiting.indexOf(enter);
        if (index >= 0) this.waiting.splice(index, 1);
        reject(interrupted());
      };
      const enter = (): void => {
        offAbort(signal, stop);
        resolve();
      };
      this.waiting.push(enter);
      onAbort(signal, stop);
    });
  }

  /** Gives the slot to the next in line; `used` only falls when nobody waits. */
  release(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.used -= 1;
    else next();
  }
}
