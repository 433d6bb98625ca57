import { randomUUID } from 'node:crypto';
import {
  ConnectorError,
  type Link,
  type LinkKind,
  type LinkRef,
  type Links,
  type LinkSide,
  type NewLink,
} from '@syncline/connector-sdk';

/** The links of one connection. Each side is unique per kind, as in the real table. */
export class MemoryLinks implements Links {
  private readonly byId = new Map<string, Link>();
  private readonly bySide = new Map<string, string>();

  all(): readonly Link[] {
    return [...this.byId.values()];
  }

  find(kind: LinkKind, side: LinkSide, keys: readonly { projectId: string; key: string }[]): Promise<readonly Link[]> {
    const found: Link[] = [];
    for (const link of this.byId.values()) {
      const ref = link[side];
      if (link.kind !== kind || ref === undefined) continue;
      if (keys.some((wanted) => wanted.projectId === ref.projectId && wanted.key === ref.key)) found.push(link);
    }
    return Promise.resolve(found);
  }

  intend(links: readonly NewLink[]): Promise<readonly Link[]> {
    return Promise.resolve(links.map((link) => this.put(link, 'intended')));
  }

  /** Records links that a commit brings whole: both sides known, active at once. */
  record(links: readonly NewLink[]): void {
    for (const link of links) {
      const complete = link.left !== undefined && link.right !== undefined;
      this.put(link, complete ? 'active' : 'intended');
    }
  }

  confirm(
    confirmed: readonly { id: string; left?: LinkRef; right?: LinkRef; baseline?: Link['baseline'] }[],
  ): Promise<void> {
    for (const change of confirmed) {
      const link = this.get(change.id);
      const left = change.left ?? link.left;
      const right = change.right ?? link.right;
      this.store({ ...link, left, right, baseline: change.baseline ?? link.baseline, state: 'active' });
    }
    return Promise.resolve();
  }

  rebase(rebased: Parameters<Links['rebase']>[0]): Promise<void> {
    for (const { id, baseline, state } of rebased) {
      const link = this.get(id);
      const becomes = link.state === 'severed' ? link.state : (state ?? link.state);
      this.store({ ...link, state: becomes, baseline: { ...link.baseline, ...baseline } });
    }
    return Promise.resolve();
  }

  private put(link: NewLink, state: Link['state']): Link {
    const known = this.knownBy(link.kind, 'left', link.left) ?? this.knownBy(link.kind, 'right', link.right);
    if (known !== undefined) return known;
    const created: Link = { id: randomUUID(), state, ...link };
    this.store(created);
    return created;
  }

  private knownBy(kind: LinkKind, side: LinkSide, ref: LinkRef | undefined): Link | undefined {
    const id = ref === undefined ? undefined : this.bySide.get(sideKey(kind, side, ref));
    return id === undefined ? undefined : this.byId.get(id);
  }

  private get(id: string): Link {
    const link = this.byId.get(id);
    if (link === undefined) throw new ConnectorError('permanent', `No link has the id ${id}`);
    return link;
  }

  private store(link: Link): void {
    for (const side of ['left', 'right'] as const) {
      const ref = link[side];
      if (ref === undefined) continue;
      const key = sideKey(link.kind, side, ref);
      const owner = this.bySide.get(key);
      if (owner !== undefined && owner !== link.id) {
        throw new ConnectorError('permanent', `${link.kind} ${ref.key} is already linked on the ${side}`);
      }
      this.bySide.set(key, link.id);
    }
    this.byId.set(link.id, link);
  }
}

function sideKey(kind: LinkKind, side: LinkSide, ref: LinkRef): string {
  return [kind, side, ref.instanceId, ref.projectId, ref.key].join('\n');
}
