import type { PlanItem } from '@syncline/connector-sdk';

const MOST_WAITING = 500;

/** Gathers what is planned, item by item, and stores it in few transactions, in order. */
export class PlanBuffer {
  private waiting: PlanItem[] = [];
  private storing = Promise.resolve();

  constructor(private readonly store: (items: readonly PlanItem[]) => Promise<void>) {}

  /** Throws what storing threw, then or before. */
  async add(items: readonly PlanItem[]): Promise<void> {
    for (const item of items) this.waiting.push(item);
    if (this.waiting.length >= MOST_WAITING) await this.flush();
  }

  async flush(): Promise<void> {
    const items = this.waiting;
    this.waiting = [];
    if (items.length > 0) this.storing = this.storing.then(() => this.store(items));
    await this.storing;
  }
}
