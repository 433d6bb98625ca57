import { interrupted } from './wait.js';

/** At most so many at a time, first come first served. A waiter leaves as soon as its signal fires. */
export class Slots {
  private used = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly size: number) {}

  async take(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw interrupted();
    if (this.used < this.size) {
      this.used += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        const index = this.waiting.indexOf(enter);
        if (index >= 0) this.waiting.splice(index, 1);
        reject(interrupted());
      };
      const enter = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      this.waiting.push(enter);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Gives the slot to the next in line; `used` only falls when nobody waits. */
  release(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.used -= 1;
    else next();
  }
}
