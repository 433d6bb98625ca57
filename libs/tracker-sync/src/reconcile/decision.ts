import type { IssueFieldName, LinkSide } from '@syncline/connector-sdk';
import type { ShownValue } from '../links.js';
import type { FieldValue } from '../values.js';

/** What becomes of one field. */
export interface Decision {
  readonly field: IssueFieldName;
  /** What to write, by side, in that side's words. */
  readonly write?: Partial<Record<LinkSide, FieldValue>>;
  /** Nothing was agreed: the bases stay as they are, so that the change is seen again. */
  readonly hold?: boolean;
  /** Bases to keep instead of what the sides return. */
  readonly bases?: Partial<Record<LinkSide, FieldValue>>;
  readonly conflict?: { readonly base: ShownValue; readonly left: ShownValue; readonly right: ShownValue };
  /** An open conflict of this field ends. */
  readonly ends?: 'resolved' | 'closed';
  /** Which side won where both had changed. */
  readonly winner?: LinkSide;
  /** It was written in words of an older revision, in part; a later look says it anew. */
  readonly outdated?: boolean;
  /** A sentence. Absent: nothing happened that is worth a word. */
  readonly reason?: string;
}

/** One field of both sides, with its bases. */
export interface FieldPair<T extends FieldValue = FieldValue> {
  readonly field: IssueFieldName;
  readonly left: T;
  readonly right: T;
  readonly baseLeft: T | undefined;
  readonly baseRight: T | undefined;
}
