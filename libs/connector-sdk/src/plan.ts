import type { LinkKind, LinkRef, LinkSide } from './links.js';

export type PlanOp = 'create' | 'update' | 'link' | 'close' | 'reopen' | 'delete' | 'skip' | 'conflict';

/** One thing a sync would do, and why. Plain data. */
export interface PlanItem {
  readonly op: PlanOp;
  readonly kind: LinkKind;
  /** The side that would be written; of a skip or a conflict the side it was found on. */
  readonly side: LinkSide;
  /** The item as it was found. */
  readonly ref?: LinkRef;
  readonly title?: string;
  readonly fields?: readonly string[];
  /** A sentence. */
  readonly reason: string;
}
