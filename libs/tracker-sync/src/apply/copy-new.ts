import type { Issue, LinkSide } from '@syncline/connector-sdk';
import type { IssueLink } from '../links.js';
import { isFrom, originIn, originKey, type Origin } from '../origin.js';
import { flowsTo, otherSide } from '../policy.js';
import { filteredOut } from '../reconcile/filter.js';
import { canonicalTitle } from '../values.js';
import { draftCopy, type Draft } from './create-copy.js';
import { eachLimited } from './each-limited.js';
import type { Engine } from './engine.js';
import { followMoved } from './follow-moved.js';
import { originsOf, refuseForeignHub, type Survey } from './find-peer.js';
import { makeCopies } from './make-copies.js';
import type { LeftBehind } from './pair-links.js';
import { syncIssue } from './sync-issue.js';

export interface CopyOptions {
  /** What could be the peers of these issues; absent: nobody looked. */
  readonly survey?: Survey;
  /** People asked for these: filters and directions do not count. */
  readonly asked?: boolean;
}

/** An unlinked issue with where it was written. */
interface Found {
  readonly issue: Issue;
  readonly origin: Origin;
}

/** Links issues to peers that exist already and copies the others, as policy and filters say. */
export async function copyNew(
  engine: Engine,
  side: LinkSide,
  found: readonly Issue[],
  options: CopyOptions,
): Promise<void> {
  const issues = found.filter(({ key }) => !engine.plannedLinks.has(`${side} ${key}`));
  const origins = await originsOf(engine, side, issues);
  const drafts: Draft[] = [];
  const items = issues.map((issue) => ({ issue, origin: origins.get(issue.key) ?? engine.originOf(side, issue.key) }));
  for (const { issue, origin } of items) refuseForeignHub(engine, side, issue, origin);
  const left = await movedHere(engine, side, issues);
  await eachLimited(items, engine.context.concurrency, async (item) => {
    await engine.attempt({ side, key: item.issue.key }, async () => {
      const behind = left.get(item.issue.key);
      if (behind !== undefined && (await followMoved(engine, side, item.issue, behind))) return;
      const peer = await findPeer(engine, side, item, options);
      if (peer === 'elsewhere') return engine.skip(side, item.issue, elsewhere);
      if (peer !== undefined) return adopt(engine, side, item, peer);
      const reason = await notCopied(engine, side, item, options);
      if (reason !== undefined) return engine.skip(side, item.issue, reason);
      drafts.push(await draftCopy(engine, side, item.issue, newLink(engine, side, item)));
      return 'unfinished';
    });
  });
  // In the order in which they came, whatever took longer to prepare.
  const order = new Map(issues.map(({ key }, at) => [key, at]));
  drafts.sort((one, other) => (order.get(one.issue.key) ?? 0) - (order.get(other.issue.key) ?? 0));
  await makeCopies(engine, side, namedFirst(drafts));
}

/**
 * What a text names comes before it, and needs no second write of the text; else in their order, as where two name each
 * other.
 */
function namedFirst(drafts: readonly Draft[]): readonly Draft[] {
  const awaited = ({ link }: Draft): readonly string[] => link.baseline?.awaits ?? [];
  const byKey = new Map(drafts.map((draft) => [draft.issue.key, draft]));
  const begun = new Set<Draft>();
  const ordered: Draft[] = [];
  const visit = (draft: Draft): void => {
    if (begun.has(draft)) return;
    begun.add(draft);
    for (const key of awaited(draft)) {
      const named = byKey.get(key);
      if (named !== undefined && !awaited(named).includes(draft.issue.key)) visit(named);
    }
    ordered.push(draft);
  };
  for (const draft of drafts) visit(draft);
  return ordered;
}

/** What other connections left behind of issues that were moved here. */
async function movedHere(
  engine: Engine,
  side: LinkSide,
  issues: readonly Issue[],
): Promise<ReadonlyMap<string, LeftBehind>> {
  if (engine.context.policy.onMove !== 'follow') return new Map();
  return engine.links.leftBehind(
    side,
    issues.filter(({ movedTo }) => movedTo === undefined).map(({ key }) => key),
  );
}

function newLink(engine: Engine, side: LinkSide, { issue, origin }: Found): IssueLink {
  return {
    id: engine.context.newId(),
    kind: 'issue',
    state: 'intended',
    origin,
    originSide: side,
    [side]: engine.ref(side, issue),
    intent: { side: otherSide(side), claimedAt: engine.context.session.now().toISOString() },
  };
}

const elsewhere = 'It has a copy there already, kept by another connection of this hub.';

/** The one issue of the other side that is the same, if there is one; `elsewhere`: another connection keeps the two. */
async function findPeer(
  engine: Engine,
  side: LinkSide,
  { issue, origin }: Found,
  { survey }: CopyOptions,
): Promise<Issue | 'elsewhere' | undefined> {
  const other = otherSide(side);
  const { match } = engine.context.policy;
  const keys: string[] = [];
  const original = originIn(origin, engine.place(other));
  if (original !== undefined) keys.push(original.issue);
  if (match !== 'none') keys.push(...(survey?.byOrigin.get(originKey(origin)) ?? []));
  if (match === 'title' && isFrom(origin, engine.place(side))) {
    const same = survey?.byTitle.get(canonicalTitle(issue.title)) ?? [];
    if (same.length === 1) keys.push(...same);
  }
  // The lowest key is kept where there are several; the others are reported by the full pass.
  for (const key of [...keys].sort((one, two) => Number(one) - Number(two) || one.localeCompare(two))) {
    // Before anything is waited for: peers go to the issues in the order in which these came.
    const [seeker, sought] = [`${side} ${issue.key}`, `${other} ${key}`];
    if ((engine.peersOf.get(sought) ?? seeker) !== seeker) continue;
    engine.peersOf.set(sought, seeker);
    const [link] = await engine.links.byKey('issue', other, [key]);
    if (link !== undefined) continue;
    // Of the pairs that lead from one project to another only one may write: the one that made the copy.
    const kept = await Promise.all([engine.links.isKept(side, issue.key), engine.links.isKept(other, key)]);
    if (kept.includes(true)) return 'elsewhere';
    const peer = (await engine.tracker(other).find([key])).get(key);
    if (peer !== undefined && peer.movedTo === undefined) return peer;
  }
  return undefined;
}

/** Links two issues that exist; what they differ in is reconciled as between people who never agreed. */
async function adopt(engine: Engine, side: LinkSide, { issue, origin }: Found, peer: Issue): Promise<void> {
  const other = otherSide(side);
  const isCopyHere = isFrom(origin, engine.place(other));
  const link: IssueLink = {
    id: engine.context.newId(),
    kind: 'issue',
    state: 'active',
    origin,
    originSide: isCopyHere ? other : side,
    [side]: engine.ref(side, issue),
    [other]: engine.ref(other, peer),
  };
  const reason = `It was found on the other side: ${peer.url}`;
  const bodies = {
    here: engine.body(link, side, issue.description),
    there: engine.body(link, other, peer.description),
  };
  await engine.uploads.lookUp(side, [bodies.here]);
  await engine.uploads.lookUp(other, [bodies.there]);
  engine.uploads.recognise(link.originSide, ...inOrder(link.originSide === side, bodies));
  if (engine.context.isPlan) {
    for (const at of ['left', 'right'] as const) engine.plannedLinks.add(`${at} ${link[at]?.key ?? ''}`);
    await engine.plan({
      op: 'link',
      kind: 'issue',
      side: other,
      ref: engine.ref(side, issue),
      title: issue.title,
      reason,
    });
  } else {
    engine.commits.add({ links: [link], history: [{ action: 'linked', linkId: link.id, side: other, reason }] });
    engine.names.note('issue', link.left?.key ?? '', link.right?.key ?? '');
    // Children name their parent: it has to be there first.
    await engine.commits.drain();
  }
  await syncIssue(engine, side, issue, { link, comments: [], open: [] }, { peer });
}

/** The original's text first. */
function inOrder(isHere: boolean, { here, there }: { here: string; there: string }): [string, string] {
  return isHere ? [here, there] : [there, here];
}

/** Is its original deleted, and to be made again? */
async function replacesOriginal(engine: Engine, side: LinkSide, { origin }: Found): Promise<boolean> {
  if (engine.context.policy.onDelete !== 'recreate') return false;
  const other = otherSide(side);
  const key = originIn(origin, engine.place(other))?.issue;
  return key !== undefined && (await engine.tracker(other).locate(key)).kind === 'gone';
}

/** Why an issue without a peer is not copied. */
async function notCopied(
  engine: Engine,
  side: LinkSide,
  found: Found,
  { asked }: CopyOptions,
): Promise<string | undefined> {
  const { issue, origin } = found;
  const { policy } = engine.context;
  const other = otherSide(side);
  if (issue.movedTo !== undefined) return 'It was moved to another project.';
  if (engine.doubts.has(`${side} ${issue.key}`)) return 'It may be a copy that has lost its marker.';
  if (isFrom(origin, engine.place(other)) && !(await replacesOriginal(engine, side, found)))
    return 'It is a copy of an issue of the other side that is linked, or gone.';
  if (issue.confidential && policy.confidential === 'skip')
    return 'It is confidential, and confidential issues are not copied.';
  if (asked === true) return undefined;
  if (!flowsTo(policy.creates, other)) return 'New issues are not copied in this direction.';
  return filteredOut(issue, policy.filter);
}
