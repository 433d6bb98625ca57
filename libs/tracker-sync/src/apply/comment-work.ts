import { isDeepStrictEqual } from 'node:util';
import { ConnectorError, type Issue, type LinkSide, type TrackerComment } from '@syncline/connector-sdk';
import type { IssueBaseline } from '../baseline.js';
import type { CommentLink, IssueLink } from '../links.js';
import { isFrom, type Origin } from '../origin.js';
import { flowsTo, otherSide } from '../policy.js';
import { CommentLinks } from './comment-links.js';
import { CommentOrigins } from './comment-origins.js';
import { hashOf, lookUpNamed, renderComment } from './comment-text.js';
import type { Engine } from './engine.js';
import { letCommentGo } from './let-comment-go.js';
import { mayHaveHappened } from './lost-answer.js';
import { hideTurnedInternal } from './turned-internal.js';

type Sides<T> = Record<LinkSide, T>;

export interface CommentsOf {
  readonly link: IssueLink;
  readonly issues: Partial<Sides<Issue>>;
  readonly exposed?: LinkSide;
  /** The bases before this run touched the issue. */
  readonly before: IssueBaseline | undefined;
  readonly known: readonly CommentLink[];
  /** Sides as they were found, where that was not as we left them, before we wrote to them. */
  readonly news: Partial<Sides<Issue>>;
  readonly full: boolean;
  /** The copy was just made: it has no comments but those we add. */
  readonly isNew: boolean;
}

/** The comments of one issue while they are dealt with. */
export class CommentWork {
  readonly origins: CommentOrigins;
  private readonly links: CommentLinks;
  private readonly written: Sides<{ count: number; at: string | undefined }> = {
    left: { count: 0, at: undefined },
    right: { count: 0, at: undefined },
  };
  private failure: ConnectorError | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly of: CommentsOf,
    private readonly lists: Partial<Sides<readonly TrackerComment[]>>,
  ) {
    this.links = new CommentLinks(engine, of.link, of.known);
    this.origins = new CommentOrigins(engine, this.links, lists);
  }

  /** Everything that comes from one side. */
  async from(side: LinkSide): Promise<void> {
    const list = this.lists[side];
    if (list === undefined) return;
    const { policy } = this.engine.context;
    const target = otherSide(side);
    const flows = flowsTo(policy.comments, target) && this.of.exposed !== target;
    const fresh: { comment: TrackerComment; origin: Origin }[] = [];
    for (const comment of list) {
      const link = await this.hidden(side, comment, this.links.of(side, comment));
      if (link !== undefined) await this.known(side, comment, link, flows);
      else if (flows) {
        const origin = await this.origins.of(side, comment);
        const reason = await this.notCopied(side, comment, origin);
        if (reason === undefined) fresh.push({ comment, origin });
        else await this.skip(side, comment, reason);
      }
    }
    await this.missing(side, list);
    if (fresh.length > 0) await this.copy(side, fresh);
  }

  /** A comment that turned internal hides its copy. Undefined: it is as if it had never been copied. */
  private async hidden(
    side: LinkSide,
    comment: TrackerComment,
    link: CommentLink | undefined,
  ): Promise<CommentLink | undefined> {
    if (link === undefined || link.originSide !== side) return link;
    const target = otherSide(side);
    const now = await hideTurnedInternal(this.engine, comment, link, this.lists[target]);
    if (now !== 'deleted') {
      if (now !== link && !this.engine.context.isPlan) this.links.keep(now);
      return now;
    }
    this.written[target].count -= 1;
    this.links.forget(link);
    return undefined;
  }

  private async notCopied(side: LinkSide, comment: TrackerComment, origin: Origin): Promise<string | undefined> {
    const target = otherSide(side);
    if (isFrom(origin, this.engine.place(target))) return 'It is a copy of a comment of the other side.';
    if (!comment.internal) return undefined;
    if (this.engine.context.policy.confidential === 'skip')
      return 'It is internal, and internal comments are not copied.';
    const { internalComments } = await this.engine.tracker(target).capabilities();
    return internalComments ? undefined : 'It is internal, and the other side has no internal comments.';
  }

  /** New comments, oldest first. One that fails for a moment holds the later ones. */
  private async copy(side: LinkSide, fresh: readonly { comment: TrackerComment; origin: Origin }[]): Promise<void> {
    const { engine } = this;
    const target = otherSide(side);
    await lookUpNamed(
      engine,
      side,
      this.links.issueKey(side),
      fresh.map(({ comment }) => comment),
    );
    if (engine.context.isPlan) {
      for (const { comment } of fresh)
        await this.plan('create', target, comment, 'It has no copy on the other side yet.');
      return;
    }
    const claims = fresh.map(({ comment, origin }) => ({ comment, link: this.links.begin(side, comment, origin) }));
    const refused = await engine.commits.claim(claims.map(({ link }) => link));
    const waiting = claims.filter(({ link }) => !refused.has(link.id));
    for (;;) {
      const next = waiting.shift();
      if (next === undefined) return;
      try {
        await this.create(side, next.comment, next.link);
      } catch (error) {
        const failure = ConnectorError.from(error);
        const unsent = mayHaveHappened(error) ? waiting : [next, ...waiting];
        if (failure.kind === 'permanent') {
          await engine.links.release([next.link.id]);
          this.failure ??= failure;
          continue;
        }
        await engine.links.release(unsent.map(({ link }) => link.id));
        throw failure;
      }
    }
  }

  private async create(side: LinkSide, comment: TrackerComment, link: CommentLink): Promise<void> {
    const target = otherSide(side);
    const tracker = this.engine.tracker(target);
    const body = renderComment(this.engine, side, comment, link.origin);
    const { maxCommentLength, comments } = await tracker.capabilities();
    if (!comments) throw new ConnectorError('permanent', 'The account may not comment on the other side.');
    if (body.length > maxCommentLength) {
      throw new ConnectorError(
        'permanent',
        `A comment has ${body.length} characters; the other side takes ${maxCommentLength}.`,
      );
    }
    const copy = await tracker.createComment(this.links.issueKey(target), { body, internal: comment.internal });
    this.engine.stored += 1;
    this.note(target, copy, 1);
    this.links.keep(this.links.complete(link, side, copy, body));
    const reason = `A comment by ${comment.author.username} was copied.`;
    this.engine.commits.add({ history: [{ action: 'created', linkId: link.id, side: target, reason }] });
  }

  private note(side: LinkSide, { updatedAt }: TrackerComment, more: number): void {
    this.written[side] = { count: this.written[side].count + more, at: updatedAt };
  }

  /** A comment that is linked: an edit of the original goes to the copy; one of the copy stays there. */
  private async known(side: LinkSide, comment: TrackerComment, link: CommentLink, flows: boolean): Promise<void> {
    const { engine } = this;
    if (link.state !== 'active') {
      if (link.state === 'intended')
        throw new ConnectorError(
          'transient',
          'The answer to the creation of a comment was lost; it is looked for first.',
        );
      return;
    }
    const hash = hashOf(comment.body);
    const { baseline } = link;
    if (side !== link.originSide) {
      if (baseline === undefined || hash === baseline.copy) return;
      if (engine.context.isPlan) return;
      const reason = 'Somebody edited the copy of a comment; the original stays as it is.';
      this.links.keep({ ...link, baseline: { ...baseline, copy: hash } });
      engine.commits.add({ history: [{ action: 'skipped', linkId: link.id, side, reason }] });
      return;
    }
    const isEdited = hash !== baseline?.original;
    if (!flows || (!isEdited && baseline.revision === engine.context.revision)) return;
    await this.update(side, comment, link, isEdited);
  }

  private async update(side: LinkSide, comment: TrackerComment, link: CommentLink, isEdited: boolean): Promise<void> {
    const { engine } = this;
    const target = otherSide(side);
    const [issueKey = '', id = ''] = (link[target]?.key ?? '').split('#');
    await lookUpNamed(engine, side, this.links.issueKey(side), [comment]);
    const body = renderComment(this.engine, side, comment, link.origin);
    const isSame = hashOf(body) === link.baseline?.sent;
    const reason = isEdited ? 'The comment was edited on the other side.' : 'What it names can be said better now.';
    if (engine.context.isPlan) {
      if (!isSame) await this.plan('update', target, comment, reason);
      return;
    }
    const baseline = { ...link.baseline, original: hashOf(comment.body), revision: engine.context.revision };
    if (isSame) return this.links.keep({ ...link, baseline });
    const { editComments } = await engine.tracker(target).capabilities();
    if (!editComments) return this.links.keep({ ...link, baseline });
    try {
      const copy = await engine.tracker(target).updateComment(issueKey, id, body);
      engine.stored += 1;
      this.note(target, copy, 0);
      this.links.keep({ ...link, baseline: { ...baseline, sent: hashOf(body), copy: hashOf(copy.body) } });
      engine.commits.add({ history: [{ action: 'updated', linkId: link.id, side: target, reason }] });
    } catch (error) {
      const failure = ConnectorError.from(error);
      if (failure.kind !== 'permanent') throw failure;
      const isGone = failure.status === 404;
      this.links.keep({ ...link, state: isGone ? 'gone' : link.state, baseline });
      const why = isGone ? 'The copy of the comment was deleted.' : `The copy was not edited: ${failure.message}`;
      engine.commits.add({
        history: [{ action: isGone ? 'severed' : 'skipped', linkId: link.id, side: target, reason: why }],
      });
    }
  }

  /** Linked comments that are not in the list any more. */
  private async missing(side: LinkSide, list: readonly TrackerComment[]): Promise<void> {
    const present = new Set(list.map((comment) => this.links.keyOf(side, comment)));
    // What was copied just now is not in a list that was read before.
    for (const { id } of this.of.known) {
      const link = this.links.byId(id);
      const key = link?.[side]?.key;
      if (link?.state !== 'active' || key === undefined || present.has(key)) continue;
      const deleted = await letCommentGo(this.engine, side, link);
      this.links.index({ ...link, state: 'gone' });
      if (deleted !== undefined) this.written[deleted].count -= 1;
    }
  }

  private async skip(side: LinkSide, comment: TrackerComment, reason: string): Promise<void> {
    if (this.engine.context.isPlan) return this.plan('skip', side, comment, reason);
    if (!comment.internal) return;
    const item = { side, key: this.links.keyOf(side, comment) };
    this.engine.commits.add({ history: [{ action: 'skipped', item, side, reason }] });
  }

  private async plan(
    op: 'create' | 'update' | 'skip',
    side: LinkSide,
    comment: TrackerComment,
    reason: string,
  ): Promise<void> {
    const at = op === 'skip' ? side : otherSide(side);
    await this.engine.plan({ op, kind: 'comment', side, ref: this.links.ref(at, comment), reason });
  }

  /**
   * Everything was dealt with: how many comments there are now, and which of them are our own doing. A comment that was
   * refused does not hold the others and does not pass in silence: the issue is looked at again.
   */
  remember(isStored: boolean): void {
    const { link } = this.of;
    const { baseline } = link;
    if (baseline !== undefined) {
      const next = { ...baseline, left: this.counted('left', baseline), right: this.counted('right', baseline) };
      if (this.failure !== undefined)
        for (const side of ['left', 'right'] as const) next[side] = { ...next[side], version: '' };
      if (isStored || !isDeepStrictEqual(next, baseline))
        this.engine.commits.add({ links: [{ ...link, baseline: next }] });
    }
    if (this.failure !== undefined) throw this.failure;
  }

  private counted(side: LinkSide, baseline: IssueBaseline): IssueBaseline['left'] {
    const { before, news } = this.of;
    const { count, at } = this.written[side];
    // Of a side nobody listed only our own doing is known: any other number will lead to a list.
    const listed = this.lists[side];
    const seen = listed === undefined ? before?.[side].commentCount : (news[side]?.commentCount ?? listed.length);
    return {
      ...baseline[side],
      // Comments of one side are listed before ours are added to it.
      ...(seen !== undefined && { commentCount: seen + count }),
      ...(at !== undefined && { ownCommentAt: at }),
    };
  }
}
