import type { Issue, LinkSide, TrackerComment } from '@syncline/connector-sdk';
import type { IssueBaseline } from '../baseline.js';
import { flowsTo, otherSide } from '../policy.js';
import { CommentWork, type CommentsOf } from './comment-work.js';
import type { Engine } from './engine.js';

type Sides<T> = Record<LinkSide, T>;

/** Is what we see of an issue only the trace of our own last comment? */
async function isOwnTrace(
  engine: Engine,
  side: LinkSide,
  issue: Issue,
  before: IssueBaseline | undefined,
): Promise<boolean> {
  const base = before?.[side];
  if (base?.ownCommentAt === undefined || issue.commentCount === undefined) return false;
  const { commentTouchSlackMs } = await engine.tracker(side).capabilities();
  const moved = Date.parse(issue.updatedAt) - Date.parse(base.ownCommentAt);
  return issue.commentCount === base.commentCount && moved <= commentTouchSlackMs;
}

/** Has this side comments we have not seen, or may it have? */
async function needsList(engine: Engine, of: CommentsOf, side: LinkSide): Promise<boolean> {
  const issue = of.news[side];
  if (issue === undefined) return false;
  const { commentCount } = issue;
  const isKnown = of.known.some((link) => link[side] !== undefined);
  if (commentCount === 0 && !isKnown) return false;
  const base = of.before?.[side];
  if (of.isNew || base === undefined) return true;
  if (base.version === issue.version && (commentCount === undefined || base.commentCount === commentCount))
    return false;
  return !(await isOwnTrace(engine, side, issue, of.before));
}

/** Copies, edits and takes away comments of one issue, oldest first, where they flow to the other side. */
export async function syncComments(engine: Engine, of: CommentsOf): Promise<void> {
  const { policy, isPlan } = engine.context;
  const isHidden = of.issues.left?.confidential === true || of.issues.right?.confidential === true;
  const lists: Partial<Sides<readonly TrackerComment[]>> = {};
  if (policy.comments !== undefined && !(isHidden && policy.confidential === 'skip')) {
    for (const side of ['left', 'right'] as const) {
      const issue = of.issues[side];
      // A copy's own comments are read only where they flow back, or where their loss would matter.
      if (issue === undefined || (!flowsTo(policy.comments, otherSide(side)) && !of.full)) continue;
      if (await needsList(engine, of, side)) lists[side] = await engine.tracker(side).comments(issue.key);
    }
  }
  const work = new CommentWork(engine, of, lists);
  try {
    for (const side of ['left', 'right'] as const) await work.from(side);
  } finally {
    if (!isPlan) work.remember();
  }
  work.report();
}
