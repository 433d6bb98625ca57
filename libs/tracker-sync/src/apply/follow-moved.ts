import type { Issue, LinkSide } from '@syncline/connector-sdk';
import type { IssueBaseline, SideBaseline } from '../baseline.js';
import type { IssueLink } from '../links.js';
import { flowsTo, otherSide } from '../policy.js';
import type { Engine } from './engine.js';
import { rekeyComments } from './moved-comments.js';
import type { LeftBehind } from './pair-links.js';
import { syncIssue } from './sync-issue.js';
import { describe } from './write-issue.js';

/**
 * An issue that was moved here from a project of another connection goes on with the copy it has, comments included.
 * False: the copy is not there any more, or is somebody else's by now; the issue is then as good as new.
 */
export async function followMoved(
  engine: Engine,
  side: LinkSide,
  issue: Issue,
  { link: old, comments: oldComments }: LeftBehind,
): Promise<boolean> {
  const other = otherSide(side);
  const key = old[otherSide(old.originSide)]?.key;
  if (old.origin.now === undefined || key === undefined) return false;
  if ((await engine.links.byKey('issue', other, [key])).length > 0) return false;
  const peer = (await engine.tracker(other).find([key])).get(key);
  if (peer === undefined || peer.movedTo !== undefined) return false;
  const { context } = engine;
  const link: IssueLink = {
    id: context.newId(),
    kind: 'issue',
    state: 'active',
    origin: old.origin,
    originSide: side,
    [side]: engine.ref(side, issue),
    [other]: engine.ref(other, peer),
    ...(old.baseline !== undefined && { baseline: baselineHere(old, old.baseline, side, issue) }),
  };
  const isKnown = oldComments.length > 0 && context.policy.comments !== undefined;
  const list = isKnown ? await engine.tracker(side).comments(issue.key) : [];
  const comments = rekeyComments(engine, { old, oldComments, link, side, list });
  const reason = `It was moved here from ${old[old.originSide]?.url ?? 'another project'} and goes on with its copy ${peer.url}`;
  if (context.isPlan) {
    const ref = engine.ref(side, issue);
    for (const at of ['left', 'right'] as const) engine.plannedLinks.add(`${at} ${link[at]?.key ?? ''}`);
    await engine.plan({ op: 'link', kind: 'issue', side: other, ref, title: issue.title, reason });
  } else {
    const history = [{ action: 'linked' as const, linkId: link.id, side: other, reason }];
    engine.commits.add({ links: [link, ...comments], history });
    engine.names.note('issue', link.left?.key ?? '', link.right?.key ?? '');
    await engine.commits.drain();
  }
  const known = { link, comments, open: [] };
  await syncIssue(engine, side, issue, known, {
    peer: await withNewSource(engine, link, side, issue, peer),
    full: true,
  });
  return true;
}

/** The bases of the old link. Both sides are looked at anew; milestones are other ones in another project. */
function baselineHere(old: IssueLink, baseline: IssueBaseline, side: LinkSide, issue: Issue): IssueBaseline {
  const base = (of: SideBaseline): SideBaseline => {
    const { commentCount: _count, ownCommentAt: _at, ...rest } = of;
    return { ...rest, version: '' };
  };
  const [here, there] = [base(baseline[old.originSide]), base(baseline[otherSide(old.originSide)])];
  const { milestone } = here.values;
  const known =
    milestone?.title === issue.milestone?.title ? issue.milestone : { key: '', title: milestone?.title ?? '' };
  const values = milestone === undefined || milestone === null ? here.values : { ...here.values, milestone: known };
  const sides = { [side]: { ...here, values }, [otherSide(side)]: there } as Record<LinkSide, SideBaseline>;
  return { revision: baseline.revision, ...sides };
}

/** The copy says where its original is now. */
async function withNewSource(
  engine: Engine,
  link: IssueLink,
  side: LinkSide,
  issue: Issue,
  peer: Issue,
): Promise<Issue> {
  const other = otherSide(side);
  const { isPlan, policy } = engine.context;
  if (isPlan || !flowsTo(policy.fields.description, other)) return peer;
  const both = { [side]: issue.description, [other]: peer.description } as Record<LinkSide, string>;
  const description = describe(engine, link, other, engine.body(link, other, peer.description), both);
  if (description === peer.description) return peer;
  const { stale, current } = await engine.tracker(other).update(peer.key, { description }, peer.version);
  if (!stale) engine.stored += 1;
  return current;
}
