import type { IssueFieldName, LinkSide } from '@syncline/connector-sdk';

/** What a sync would do, or did: plain data in the API's words. */
export interface PlanItem {
  readonly op: 'create' | 'update' | 'link' | 'close' | 'reopen' | 'delete' | 'skip' | 'conflict';
  readonly kind: 'issue' | 'comment' | 'label' | 'milestone' | 'attachment';
  /** The side that is written; of a skip or conflict the side it was found on. */
  readonly side: LinkSide;
  /** Key of the item on the side it was found on. */
  readonly ref?: string;
  readonly title?: string;
  readonly fields?: readonly IssueFieldName[];
  /** A sentence. */
  readonly reason: string;
}
