import type { Cursor, SetAside } from './session.js';
import type { JsonObject, JsonValue } from './json.js';
import type { LinkKind, LinkRef, LinkSide, LinkState } from './links.js';

/** Where an item was written by a person. It travels with every copy. */
export interface LinkOrigin {
  /** One string for one origin, whichever hub made the copy. */
  readonly key: string;
  /** The side that holds the original, as this pair sees it. */
  readonly side: LinkSide;
  /** One string for the place that the copy is in, or will be. */
  readonly place: string;
  /** What the connector keeps of it besides. */
  readonly data: JsonObject;
}

/** A link as a connector that keeps two systems in step sees it: whole. */
export interface PairLink {
  /** A UUID the connector made: a retry of the same intent is the same link. */
  readonly id: string;
  readonly kind: LinkKind;
  readonly state: LinkState;
  readonly left?: LinkRef;
  readonly right?: LinkRef;
  /** The link of the item this one belongs to, e.g. of a comment's issue. */
  readonly parentId?: string;
  /** Absent of a link that people made by hand, until a run has written it. */
  readonly origin?: LinkOrigin;
  /** While a copy is intended and not confirmed. */
  readonly intent?: JsonObject;
  /** The connector's own. One with `begun` says that a write is under way: the link does not count as synced by it. */
  readonly baseline?: JsonObject;
  /** Keys of items of the origin's side that its text names and that have no copy yet. */
  readonly awaits?: readonly string[];
}

/** A copy of an origin in a place, made or intended by any connection of this hub. */
export interface KnownCopy {
  readonly originKey: string;
  readonly origin: JsonObject;
  readonly linkId: string;
  readonly connectionId: string;
  /** Absent while it is intended. */
  readonly key?: string;
  /** Its connection was deleted: nobody keeps it in step any more. */
  readonly orphaned?: true;
}

/** A link of another connection whose item went to another place, with the links that belong to it. */
export interface LinkToFollow {
  readonly link: PairLink;
  readonly children: readonly PairLink[];
}

/** A conflict that is not settled yet. Values as the API shows them. */
export interface OpenConflict {
  readonly linkId: string;
  readonly field: string;
  readonly base: JsonValue;
  readonly left: JsonValue;
  readonly right: JsonValue;
  /** What somebody decided with these values before their eyes; absent while nobody has. */
  readonly resolution?: { readonly choice: 'left' | 'right' | 'value'; readonly value?: JsonValue };
}

/**
 * What becomes of the one unsettled conflict of a link's field. `open` adds it or renews its values, and drops a
 * decision that was made for others; `resolved`: the decision was applied, or the policy decided; `closed`: the sides
 * agree by themselves. The last two without such a conflict change nothing.
 */
export interface ConflictChange {
  readonly linkId: string;
  readonly field: string;
  readonly base: JsonValue;
  readonly left: JsonValue;
  readonly right: JsonValue;
  readonly state: 'open' | 'resolved' | 'closed';
}

/** One line of an item's history: a decision, a write, a skip or a retry, with its cause. Counted in the run. */
export interface HistoryLine {
  readonly action: 'created' | 'updated' | 'linked' | 'skipped' | 'retried' | 'conflicted' | 'severed';
  readonly linkId?: string;
  /** The item where no link tells it: the line then stands in the run's log. */
  readonly item?: { readonly side: LinkSide; readonly key: string };
  readonly side?: LinkSide;
  readonly fields?: readonly string[];
  /** A sentence. */
  readonly reason: string;
}

/** One transaction: all of it or nothing. */
export interface PairChanges {
  /**
   * New links and changed ones, whole. A link that people severed meanwhile stays severed. Throws `permanent` where
   * another link of the kind has a side already.
   */
  readonly links?: readonly PairLink[];
  readonly conflicts?: readonly ConflictChange[];
  readonly history?: readonly HistoryLine[];
  readonly setAside?: readonly (SetAside & { readonly stream: string })[];
  /** Items that are waited for no longer. */
  readonly settled?: readonly { readonly stream: string; readonly item: string }[];
  /** By stream. */
  readonly cursors?: Readonly<Record<string, Cursor>>;
  /** How many items were read for it; counted in the run. */
  readonly fetched?: number;
}

/** One string for each of the two places a connection keeps in step; stable over renames. */
export type Places = Readonly<Record<LinkSide, string>>;

/**
 * What a connection that keeps two systems in step remembers. Lookups and writes take many items at once. Writes are
 * fenced: after a lost lease each throws `interrupted`. A plan may read; its writes throw `permanent`.
 */
export interface PairStore {
  /**
   * Says which two places this connection keeps in step. Throws `config`, with a sentence for its owner, where they are
   * one, or where another connection of this hub keeps them already, in either direction. In a plan nothing is noted.
   */
  keep(places: Places): Promise<void>;
  /** By the item on one side, in any state; of several with one key the living one, else the one severed last. */
  linksByKey(
    kind: LinkKind,
    side: LinkSide,
    keys: readonly { projectId: string; key: string }[],
  ): Promise<readonly PairLink[]>;
  linksById(ids: readonly string[]): Promise<readonly PairLink[]>;
  /** Links that belong to these, e.g. of comments to issues. */
  childrenOf(parentIds: readonly string[]): Promise<readonly PairLink[]>;
  /** Intended links: copies that were begun and never confirmed. */
  unsettled(): Promise<readonly PairLink[]>;
  /** Links of a kind in any state, in the order of their ids, after an id. */
  page(kind: LinkKind, after: string | undefined, limit: number): Promise<readonly PairLink[]>;
  /** Links whose `awaits` holds one of these keys and whose origin is on this side. */
  awaiting(side: LinkSide, keys: readonly string[]): Promise<readonly PairLink[]>;
  /**
   * Claims the right to make these copies, before anything is sent: stores the links with the state `intended`. Unique
   * over the whole hub by origin and place. Returns the ids it refused, with who has the copy; the others are granted.
   * A link that is claimed again by its own id is granted.
   */
  claim(links: readonly PairLink[]): Promise<ReadonlyMap<string, KnownCopy>>;
  /** Gives back claims whose copies were certainly not made. */
  release(linkIds: readonly string[]): Promise<void>;
  /** Which items of a place are copies made by any connection of this hub, by item key. */
  copiesAt(place: string, kind: LinkKind, keys: readonly string[]): Promise<ReadonlyMap<string, KnownCopy>>;
  /** Copies of these origins in a place, made or intended by any connection of this hub, by origin key. */
  copiesOf(place: string, originKeys: readonly string[]): Promise<ReadonlyMap<string, KnownCopy>>;
  /**
   * Links of any connection of this hub that are `gone` and name one of these origins with a copy in this place, by
   * origin key: their copies stay behind after the original went elsewhere.
   */
  leftBehind(place: string, originKeys: readonly string[]): Promise<ReadonlyMap<string, LinkToFollow>>;
  openConflicts(linkIds: readonly string[]): Promise<readonly OpenConflict[]>;
  /** Links with a conflict that is not settled, whether somebody has decided or not. */
  conflictedLinks(): Promise<readonly PairLink[]>;
  commit(changes: PairChanges): Promise<void>;
}
