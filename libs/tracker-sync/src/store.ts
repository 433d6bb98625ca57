import type { ConnectorError, Cursor, IssueFieldName, LinkRef, LinkSide, LinkState } from '@syncline/connector-sdk';
import type { CommentBaseline, IssueBaseline, MilestoneBaseline } from './baseline.js';
import type { Origin } from './origin.js';
import type { PlanItem } from './plan.js';

/** A copy that is about to be made, or may have been made by a request whose answer was lost. */
export interface Intent {
  /** The side the copy is made on. */
  readonly side: LinkSide;
  /** When it was claimed (ISO 8601, our clock); nothing was sent before. */
  readonly claimedAt: string;
  /** The key of an item there that looks like the copy and has lost its marker. It is not made again; a person decides. */
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
  readonly baseline?: IssueBaseline;
}

export interface CommentLink extends LinkBase {
  readonly kind: 'comment';
  /** The link of the issue it belongs to. */
  readonly parentId: string;
  readonly baseline?: CommentBaseline;
}

/** A milestone (key: its key) or an attachment (key: how texts name it). Neither is ever intended: see their engine parts. */
export interface MilestoneLink extends LinkBase {
  readonly kind: 'milestone';
  readonly baseline?: MilestoneBaseline;
}

export interface AttachmentLink extends LinkBase {
  readonly kind: 'attachment';
  readonly baseline?: undefined;
}

export type SyncLink = IssueLink | CommentLink | MilestoneLink | AttachmentLink;
export type SyncLinkKind = SyncLink['kind'];
export type LinkOfKind<K extends SyncLinkKind> = Extract<SyncLink, { kind: K }>;

/** A field's value as the API shows it: sets are sorted names, a milestone is its title, cleared is null. */
export type ShownValue = string | boolean | number | null | readonly string[];

export interface ConflictValues {
  readonly base: ShownValue;
  readonly left: ShownValue;
  readonly right: ShownValue;
}

/** What somebody decided about a conflict, with the values they had before their eyes. */
export interface Resolution {
  readonly choice: 'left' | 'right' | 'value';
  /** With `value`: in the left side's words. */
  readonly value?: ShownValue;
}

export interface OpenConflict extends ConflictValues {
  readonly linkId: string;
  readonly field: IssueFieldName;
  /** Absent while nobody has decided. */
  readonly resolution?: Resolution;
}

/**
 * What becomes of the one open conflict of a link's field. `open` adds it or renews its values (and drops a resolution
 * made for older ones); `resolved`: its resolution was applied, or the policy decided; `closed`: the sides agree again.
 */
export interface ConflictChange extends ConflictValues {
  readonly linkId: string;
  readonly field: IssueFieldName;
  readonly state: 'open' | 'resolved' | 'closed';
}

/** One line of an item's history: a decision, a write, a skip or a retry, with its cause. */
export interface HistoryLine {
  readonly action: 'created' | 'updated' | 'linked' | 'skipped' | 'retried' | 'conflicted' | 'severed';
  readonly linkId?: string;
  /** The item where no link tells it. */
  readonly item?: ItemRef;
  readonly side?: LinkSide;
  readonly fields?: readonly string[];
  /** A sentence. */
  readonly reason: string;
}

/** An issue on one side; what is set aside and retried. */
export interface ItemRef {
  readonly side: LinkSide;
  /** Key of the issue. */
  readonly key: string;
}

/** An item that could not be dealt with. The store keeps it due again with growing waits. */
export interface ItemSetAside extends ItemRef {
  readonly error: ConnectorError;
  /** Not before; absent: as the store sees fit. */
  readonly retryAt?: Date;
}

/** One transaction: all of it or nothing, fenced by the run's lease. */
export interface StoreChanges {
  /** New links and changed ones, whole. A side of the same kind that another link has already is an error. */
  readonly links?: readonly SyncLink[];
  readonly conflicts?: readonly ConflictChange[];
  readonly history?: readonly HistoryLine[];
  readonly setAside?: readonly ItemSetAside[];
  /** Items that are waited for no longer. */
  readonly settled?: readonly ItemRef[];
  readonly cursors?: Partial<Record<LinkSide, Cursor>>;
}

/** A copy of an origin in a place, made or intended by any connection of this hub. */
export interface KnownCopy {
  readonly origin: Origin;
  readonly linkId: string;
  readonly connectionId: string;
  /** Absent while it is intended. */
  readonly key?: string;
}

/**
 * What one connection remembers between runs. Lookups and writes take many items at once: one statement each, never one
 * per item. Every method throws `ConnectorError('interrupted')` once the run has lost its lease.
 */
export interface SyncStore {
  cursor(side: LinkSide): Promise<Cursor | undefined>;
  /** Links of this connection by the item on one side, in any state. A comment's key is `<issue key>#<comment id>`. */
  linksByKey<K extends SyncLinkKind>(
    kind: K,
    side: LinkSide,
    keys: readonly string[],
  ): Promise<readonly LinkOfKind<K>[]>;
  linksById(ids: readonly string[]): Promise<readonly IssueLink[]>;
  /** Comment links of these issue links. */
  commentsOf(issueLinkIds: readonly string[]): Promise<readonly CommentLink[]>;
  /** Intended links: copies that were begun and never confirmed. */
  unsettled(): Promise<readonly (IssueLink | CommentLink)[]>;
  /** Links of a kind in any state, in the order of their ids; after an id. */
  page<K extends SyncLinkKind>(kind: K, after: string | undefined, limit: number): Promise<readonly LinkOfKind<K>[]>;
  /** Issue links whose texts name one of these issues (keys of the origin's place) that had no copy yet. */
  awaiting(side: LinkSide, keys: readonly string[]): Promise<readonly IssueLink[]>;
  /**
   * Claims the right to make these copies, before anything is sent: stores the links with state `intended`. Unique over
   * the whole hub by origin and target place, so that of two pairs that lead to one place only one makes the copy.
   * Returns the links it refused, with who has the copy; the others are granted. A link that is claimed again by its
   * own id is granted.
   */
  claim(links: readonly (IssueLink | CommentLink)[]): Promise<ReadonlyMap<string, KnownCopy>>;
  /** Gives back claims whose copies were certainly not made. */
  release(linkIds: readonly string[]): Promise<void>;
  /** Which of these items of a place are copies made by any connection of this hub. By issue key or `<key>#<comment id>`. */
  copiesAt(side: LinkSide, kind: 'issue' | 'comment', keys: readonly string[]): Promise<ReadonlyMap<string, KnownCopy>>;
  /** Copies of these origins in the place of this side, made or intended by any connection. By `originKey`. */
  copiesOf(side: LinkSide, origins: readonly Origin[]): Promise<ReadonlyMap<string, KnownCopy>>;
  openConflicts(linkIds: readonly string[]): Promise<readonly OpenConflict[]>;
  /** Links with an open conflict, whether somebody has decided or not. */
  conflictedLinks(): Promise<readonly IssueLink[]>;
  /** Items that were set aside and are due for another attempt. */
  due(): Promise<readonly ItemRef[]>;
  commit(changes: StoreChanges): Promise<void>;
}

/** Where a plan goes instead of anywhere remote. */
export interface PlanSink {
  add(items: readonly PlanItem[]): Promise<void>;
}
