import type { Issue, LinkSide, TrackerComment } from '@syncline/connector-sdk';
import { flowsTo, otherSide } from '../policy.js';
import type { IssueLink } from '../links.js';
import { CommentWork, type CommentsOf } from './comment-work.js';
import type { Changes } from './commit-queue.js';
import type { Engine } from './engine.js';

type Sides<T> = Record<LinkSide, T>;

/**
 * Is what we see of an issue only the trace of our own last comment? It hides what people did just before it, so this
 * is asked only where none of the comments is theirs: one more or one less shows in the number, and edits of copies
 * stay where they are.
 */
async function isOwnTrace(engine: Engine, side: LinkSide, issue: Issue, of: CommentsOf): Promise<boolean> {
  const base = of.before?.[side];
  if (base?.ownCommentAt === undefined || issue.commentCount === undefined) return false;
  if (of.known.some(({ originSide }) => originSide === side)) return false;
  const { commentTouchSlackMs } = await engine.tracker(side).capabilities();
  const moved = Date.parse(issue.updatedAt) - Date.parse(base.ownCommentAt);
  return issue.commentCount === base.commentCount && moved <= commentTouchSlackMs;
}

/** Are there comments whose copies were written when other people stood for each other? */
function isOutdated({ context }: Engine, { known }: CommentsOf, side: LinkSide): boolean {
  return known.some(
    ({ originSide, state, baseline }) =>
      originSide === side && state === 'active' && baseline?.revision !== context.revision,
  );
}

/** Has this side comments we have not seen, or may it have? */
async function needsList(engine: Engine, of: CommentsOf, side: LinkSide): Promise<boolean> {
  const issue = of.news[side];
  if (issue === undefined) return false;
  const { commentCount } = issue;
  const isKnown = of.known.some((link) => link[side] !== undefined);
  if (commentCount === 0 && !isKnown) return false;
  const base = of.before?.[side];
  // Without a version something was left open the last time.
  if (of.isNew || base === undefined || base.version === '') return true;
  if (isOutdated(engine, of, side)) return true;
  if (base.version === issue.version && (commentCount === undefined || base.commentCount === commentCount))
    return false;
  return !(await isOwnTrace(engine, side, issue, of));
}

/** The sides whose comments have to be read. A copy's own are read where they flow back, or their loss would matter. */
async function sidesToRead(engine: Engine, of: CommentsOf): Promise<LinkSide[]> {
  const { policy } = engine.context;
  const isHidden = of.issues.left?.confidential === true || of.issues.right?.confidential === true;
  if (policy.comments === undefined || (isHidden && policy.confidential === 'skip')) return [];
  const sides: LinkSide[] = [];
  for (const side of ['left', 'right'] as const) {
    // Two issues that were just found may have copies of each other's comments.
    const isAdopted = of.before === undefined && !of.isNew;
    if (!flowsTo(policy.comments, otherSide(side)) && !of.full && !isAdopted) continue;
    if (of.issues[side] !== undefined && (await needsList(engine, of, side))) sides.push(side);
  }
  return sides;
}

/** The link while its comments are not dealt with: a side without a version is looked at again, whatever happens now. */
function unfinished(link: IssueLink, sides: readonly LinkSide[]): IssueLink {
  const { baseline } = link;
  if (baseline === undefined) return link;
  const open = Object.fromEntries(sides.map((side) => [side, { ...baseline[side], version: '' }]));
  return { ...link, baseline: { ...baseline, ...open } };
}

/**
 * Stores an issue's link, and copies, edits and takes away comments of the issue, oldest first, where they flow to the
 * other side. `changes`: what is stored with the link; absent: it is stored already, as far as its fields go.
 */
export async function syncComments(engine: Engine, of: CommentsOf, changes: Changes | undefined): Promise<void> {
  const { isPlan } = engine.context;
  const sides = await sidesToRead(engine, of);
  if (!isPlan && (changes !== undefined || sides.length > 0)) {
    engine.commits.add({ ...changes, links: [unfinished(of.link, sides)] });
  }
  const lists: Partial<Sides<readonly TrackerComment[]>> = {};
  for (const side of sides) lists[side] = await engine.tracker(side).comments(of.issues[side]?.key ?? '');
  const work = new CommentWork(engine, of, lists);
  for (const side of sides) await work.origins.adoptCopies(side);
  for (const side of sides) await work.from(side);
  if (!isPlan) work.remember(changes !== undefined || sides.length > 0);
}
