import type { LinkSide, PlanItem, SyncSession, Tracker } from '@syncline/connector-sdk';
import type { SyncPolicy } from '../policy.js';

/** What every part of a run works with. */
export interface EngineContext {
  readonly session: SyncSession;
  readonly trackers: Readonly<Record<LinkSide, Tracker>>;
  readonly policy: SyncPolicy;
  /** Of the codec and the user mapping. */
  readonly revision: string;
  /** Nothing is written, here or there; what would be is told to `plan`. */
  readonly isPlan: boolean;
  readonly concurrency: number;
  /** How long after a claim a request of another process may still be on its way. */
  readonly quarantineMs: number;
  plan(item: PlanItem): Promise<void>;
  newId(): string;
}
