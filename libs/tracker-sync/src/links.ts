import type { IssueFieldName, LinkRef, LinkSide, LinkState } from '@syncline/connector-sdk';
import type { CommentBaseline, IssueBaseline, MilestoneBaseline, MilestoneValues } from './baseline.js';
import type { Origin } from './origin.js';

/** A copy that is about to be made, or may have been made by a request whose answer was lost. */
export interface Intent {
  /** The side the copy is made on. */
  readonly side: LinkSide;
  /** When it was claimed (ISO 8601, our clock); nothing was sent before. */
  readonly claimedAt: string;
  /** An item there that looks like the copy and has lost its marker. It is not made again; a person decides. */
  readonly doubt?: { readonly key: string; readonly url: string };
}

interface LinkBase {
  /** A UUID the engine made: a retry of the same intent is the same link. */
  readonly id: string;
  readonly state: LinkState;
  /** Where the item was written. */
  readonly origin: Origin;
  /** The side that holds the original, as this pair sees it. */
  readonly originSide: LinkSide;
  readonly left?: LinkRef;
  readonly right?: LinkRef;
  /** Set while a copy is intended and not confirmed. */
  readonly intent?: Intent;
}

export interface IssueLink extends LinkBase {
  readonly kind: 'issue';
  /** Absent while the two have never agreed on anything. */
  readonly baseline?: IssueBaseline;
}

/** A comment's key is `<issue key>#<comment id>`. */
export interface CommentLink extends LinkBase {
  readonly kind: 'comment';
  /** The link of the issue it belongs to. */
  readonly parentId: string;
  readonly baseline?: CommentBaseline;
}

/** Values that were left different, as people were last told of them, by field. */
export type ToldMilestone = Partial<
  Record<keyof MilestoneValues, { readonly left: string | null; readonly right: string | null }>
>;

export interface MilestoneLink extends LinkBase {
  readonly kind: 'milestone';
  readonly baseline?: MilestoneBaseline & { readonly told?: ToldMilestone };
}

/** An attachment's key is how texts name it. */
export interface AttachmentLink extends LinkBase {
  readonly kind: 'attachment';
  readonly baseline?: undefined;
}

export type SyncLink = IssueLink | CommentLink | MilestoneLink | AttachmentLink;
export type SyncLinkKind = SyncLink['kind'];
export type LinkOfKind<K extends SyncLinkKind> = Extract<SyncLink, { kind: K }>;

/** A field's value as the API shows it: sets are sorted names, a milestone is its title, cleared is null. */
export type ShownValue = string | boolean | number | null | readonly string[];

/** What somebody decided about a conflict, with the values they had before their eyes. */
export interface Resolution {
  readonly choice: 'left' | 'right' | 'value';
  /** With `value`: in the left side's words. */
  readonly value?: ShownValue;
}

/** A field's conflict that is not settled yet. */
export interface FieldConflict {
  readonly linkId: string;
  readonly field: IssueFieldName;
  readonly base: ShownValue;
  readonly left: ShownValue;
  readonly right: ShownValue;
  /** Absent while nobody has decided. */
  readonly resolution?: Resolution;
}

/** An issue on one side. */
export interface ItemRef {
  readonly side: LinkSide;
  readonly key: string;
}
