import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { RunCancellation } from '../runs/run-cancellation.js';
import { RunTriggers } from '../runs/run-triggers.js';
import { WakeUps } from '../runs/wake-ups.js';

/** What a change of a connection means for its runs. */
@Injectable()
export class RunControl {
  constructor(
    private readonly triggers: RunTriggers,
    private readonly cancellation: RunCancellation,
    private readonly wakeUps: WakeUps,
  ) {}

  /** Queues the first run in the transaction that makes it due. */
  async startUp(connectionId: string, manager: EntityManager): Promise<void> {
    await this.triggers.trigger(connectionId, { trigger: 'startup' }, manager);
  }

  /** After the transaction: what it queued can be found now. */
  wake(connectionId: string): Promise<void> {
    return this.wakeUps.send(connectionId);
  }

  /** A queued run at once, a running one at its next page. */
  cancelAll(connectionId: string): Promise<void> {
    return this.cancellation.cancelAll(connectionId);
  }

  /** A connection that waited for somebody to fix it tries again. */
  resume(connectionId: string): Promise<void> {
    return this.triggers.resume([connectionId]);
  }
}
