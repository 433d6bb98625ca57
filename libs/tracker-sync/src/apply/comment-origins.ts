import type { LinkSide, TrackerComment } from '@syncline/connector-sdk';
import { isFrom, originIn, type Origin } from '../origin.js';
import { otherSide } from '../policy.js';
import { findMarkers, markerStart } from '../text/index.js';
import { canonicalText } from '../values.js';
import type { CommentLinks } from './comment-links.js';
import { lookUpNamed, renderComment } from './comment-text.js';
import type { Engine } from './engine.js';

type Lists = Partial<Record<LinkSide, readonly TrackerComment[]>>;

/** Where the comments of one issue were written: here, or elsewhere, so that what is here is our copy. */
export class CommentOrigins {
  private readonly found: Partial<Record<LinkSide, Promise<ReadonlyMap<string, Origin>>>> = {};

  constructor(
    private readonly engine: Engine,
    private readonly links: CommentLinks,
    private readonly lists: Lists,
  ) {}

  /** Where a comment without a link was written. */
  async of(side: LinkSide, comment: TrackerComment): Promise<Origin> {
    const own = { ...this.engine.originOf(side, this.links.issueKey(side)), comment: comment.id };
    return (await this.elsewhere(side)).get(comment.id) ?? own;
  }

  /** Those without a link that were not written here, by comment; asked once a side. */
  private elsewhere(side: LinkSide): Promise<ReadonlyMap<string, Origin>> {
    return (this.found[side] ??= this.find(side));
  }

  private async find(side: LinkSide): Promise<ReadonlyMap<string, Origin>> {
    const unlinked = (this.lists[side] ?? []).filter((comment) => this.links.of(side, comment) === undefined);
    const keys = unlinked.map((comment) => this.links.keyOf(side, comment));
    const known = await this.engine.links.originsAt(side, 'comment', keys);
    const origins = new Map<string, Origin>();
    for (const comment of unlinked) {
      const origin = known.get(this.links.keyOf(side, comment)) ?? (await this.marked(side, comment));
      if (origin !== undefined) origins.set(comment.id, origin);
    }
    return origins;
  }

  private async marked(side: LinkSide, { body, author }: TrackerComment): Promise<Origin | undefined> {
    if (!body.includes(markerStart)) return undefined;
    const me = await this.engine.tracker(side).me();
    return author.id === me.id ? findMarkers(canonicalText(body)).at(-1)?.marker.origin : undefined;
  }

  /** Our own copies on one side that no link remembers, before anything is copied again. */
  async adoptCopies(side: LinkSide): Promise<void> {
    const origins = await this.elsewhere(side);
    for (const comment of this.lists[side] ?? []) {
      const origin = origins.get(comment.id);
      if (origin !== undefined && isFrom(origin, this.engine.place(otherSide(side)))) {
        await this.adopt(side, comment, origin);
      }
    }
  }

  /** Our own copy, which no link remembers: its marker says whose. */
  private async adopt(side: LinkSide, comment: TrackerComment, origin: Origin): Promise<void> {
    const target = otherSide(side);
    const issueKey = this.links.issueKey(target);
    const there = originIn(origin, this.engine.place(target));
    const isFree = this.links.of(target, { id: there?.comment ?? '' }) === undefined;
    if (there?.issue !== issueKey || there.comment === undefined || !isFree || this.engine.context.isPlan) return;
    const list = this.lists[target] ?? (await this.engine.tracker(target).comments(issueKey));
    const original = list.find(({ id }) => id === there.comment);
    if (original === undefined) return;
    await lookUpNamed(this.engine, target, issueKey, [original]);
    const sent = renderComment(this.engine, target, original, origin);
    this.links.keep(this.links.complete(this.links.begin(target, original, origin), target, comment, sent));
  }
}
