import {
  type ConflictChange,
  ConnectorError,
  type HistoryLine,
  type JsonObject,
  type KnownCopy,
  type LinkKind,
  type LinkSide,
  type LinkToFollow,
  type OpenConflict,
  type PairChanges,
  type PairLink,
  type Places,
} from '@syncline/connector-sdk';
import { canonical, plain } from './apply-event.js';
import { MemoryHub } from './memory-hub.js';

export interface KnownConflict extends Omit<ConflictChange, 'state'> {
  readonly state: 'open' | 'resolved' | 'closed';
  readonly settled: boolean;
  readonly resolution?: OpenConflict['resolution'];
}

/** The links, conflicts and history of one connection that keeps two systems in step. */
export class MemoryPairStore {
  readonly history: HistoryLine[] = [];
  readonly conflicts: KnownConflict[] = [];
  private links = new Map<string, PairLink>();
  private places: Places | undefined;

  constructor(
    readonly connectionId: string,
    private readonly hub: MemoryHub = new MemoryHub(),
  ) {
    hub.stores.push(this);
  }

  all(): readonly PairLink[] {
    return [...this.links.values()];
  }

  /** As people do it. */
  sever(id: string): void {
    const link = this.links.get(id);
    if (link !== undefined) this.links.set(id, { ...link, state: 'severed' });
  }

  /** As people do it: the next run reads the decision. */
  decide(linkId: string, field: string, resolution: NonNullable<OpenConflict['resolution']>): void {
    const at = this.conflicts.findIndex((known) => known.linkId === linkId && known.field === field && !known.settled);
    const known = this.conflicts[at];
    if (known === undefined) throw new Error(`${linkId} has no conflict on ${field}`);
    this.conflicts[at] = { ...known, state: 'resolved', resolution };
  }

  keep(places: Places, plan: boolean): void {
    if (places.left === places.right) {
      throw new ConnectorError('config', 'Both sides are the same project. Choose another one on one side.');
    }
    const same = (other: Places): boolean =>
      (other.left === places.left && other.right === places.right) ||
      (other.left === places.right && other.right === places.left);
    const keeper = this.hub.stores.find((store) => store !== this && store.places !== undefined && same(store.places));
    if (keeper !== undefined) {
      throw new ConnectorError('config', `These two projects are kept in step by ${keeper.connectionId} already.`);
    }
    if (!plan) this.places = places;
  }

  linksByKey(kind: LinkKind, side: LinkSide, keys: readonly { projectId: string; key: string }[]): readonly PairLink[] {
    const found = new Map<string, PairLink>();
    for (const link of this.links.values()) {
      const ref = link[side];
      if (link.kind !== kind || ref === undefined) continue;
      if (!keys.some(({ projectId, key }) => projectId === ref.projectId && key === ref.key)) continue;
      const id = [ref.instanceId, ref.projectId, ref.key].join('\n');
      const known = found.get(id);
      if (known === undefined || known.state === 'severed') found.set(id, link);
    }
    return [...found.values()];
  }

  linksById(ids: readonly string[]): readonly PairLink[] {
    return ids.flatMap((id) => this.links.get(id) ?? []);
  }

  childrenOf(parentIds: readonly string[]): readonly PairLink[] {
    return this.all().filter(({ parentId }) => parentId !== undefined && parentIds.includes(parentId));
  }

  unsettled(): readonly PairLink[] {
    return this.all().filter(({ state }) => state === 'intended');
  }

  page(kind: LinkKind, after: string | undefined, limit: number): readonly PairLink[] {
    return this.all()
      .filter((link) => link.kind === kind && (after === undefined || link.id > after))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit);
  }

  awaiting(side: LinkSide, keys: readonly string[]): readonly PairLink[] {
    return this.all().filter(
      (link) => link.origin?.side === side && (link.awaits ?? []).some((key) => keys.includes(key)),
    );
  }

  claim(links: readonly PairLink[]): ReadonlyMap<string, KnownCopy> {
    const refused = new Map<string, KnownCopy>();
    for (const link of links) {
      const taken = this.takenBy(link);
      if (taken === undefined) this.put({ ...link, state: 'intended' });
      else refused.set(link.id, taken);
    }
    return refused;
  }

  release(linkIds: readonly string[]): void {
    for (const id of linkIds) if (this.links.get(id)?.state === 'intended') this.links.delete(id);
  }

  copiesAt(place: string, kind: LinkKind, keys: readonly string[]): ReadonlyMap<string, KnownCopy> {
    const copies = this.hubCopies().filter(({ link }) => link.kind === kind && link.origin?.place === place);
    return new Map(copies.flatMap(({ copy }) => (copy.key && keys.includes(copy.key) ? [[copy.key, copy]] : [])));
  }

  copiesOf(place: string, originKeys: readonly string[]): ReadonlyMap<string, KnownCopy> {
    const copies = this.hubCopies().filter(
      ({ link, copy }) => holds(link) && link.origin?.place === place && originKeys.includes(copy.originKey),
    );
    return new Map(copies.map(({ copy }) => [copy.originKey, copy]));
  }

  leftBehind(place: string, originKeys: readonly string[]): ReadonlyMap<string, LinkToFollow> {
    const found = this.hub.stores.flatMap((store) =>
      store
        .all()
        .filter(({ kind, state, origin }) => kind === 'issue' && state === 'gone' && origin?.place === place)
        .filter(({ origin }) => originKeys.includes(origin?.key ?? ''))
        .map((link) => [link.origin?.key ?? '', { link, children: store.childrenOf([link.id]) }] as const),
    );
    return new Map(found);
  }

  openConflicts(linkIds: readonly string[]): readonly OpenConflict[] {
    return this.conflicts
      .filter(({ linkId, settled }) => !settled && linkIds.includes(linkId))
      .map(({ linkId, field, base, left, right, resolution }) => ({
        linkId,
        field,
        base,
        left,
        right,
        ...(resolution === undefined ? {} : { resolution }),
      }));
  }

  conflictedLinks(): readonly PairLink[] {
    const ids = new Set(this.conflicts.filter(({ settled }) => !settled).map(({ linkId }) => linkId));
    return this.linksById([...ids]);
  }

  /** All or nothing: where it throws, nothing has changed. What concerns streams is the caller's. */
  commit(changes: PairChanges): void {
    const before = new Map(this.links);
    try {
      const links = changes.links ?? [];
      // What gives a side free comes before what may take it.
      for (const link of links.filter(({ state }) => state === 'severed')) this.put(link);
      for (const link of links.filter(({ state }) => state !== 'severed')) this.put(link);
    } catch (error) {
      this.links = before;
      throw error;
    }
    for (const change of changes.conflicts ?? []) this.apply(change);
    this.history.push(...(changes.history ?? []));
    this.showConflicts();
  }

  private put(link: PairLink): void {
    for (const side of ['left', 'right'] as const) {
      const ref = link[side];
      const owner = ref && this.linksByKey(link.kind, side, [ref]).find((known) => known.state !== 'severed');
      if (owner !== undefined && owner.id !== link.id && link.state !== 'severed') {
        throw new ConnectorError('permanent', `${link.kind} ${ref?.key ?? ''} is already linked on the ${side}`);
      }
    }
    const named = link.kind === 'issue' || link.kind === 'comment';
    if (named && holds(link) && this.rivals(link).some((other) => holds(other.link))) {
      throw new ConnectorError('permanent', 'Another connection of this hub keeps this copy already');
    }
    const severed = this.links.get(link.id)?.state === 'severed';
    const stored = plain(link) as JsonObject;
    this.links.set(link.id, { ...(stored as object as PairLink), ...(severed ? { state: 'severed' } : {}) });
  }

  private takenBy(link: PairLink): KnownCopy | undefined {
    const rival = this.rivals(link).find(
      ({ link: other }) => holds(other) || (isOver(other) && !this.links.has(other.id)),
    );
    return rival?.copy ?? this.severedOwn(link);
  }

  /** Its own link, which people severed meanwhile. */
  private severedOwn({ id }: PairLink): KnownCopy | undefined {
    if (this.links.get(id)?.state !== 'severed') return undefined;
    return this.hubCopies().find(({ link }) => link.id === id)?.copy;
  }

  /** Other links of the hub that are, or were, the same copy. */
  private rivals({ id, kind, origin }: PairLink): { link: PairLink; copy: KnownCopy }[] {
    if (origin === undefined) return [];
    return this.hubCopies().filter(
      ({ link }) =>
        link.id !== id && link.kind === kind && link.origin?.key === origin.key && link.origin.place === origin.place,
    );
  }

  private hubCopies(): { link: PairLink; copy: KnownCopy }[] {
    return this.hub.stores.flatMap(({ connectionId, links }) =>
      [...links.values()].flatMap((link) => {
        if (link.origin === undefined) return [];
        const { key: originKey, data: origin, side } = link.origin;
        const key = link[side === 'left' ? 'right' : 'left']?.key;
        return [{ link, copy: { originKey, origin, linkId: link.id, connectionId, ...(key ? { key } : {}) } }];
      }),
    );
  }

  private apply({ state, ...values }: ConflictChange): void {
    const at = this.conflicts.findIndex(
      ({ linkId, field, settled }) => linkId === values.linkId && field === values.field && !settled,
    );
    const known = this.conflicts[at];
    if (state === 'open' && known === undefined) this.conflicts.push({ ...values, state, settled: false });
    if (known === undefined) return;
    if (state !== 'open') this.conflicts[at] = { ...known, state, settled: true };
    else if (!sameValues(known, values)) this.conflicts[at] = { ...values, state, settled: false };
  }

  private showConflicts(): void {
    const conflicted = new Set(this.conflictedLinks().map(({ id }) => id));
    for (const [id, link] of this.links) {
      if (link.state !== 'active' && link.state !== 'conflicted') continue;
      this.links.set(id, { ...link, state: conflicted.has(id) ? 'conflicted' : 'active' });
    }
  }
}

/** Whether a link keeps others from making the same copy. */
const holds = ({ state }: PairLink): boolean => ['intended', 'active', 'conflicted'].includes(state);

/** Taken apart by people, or one of its two was deleted. */
const isOver = ({ state }: PairLink): boolean => state === 'severed' || state === 'gone';

function sameValues(one: Omit<ConflictChange, 'state'>, other: Omit<ConflictChange, 'state'>): boolean {
  const text = ({ base, left, right }: typeof one): string => JSON.stringify(canonical(plain([base, left, right])));
  return text(one) === text(other);
}
