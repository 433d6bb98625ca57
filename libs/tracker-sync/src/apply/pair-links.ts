import type { JsonObject, KnownCopy, LinkSide, PairLink, SyncSession, TrackerPlace } from '@syncline/connector-sdk';
import { issueFieldNames } from '@syncline/connector-sdk';
import type { CommentLink, FieldConflict, IssueLink, LinkOfKind, SyncLink, SyncLinkKind } from '../links.js';
import { originKey, originOf, placeKey, whereItIs, type Origin } from '../origin.js';
import { otherSide } from '../policy.js';
import { Together } from './together.js';

/** A link whose original went elsewhere, with those of its comments. */
export interface LeftBehind {
  readonly link: IssueLink;
  readonly comments: readonly CommentLink[];
}

type Places = Readonly<Record<LinkSide, TrackerPlace>>;

/** What we stored comes back as we stored it: the store keeps JSON whole and is written by this engine alone. */
function stored<T>(value: JsonObject): T {
  return value as unknown as T;
}

const json = (value: object): JsonObject => value as unknown as JsonObject;

function linkToStore(link: SyncLink, places: Places): PairLink {
  const { id, kind, state, left, right, origin, originSide, intent, baseline } = link;
  const awaits = kind === 'issue' ? link.baseline?.awaits : undefined;
  // What went elsewhere is looked for by where it is now.
  const known = state === 'gone' ? whereItIs(origin) : origin;
  return {
    id,
    kind,
    state,
    ...(left !== undefined && { left }),
    ...(right !== undefined && { right }),
    ...(kind === 'comment' && { parentId: link.parentId }),
    origin: {
      key: originKey(known),
      side: originSide,
      place: placeKey(places[otherSide(originSide)]),
      data: json(origin),
    },
    ...(intent !== undefined && { intent: json(intent) }),
    ...(baseline !== undefined && { baseline: json(baseline) }),
    ...(awaits !== undefined && { awaits }),
  };
}

/** The links of one connection in the engine's types. */
export class PairLinks {
  /** Lookups that several items make at the same time, by what they look in. */
  private readonly lookups = new Map<string, Together<string, readonly PairLink[]>>();
  private readonly origins = new Map<string, Together<string, ReadonlyMap<string, KnownCopy>>>();

  constructor(
    private readonly session: SyncSession,
    private readonly places: Places,
  ) {}

  toStore(links: readonly SyncLink[]): readonly PairLink[] {
    return links.map((link) => linkToStore(link, this.places));
  }

  /** A link people made by hand has no origin yet: the left item counts as the original. */
  private fromStore<K extends SyncLinkKind>(link: PairLink): LinkOfKind<K> {
    const { origin, intent, baseline, awaits: _awaits, ...rest } = link;
    const [issue = '', comment] = (link.left?.key ?? '').split('#');
    return stored<LinkOfKind<K>>(
      json({
        ...rest,
        origin: origin?.data ?? originOf(this.session.hubId, this.places.left, issue, comment),
        originSide: origin?.side ?? 'left',
        ...(intent !== undefined && { intent }),
        ...(baseline !== undefined && { baseline }),
      }),
    );
  }

  async byKey<K extends SyncLinkKind>(kind: K, side: LinkSide, keys: readonly string[]): Promise<LinkOfKind<K>[]> {
    if (keys.length === 0) return [];
    const { projectId } = this.places[side];
    const lookup = together(this.lookups, `${kind} ${side}`, (all: readonly string[]) =>
      this.session.pair.linksByKey(
        kind,
        side,
        all.map((key) => ({ projectId, key })),
      ),
    );
    const wanted = new Set(keys);
    const links = await lookup.of(keys);
    return links.filter((link) => wanted.has(link[side]?.key ?? '')).map((link) => this.fromStore<K>(link));
  }

  async byId(ids: readonly string[]): Promise<IssueLink[]> {
    if (ids.length === 0) return [];
    return (await this.session.pair.linksById(ids)).map((link) => this.fromStore<'issue'>(link));
  }

  async commentsOf(issueLinkIds: readonly string[]): Promise<CommentLink[]> {
    if (issueLinkIds.length === 0) return [];
    const links = await this.session.pair.childrenOf(issueLinkIds);
    return links.filter(({ kind }) => kind === 'comment').map((link) => this.fromStore<'comment'>(link));
  }

  async unsettled(): Promise<(IssueLink | CommentLink)[]> {
    const links = await this.session.pair.unsettled();
    return links
      .filter(({ kind }) => kind === 'issue' || kind === 'comment')
      .map((link) => this.fromStore<'issue' | 'comment'>(link));
  }

  async page<K extends SyncLinkKind>(kind: K, after: string | undefined, limit: number): Promise<LinkOfKind<K>[]> {
    return (await this.session.pair.page(kind, after, limit)).map((link) => this.fromStore<K>(link));
  }

  async awaiting(side: LinkSide, keys: readonly string[]): Promise<IssueLink[]> {
    if (keys.length === 0) return [];
    return (await this.session.pair.awaiting(side, keys)).map((link) => this.fromStore<'issue'>(link));
  }

  async claim(links: readonly (IssueLink | CommentLink)[]): Promise<ReadonlyMap<string, KnownCopy>> {
    return links.length === 0 ? new Map<string, KnownCopy>() : this.session.pair.claim(this.toStore(links));
  }

  async release(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.session.pair.release(ids);
  }

  /** Where items of a side were written, as far as any connection of the hub made them. */
  async originsAt(side: LinkSide, kind: 'issue' | 'comment', keys: readonly string[]): Promise<Map<string, Origin>> {
    const copies = await this.copiesAt(side, kind, keys);
    const found = keys.flatMap((key) => {
      const copy = copies.get(key);
      return copy === undefined ? [] : [[key, stored<Origin>(copy.origin)] as const];
    });
    return new Map(found);
  }

  /** Is the issue a copy that a connection of this hub keeps, or kept until the two were taken apart? */
  async isKept(side: LinkSide, key: string): Promise<boolean> {
    const copy = (await this.copiesAt(side, 'issue', [key])).get(key);
    return copy !== undefined && copy.orphaned !== true;
  }

  private async copiesAt(
    side: LinkSide,
    kind: 'issue' | 'comment',
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, KnownCopy>> {
    if (keys.length === 0) return new Map();
    const lookup = together(this.origins, `${kind} ${side}`, (all: readonly string[]) =>
      this.session.pair.copiesAt(placeKey(this.places[side]), kind, all),
    );
    return lookup.of(keys);
  }

  /** Links whose originals are issues of this side by now, and whose copies are on the other side, by the issue's key. */
  async leftBehind(side: LinkSide, keys: readonly string[]): Promise<ReadonlyMap<string, LeftBehind>> {
    if (keys.length === 0) return new Map();
    const byOrigin = new Map(keys.map((key) => [originKey(originOf(this.session.hubId, this.places[side], key)), key]));
    const found = await this.session.pair.leftBehind(placeKey(this.places[otherSide(side)]), [...byOrigin.keys()]);
    return new Map(
      [...found].map(([origin, { link, children }]) => [
        byOrigin.get(origin) ?? '',
        {
          link: this.fromStore<'issue'>(link),
          comments: children.filter(({ kind }) => kind === 'comment').map((child) => this.fromStore<'comment'>(child)),
        },
      ]),
    );
  }

  async conflicts(linkIds: readonly string[]): Promise<FieldConflict[]> {
    if (linkIds.length === 0) return [];
    const open = await this.session.pair.openConflicts(linkIds);
    return open
      .filter(({ field }) => issueFieldNames.some((name) => name === field))
      .map((conflict) => stored<FieldConflict>(json(conflict)));
  }

  async conflicted(): Promise<IssueLink[]> {
    return (await this.session.pair.conflictedLinks()).map((link) => this.fromStore<'issue'>(link));
  }
}

function together<K, V>(
  known: Map<string, Together<K, V>>,
  name: string,
  ask: (keys: readonly K[]) => Promise<V>,
): Together<K, V> {
  const found = known.get(name) ?? new Together(ask);
  known.set(name, found);
  return found;
}
