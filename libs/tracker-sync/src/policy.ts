import type { IssueFieldName, LinkSide } from '@syncline/connector-sdk';

/** Which way something flows. `left` is the source. */
export type Flow = 'toRight' | 'toLeft' | 'both';

/** What is copied anew. An issue that is linked stays in step whether it still matches or not. */
export interface IssueFilter {
  /** All of them. */
  readonly labels?: readonly string[];
  /** None of them. */
  readonly notLabels?: readonly string[];
  /** By title. */
  readonly milestone?: string;
  /** A username of the side the issue is on. */
  readonly assignee?: string;
  readonly state?: 'opened' | 'closed';
  /** ISO 8601. */
  readonly createdAfter?: string;
}

/** What a pair's owner chose. Plain data. */
export interface SyncPolicy {
  /** The fields kept in step, each with its direction; the others are neither compared nor written. */
  readonly fields: Partial<Record<IssueFieldName, Flow>>;
  /** Which way new issues are copied; absent: none are. */
  readonly creates?: Flow;
  /** Which way comments are copied; absent: none are. */
  readonly comments?: Flow;
  readonly attachments: boolean;
  /** `skip`: confidential issues and internal comments are not copied at all. */
  readonly confidential: 'preserve' | 'skip';
  /** Who wins where both sides changed one field and the changes cannot be merged. `source` is left. */
  readonly conflicts: 'ask' | 'source' | 'target' | 'newest';
  /** `issue`: one conflict holds all fields of its issue, and a winner takes them all. */
  readonly granularity: 'field' | 'issue';
  readonly filter?: IssueFilter;
  /** How issues that exist on both sides find each other before the first copy is made. */
  readonly match: 'marker' | 'title' | 'none';
  /** What becomes of the other side when an issue is deleted. A deleted copy never closes its original one-way. */
  readonly onDelete: 'sever' | 'recreate' | 'close';
  /**
   * What becomes of a copy whose original is moved to another project. `follow`: where a connection of this hub keeps that
   * project in step with the copy's, it goes on with the copy it has.
   */
  readonly onMove: 'follow' | 'sever';
  /** What becomes of a comment's copy when the comment is deleted. */
  readonly onCommentDelete: 'keep' | 'delete';
  /** For users without a mapping. */
  readonly unmappedUsers: 'unassigned' | 'same-username';
}

export function flowsTo(flow: Flow | undefined, side: LinkSide): boolean {
  return flow === 'both' || flow === (side === 'right' ? 'toRight' : 'toLeft');
}

export const otherSide = (side: LinkSide): LinkSide => (side === 'left' ? 'right' : 'left');
