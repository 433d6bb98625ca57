import type { Issue, LinkSide, SyncResult, SyncSession } from '@syncline/connector-sdk';
import type { CommentLink, FieldConflict, IssueLink, ItemRef } from '../links.js';
import { placeKey } from '../origin.js';
import { flowsTo, otherSide } from '../policy.js';
import { copyNew, type CopyOptions } from './copy-new.js';
import { eachLimited } from './each-limited.js';
import { Engine, type PairOptions } from './engine.js';
import { surveySide, type Survey } from './find-peer.js';
import { findGone } from './find-gone.js';
import { letGo } from './let-go.js';
import { namedAhead } from './named-ahead.js';
import { recover } from './recover.js';
import { syncIssue, type IssueOptions } from './sync-issue.js';

/** Keys a remote is asked for at once. */
const batch = 100;

/**
 * One run of a pair: finishes what an earlier run left open, deals with what was named or set aside, reads what changed
 * on either side page by page, and moves each side's cursor only past what was dealt with. Safe to stop and to run
 * again at any point. In a plan everything is read and decided and nothing is written.
 */
export async function syncPair(session: SyncSession, options: PairOptions): Promise<SyncResult> {
  const engine = new Engine(session, options);
  await session.pair.keep({ left: placeKey(options.left.place), right: placeKey(options.right.place) });
  try {
    await new PairRun(engine, options).run();
  } finally {
    await engine.commits.drain();
  }
  return { fetched: engine.fetched, stored: engine.stored };
}

interface PageOptions extends CopyOptions, IssueOptions {
  /** Issues that texts name and that come later are copied along. */
  readonly ahead?: boolean;
}

class PairRun {
  constructor(
    private readonly engine: Engine,
    private readonly options: PairOptions,
  ) {}

  async run(): Promise<void> {
    const { engine } = this;
    const { session, isPlan } = engine.context;
    const { request } = session;
    const again = isPlan ? [] : await recover(engine);
    // Whole, so that what was set aside for it is settled.
    await this.items(again, { full: true });
    await this.items(request.items, { asked: true, full: true });
    await this.items(this.options.wakes ?? [], {});
    if (request.mode !== 'wake') {
      await this.due();
      await this.conflicted();
      const isFull = request.mode === 'full';
      if (isFull) await engine.catalogue.syncMilestones();
      for (const side of ['left', 'right'] as const) {
        // Of a side that nothing flows from, only a full pass looks at everything, to find what was deleted.
        const isRead = isFull || this.flowsFrom(side);
        if (isRead) await this.changes(side, isFull);
      }
    }
  }

  private flowsFrom(side: LinkSide): boolean {
    const { policy } = this.engine.context;
    const other = otherSide(side);
    const flows = [policy.creates, policy.comments, ...Object.values(policy.fields)];
    return flows.some((flow) => flowsTo(flow, other));
  }

  /** What changed on one side. */
  private async changes(side: LinkSide, isFull: boolean): Promise<void> {
    const { engine } = this;
    const { session, policy, isPlan } = engine.context;
    const after = isFull ? undefined : await session.checkpoint(side);
    const isFirst = after === undefined && session.request.since === undefined;
    const survey: Survey | undefined =
      isFirst && policy.match !== 'none' && side === 'left'
        ? await surveySide(engine, 'right', policy.match === 'title')
        : undefined;
    const { since } = session.request;
    const seen = isFull ? new Set<string>() : undefined;
    const tracker = engine.tracker(side);
    for await (const page of tracker.changes({
      ...(after !== undefined && { after }),
      ...(since !== undefined && { since }),
    })) {
      engine.fetched += page.issues.length;
      for (const { key } of page.issues) seen?.add(key);
      await this.page(side, page.issues, { full: isFull, ahead: !isPlan, ...(survey !== undefined && { survey }) });
      if (isPlan) continue;
      // The cursor is stored after everything it stands for.
      engine.commits.add({
        fetched: page.issues.length,
        ...(page.cursor !== undefined && { cursors: { [side]: page.cursor } }),
      });
      await engine.commits.drain();
      session.progress(engine.fetched);
    }
    if (seen !== undefined) await findGone(engine, side, seen);
  }

  /** Issues of one side, with everything the store knows of them read at once. */
  private async page(side: LinkSide, issues: readonly Issue[], options: PageOptions): Promise<void> {
    const { engine } = this;
    const links = new Map<string, IssueLink>();
    for (const link of await engine.links.byKey(
      'issue',
      side,
      issues.map(({ key }) => key),
    )) {
      links.set(link[side]?.key ?? '', link);
      engine.names.see(link);
    }
    if (options.asked === true) this.tellParted(issues, links);
    const linked = issues.filter(({ key }) => !engine.planned.has(links.get(key)?.id ?? key) && links.has(key));
    if (engine.context.isPlan) for (const { key } of linked) engine.planned.add(links.get(key)?.id ?? '');
    const busy = linked.filter(
      (issue) => options.full === true || options.rerender === true || this.hasNews(side, issue, links.get(issue.key)),
    );
    const ids = busy.map(({ key }) => links.get(key)?.id ?? '');
    const [comments, open] = [
      group(await engine.links.commentsOf(ids), ({ parentId }) => parentId),
      group(await engine.links.conflicts(ids), ({ linkId }) => linkId),
    ];
    const peers = await this.peers(side, busy, links);
    await eachLimited(busy, engine.context.concurrency, async (issue) => {
      const link = links.get(issue.key);
      if (link === undefined) return;
      const peer = peers.get(link[otherSide(side)]?.key ?? '');
      const known = { link, comments: comments.get(link.id) ?? [], open: open.get(link.id) ?? [] };
      await engine.attempt({ side, key: issue.key }, () =>
        syncIssue(engine, side, issue, known, { ...options, ...(peer !== undefined && { peer }) }),
      );
    });
    const fresh = issues.filter(({ key }) => !links.has(key));
    const named = options.ahead === true ? await namedAhead(engine, side, fresh) : [];
    await copyNew(engine, side, [...named, ...fresh], options);
    await engine.commits.drain();
    if (options.rerender !== true) await this.renderAwaiting(side, issues);
  }

  /** People asked for these, and wait in vain where a link says that it is over. */
  private tellParted(issues: readonly Issue[], links: ReadonlyMap<string, IssueLink>): void {
    const { log } = this.engine.context.session;
    for (const { key } of issues) {
      const state = links.get(key)?.state;
      if (state === 'severed')
        log.warn(`The link of issue ${key} was severed: link the two by hand to keep them in step again.`, {
          item: key,
        });
      if (state === 'gone') log.warn(`What issue ${key} was linked to is gone: it is not copied again.`, { item: key });
    }
  }

  /** The other sides that moved since they were read, as by our own comments: read at once, not one by one. */
  private async peers(
    side: LinkSide,
    issues: readonly Issue[],
    links: ReadonlyMap<string, IssueLink>,
  ): Promise<ReadonlyMap<string, Issue>> {
    const other = otherSide(side);
    const moved = issues.flatMap(({ key, confidential }) => {
      const link = links.get(key);
      const base = link?.baseline?.[other];
      // A sync sees when it writes whether the other side is as it was left; a plan has to look, and so has whoever is
      // about to comment on what must not be public.
      const isKnown =
        !this.engine.context.isPlan &&
        !confidential &&
        base !== undefined &&
        base.version !== '' &&
        base.ownCommentAt === undefined;
      const isLive = link?.state === 'active' || link?.state === 'conflicted';
      return isKnown || !isLive ? [] : [link[other]?.key ?? ''];
    });
    return moved.length === 0 ? new Map<string, Issue>() : this.engine.tracker(other).find(moved);
  }

  private hasNews(side: LinkSide, issue: Issue, link: IssueLink | undefined): boolean {
    const { baseline, state } = link ?? {};
    if (state === 'severed' || state === 'gone') return false;
    return (
      baseline?.[side].version !== issue.version ||
      state !== 'active' ||
      baseline.revision !== this.engine.context.revision
    );
  }

  /** Issues by their keys. */
  private async items(items: readonly ItemRef[], options: CopyOptions & IssueOptions): Promise<void> {
    const { engine } = this;
    for (const side of ['left', 'right'] as const) {
      const keys = [...new Set(items.filter((item) => item.side === side).map(({ key }) => key))];
      for (let at = 0; at < keys.length; at += batch) {
        const asked = keys.slice(at, at + batch);
        const found = await engine.tracker(side).find(asked);
        engine.fetched += found.size;
        await this.page(side, [...found.values()], options);
        for (const key of asked) if (!found.has(key)) await this.absent(side, key, options.asked === true);
      }
    }
  }

  /** `asked`: people wait for it, and are told where it is not to be had. */
  private async absent(side: LinkSide, key: string, asked: boolean): Promise<void> {
    const { engine } = this;
    const [link] = await engine.links.byKey('issue', side, [key]);
    if (asked && link === undefined) {
      const { path } = engine.place(side);
      engine.context.session.log.warn(`${path} has no issue ${key}, or the account may not see it.`, { item: key });
    }
    await engine.attempt({ side, key }, async () => {
      if (link === undefined || (link.state !== 'active' && link.state !== 'conflicted')) return;
      await letGo(engine, side, link, await engine.tracker(side).locate(key));
    });
    await engine.commits.drain();
  }

  /** What was set aside and may be tried again. */
  private async due(): Promise<void> {
    for (const side of ['left', 'right'] as const) {
      const keys = await this.engine.context.session.dueItems(side);
      await this.items(
        keys.map((key) => ({ side, key })),
        { full: true },
      );
    }
  }

  /** Conflicts somebody decided, and those of a side whose changes are not read. */
  private async conflicted(): Promise<void> {
    const { engine } = this;
    const links = await engine.links.conflicted();
    const open = group(await engine.links.conflicts(links.map(({ id }) => id)), ({ linkId }) => linkId);
    const chosen = links.filter(
      ({ id }) => (open.get(id) ?? []).some(({ resolution }) => resolution !== undefined) || !this.flowsFrom('right'),
    );
    await this.items(
      chosen.map((link) => ({ side: 'left' as const, key: link.left?.key ?? '' })),
      { full: true },
    );
  }

  /**
   * Texts that name issues of a page which have copies by now. Part of the page: should the run stop before, the page
   * is read again.
   */
  private async renderAwaiting(side: LinkSide, issues: readonly Issue[]): Promise<void> {
    const { engine } = this;
    if (engine.context.isPlan) return;
    const linked = issues.map(({ key }) => key).filter((key) => engine.names.hasCopy(side, key));
    const links = await engine.links.awaiting(side, linked);
    const items = links.filter(({ state }) => state === 'active').map((link) => ({ side, key: link[side]?.key ?? '' }));
    if (items.length > 0) await this.items(items, { rerender: true });
  }
}

function group<T extends CommentLink | FieldConflict>(items: readonly T[], by: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(by(item), [...(groups.get(by(item)) ?? []), item]);
  return groups;
}
