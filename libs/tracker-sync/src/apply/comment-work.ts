import { isDeepStrictEqual } from 'node:util';
import { ConnectorError, type Issue, type LinkRef, type LinkSide, type TrackerComment } from '@syncline/connector-sdk';
import type { CommentBaseline, IssueBaseline } from '../baseline.js';
import type { CommentLink, IssueLink } from '../links.js';
import { isFrom, originIn, type Origin } from '../origin.js';
import { flowsTo, otherSide } from '../policy.js';
import { findMarkers, markerStart } from '../text/index.js';
import { canonicalText } from '../values.js';
import { hashOf, renderComment } from './comment-text.js';
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

const keyOf = (issueKey: string, id: string): string => `${issueKey}#${id}`;

/** The comments of one issue while they are dealt with. */
export class CommentWork {
  private readonly links = new Map<string, CommentLink>();
  private readonly byKey: Sides<Map<string, string>> = { left: new Map(), right: new Map() };
  private readonly written: Sides<{ count: number; at: string | undefined }> = {
    left: { count: 0, at: undefined },
    right: { count: 0, at: undefined },
  };
  private readonly writtenAt: Partial<Sides<Promise<Map<string, Origin>>>> = {};
  private failure: ConnectorError | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly of: CommentsOf,
    private readonly lists: Partial<Sides<readonly TrackerComment[]>>,
  ) {
    for (const link of of.known) this.index(link);
  }

  private issueKey(side: LinkSide): string {
    return this.of.link[side]?.key ?? '';
  }

  private linkOf(side: LinkSide, { id }: Pick<TrackerComment, 'id'>): CommentLink | undefined {
    return this.links.get(this.byKey[side].get(keyOf(this.issueKey(side), id)) ?? '');
  }

  private index(link: CommentLink): void {
    this.links.set(link.id, link);
    for (const side of ['left', 'right'] as const) {
      const key = link[side]?.key;
      if (key !== undefined) this.byKey[side].set(key, link.id);
    }
  }

  private keep(link: CommentLink): void {
    this.index(link);
    this.engine.commits.add({ links: [link] });
  }

  /** Our own copies on one side that no link remembers, before anything is copied again. */
  async adoptCopies(side: LinkSide): Promise<void> {
    const list = this.lists[side] ?? [];
    const origins = await this.origins(side, list);
    for (const comment of list) {
      const origin = origins.get(comment.id);
      if (origin !== undefined && isFrom(origin, this.engine.place(otherSide(side)))) {
        await this.adopt(side, comment, origin);
      }
    }
  }

  /** Everything that comes from one side. */
  async from(side: LinkSide): Promise<void> {
    const list = this.lists[side];
    if (list === undefined) return;
    const { policy } = this.engine.context;
    const target = otherSide(side);
    const flows = flowsTo(policy.comments, target) && this.of.exposed !== target;
    const origins = await this.origins(side, list);
    const fresh: { comment: TrackerComment; origin: Origin }[] = [];
    for (const comment of list) {
      const link = await this.hidden(side, comment, this.linkOf(side, comment));
      if (link !== undefined) await this.known(side, comment, link, flows);
      else if (flows) {
        const origin = origins.get(comment.id) ?? this.own(side, comment);
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
      if (now !== link && !this.engine.context.isPlan) this.keep(now);
      return now;
    }
    this.written[target].count -= 1;
    this.links.delete(link.id);
    for (const at of ['left', 'right'] as const) this.byKey[at].delete(link[at]?.key ?? '');
    return undefined;
  }

  private own(side: LinkSide, comment: TrackerComment): Origin {
    return { ...this.engine.originOf(side, this.issueKey(side)), comment: comment.id };
  }

  /** Where comments without a link were written; asked once a side. */
  private origins(side: LinkSide, list: readonly TrackerComment[]): Promise<Map<string, Origin>> {
    return (this.writtenAt[side] ??= this.findOrigins(side, list));
  }

  private async findOrigins(side: LinkSide, list: readonly TrackerComment[]): Promise<Map<string, Origin>> {
    const unlinked = list.filter((comment) => this.linkOf(side, comment) === undefined);
    const keys = unlinked.map(({ id }) => keyOf(this.issueKey(side), id));
    const known = await this.engine.links.originsAt(side, 'comment', keys);
    const origins = new Map<string, Origin>();
    for (const comment of unlinked) {
      const marked = known.get(keyOf(this.issueKey(side), comment.id)) ?? (await this.marked(side, comment));
      if (marked !== undefined) origins.set(comment.id, marked);
    }
    return origins;
  }

  private async marked(side: LinkSide, { body, author }: TrackerComment): Promise<Origin | undefined> {
    if (!body.includes(markerStart)) return undefined;
    const me = await this.engine.tracker(side).me();
    return author.id === me.id ? findMarkers(canonicalText(body)).at(-1)?.marker.origin : undefined;
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

  /** Our own copy, which no link remembers: its marker says whose. */
  private async adopt(side: LinkSide, comment: TrackerComment, origin: Origin): Promise<void> {
    const target = otherSide(side);
    const issueKey = this.issueKey(target);
    const there = originIn(origin, this.engine.place(target));
    const isFree = this.linkOf(target, { id: there?.comment ?? '' }) === undefined;
    if (there?.issue !== issueKey || there.comment === undefined || !isFree || this.engine.context.isPlan) return;
    const list = this.lists[target] ?? (await this.engine.tracker(target).comments(issueKey));
    const original = list.find(({ id }) => id === there.comment);
    if (original === undefined) return;
    await this.lookUp(target, [original]);
    const sent = renderComment(this.engine, target, original, origin);
    this.keep(this.linked(this.linkFor(target, original, origin), target, comment, sent));
  }

  private ref(side: LinkSide, comment: Pick<TrackerComment, 'id' | 'url'>): LinkRef {
    const { instanceId, projectId } = this.engine.place(side);
    const { url } = comment;
    return { instanceId, projectId, key: keyOf(this.issueKey(side), comment.id), ...(url !== undefined && { url }) };
  }

  private linkFor(side: LinkSide, comment: TrackerComment, origin: Origin): CommentLink {
    return {
      id: this.engine.context.newId(),
      kind: 'comment',
      state: 'intended',
      parentId: this.of.link.id,
      origin,
      originSide: side,
      [side]: this.ref(side, comment),
      intent: { side: otherSide(side), claimedAt: this.engine.context.session.now().toISOString() },
      baseline: { original: hashOf(comment.body), revision: this.engine.context.revision },
    };
  }

  private linked(link: CommentLink, from: LinkSide, copy: TrackerComment, sent: string): CommentLink {
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

  private async lookUp(side: LinkSide, comments: readonly TrackerComment[]): Promise<void> {
    const texts = { left: [], right: [], [side]: comments.map(({ body }) => body) };
    await this.engine.names.prepare(texts);
    for (const { body } of comments) await this.engine.uploads.copyAll(side, body, this.issueKey(side));
  }

  /** New comments, oldest first. One that fails for a moment holds the later ones. */
  private async copy(side: LinkSide, fresh: readonly { comment: TrackerComment; origin: Origin }[]): Promise<void> {
    const { engine } = this;
    const target = otherSide(side);
    await this.lookUp(
      side,
      fresh.map(({ comment }) => comment),
    );
    if (engine.context.isPlan) {
      for (const { comment } of fresh)
        await this.plan('create', target, comment, 'It has no copy on the other side yet.');
      return;
    }
    const claims = fresh.map(({ comment, origin }) => ({ comment, link: this.linkFor(side, comment, origin) }));
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
    const copy = await tracker.createComment(this.issueKey(target), { body, internal: comment.internal });
    this.engine.stored += 1;
    this.note(target, copy, 1);
    this.keep(this.linked(link, side, copy, body));
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
      this.keep({ ...link, baseline: { ...baseline, copy: hash } });
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
    await this.lookUp(side, [comment]);
    const body = renderComment(this.engine, side, comment, link.origin);
    const isSame = hashOf(body) === link.baseline?.sent;
    const reason = isEdited ? 'The comment was edited on the other side.' : 'What it names can be said better now.';
    if (engine.context.isPlan) {
      if (!isSame) await this.plan('update', target, comment, reason);
      return;
    }
    const baseline = { ...link.baseline, original: hashOf(comment.body), revision: engine.context.revision };
    if (isSame) return this.keep({ ...link, baseline });
    const { editComments } = await engine.tracker(target).capabilities();
    if (!editComments) return this.keep({ ...link, baseline });
    try {
      const copy = await engine.tracker(target).updateComment(issueKey, id, body);
      engine.stored += 1;
      this.note(target, copy, 0);
      this.keep({ ...link, baseline: { ...baseline, sent: hashOf(body), copy: hashOf(copy.body) } });
      engine.commits.add({ history: [{ action: 'updated', linkId: link.id, side: target, reason }] });
    } catch (error) {
      const failure = ConnectorError.from(error);
      if (failure.kind !== 'permanent') throw failure;
      const isGone = failure.status === 404;
      this.keep({ ...link, state: isGone ? 'gone' : link.state, baseline });
      const why = isGone ? 'The copy of the comment was deleted.' : `The copy was not edited: ${failure.message}`;
      engine.commits.add({
        history: [{ action: isGone ? 'severed' : 'skipped', linkId: link.id, side: target, reason: why }],
      });
    }
  }

  /** Linked comments that are not in the list any more. */
  private async missing(side: LinkSide, list: readonly TrackerComment[]): Promise<void> {
    const present = new Set(list.map(({ id }) => keyOf(this.issueKey(side), id)));
    // What was copied just now is not in a list that was read before.
    for (const { id } of this.of.known) {
      const link = this.links.get(id);
      const key = link?.[side]?.key;
      if (link?.state !== 'active' || key === undefined || present.has(key)) continue;
      const deleted = await letCommentGo(this.engine, side, link);
      this.index({ ...link, state: 'gone' });
      if (deleted !== undefined) this.written[deleted].count -= 1;
    }
  }

  private async skip(side: LinkSide, comment: TrackerComment, reason: string): Promise<void> {
    if (this.engine.context.isPlan) return this.plan('skip', side, comment, reason);
    if (!comment.internal) return;
    const item = { side, key: keyOf(this.issueKey(side), comment.id) };
    this.engine.commits.add({ history: [{ action: 'skipped', item, side, reason }] });
  }

  private async plan(
    op: 'create' | 'update' | 'skip',
    side: LinkSide,
    comment: TrackerComment,
    reason: string,
  ): Promise<void> {
    const at = op === 'skip' ? side : otherSide(side);
    await this.engine.plan({ op, kind: 'comment', side, ref: this.ref(at, comment), reason });
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
