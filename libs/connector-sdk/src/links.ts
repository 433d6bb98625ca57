import type { JsonObject } from './json.js';

export type LinkKind = 'issue' | 'comment' | 'milestone' | 'label' | 'attachment' | 'ref';
export type LinkState = 'intended' | 'active' | 'conflicted' | 'severed' | 'gone';
export type LinkSide = 'left' | 'right';

/** One item on one side. `key` is the iid of an issue, `<iid>#<note id>` of a comment, the name of a ref. */
export interface LinkRef {
  readonly instanceId: string;
  readonly projectId: string;
  readonly key: string;
  readonly url?: string;
  readonly title?: string;
}

/** Two items kept in step. A side is absent while its creation is only intended. */
export interface Link {
  readonly id: string;
  readonly kind: LinkKind;
  readonly state: LinkState;
  readonly left?: LinkRef;
  readonly right?: LinkRef;
  /** What each side returned after our last write: the bases of the three-way merge. */
  readonly baseline?: { readonly left?: JsonObject; readonly right?: JsonObject };
}

export interface NewLink {
  readonly kind: LinkKind;
  readonly left?: LinkRef;
  readonly right?: LinkRef;
  readonly baseline?: Link['baseline'];
}

/** The links of one connection. Writes are fenced by the run's lease and happen in batches. */
export interface Links {
  find(kind: LinkKind, side: LinkSide, keys: readonly { projectId: string; key: string }[]): Promise<readonly Link[]>;
  /** Records, before a remote write, that it is about to happen. A side that is already linked returns its link. */
  intend(links: readonly NewLink[]): Promise<readonly Link[]>;
  /** Records that the remote write happened: fills the missing side and makes the link `active`. */
  confirm(
    confirmed: readonly { id: string; left?: LinkRef; right?: LinkRef; baseline?: Link['baseline'] }[],
  ): Promise<void>;
  /**
   * Replaces baselines: of links that agree again, or whose sides are known to differ. `state` says so where that has
   * changed (a severed link stays severed), `reason` is the sentence for its history.
   */
  rebase(
    rebased: readonly {
      id: string;
      baseline: NonNullable<Link['baseline']>;
      state?: 'active' | 'conflicted' | 'gone';
      reason?: string;
    }[],
  ): Promise<void>;
}
