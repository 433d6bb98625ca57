import type { LinkRef, LinkSide, TrackerComment } from '@syncline/connector-sdk';
import type { CommentBaseline } from '../baseline.js';
import type { CommentLink, IssueLink } from '../links.js';
import type { Origin } from '../origin.js';
import { otherSide } from '../policy.js';
import { hashOf } from './comment-text.js';
import type { Engine } from './engine.js';

type Named = Pick<TrackerComment, 'id' | 'url'>;

/** The links of one issue's comments, as known so far. */
export class CommentLinks {
  private readonly links = new Map<string, CommentLink>();
  private readonly byKey: Record<LinkSide, Map<string, string>> = { left: new Map(), right: new Map() };

  constructor(
    private readonly engine: Engine,
    private readonly parent: IssueLink,
    known: readonly CommentLink[],
  ) {
    for (const link of known) this.index(link);
  }

  issueKey(side: LinkSide): string {
    return this.parent[side]?.key ?? '';
  }

  keyOf(side: LinkSide, { id }: Pick<TrackerComment, 'id'>): string {
    return `${this.issueKey(side)}#${id}`;
  }

  byId(id: string): CommentLink | undefined {
    return this.links.get(id);
  }

  of(side: LinkSide, comment: Pick<TrackerComment, 'id'>): CommentLink | undefined {
    return this.links.get(this.byKey[side].get(this.keyOf(side, comment)) ?? '');
  }

  index(link: CommentLink): void {
    this.links.set(link.id, link);
    for (const side of ['left', 'right'] as const) {
      const key = link[side]?.key;
      if (key !== undefined) this.byKey[side].set(key, link.id);
    }
  }

  /** Also stored. */
  keep(link: CommentLink): void {
    this.index(link);
    this.engine.commits.add({ links: [link] });
  }

  forget(link: CommentLink): void {
    this.links.delete(link.id);
    for (const at of ['left', 'right'] as const) this.byKey[at].delete(link[at]?.key ?? '');
  }

  ref(side: LinkSide, comment: Named): LinkRef {
    const { instanceId, projectId } = this.engine.place(side);
    const { url } = comment;
    return { instanceId, projectId, key: this.keyOf(side, comment), ...(url !== undefined && { url }) };
  }

  /** A link for a comment that is to be copied. */
  begin(side: LinkSide, comment: TrackerComment, origin: Origin): CommentLink {
    return {
      id: this.engine.context.newId(),
      kind: 'comment',
      state: 'intended',
      parentId: this.parent.id,
      origin,
      originSide: side,
      [side]: this.ref(side, comment),
      intent: { side: otherSide(side), claimedAt: this.engine.context.session.now().toISOString() },
      baseline: { original: hashOf(comment.body), revision: this.engine.context.revision },
    };
  }

  /** The same with its copy, which was asked for as `sent`. */
  complete(link: CommentLink, from: LinkSide, copy: TrackerComment, sent: string): CommentLink {
    const { intent: _intent, ...kept } = link;
    const baseline: CommentBaseline = {
      original: link.baseline?.original ?? '',
      revision: this.engine.context.revision,
      sent: hashOf(sent),
      copy: hashOf(copy.body),
      ...(copy.internal && { internal: true }),
    };
    const to = otherSide(from);
    const next: CommentLink = { ...kept, state: 'active', [to]: this.ref(to, copy), baseline };
    this.engine.names.note('comment', next.left?.key ?? '', next.right?.key ?? '');
    return next;
  }
}
