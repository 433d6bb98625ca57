import { ConnectorError, type Issue, type LinkSide } from '@syncline/connector-sdk';
import type { CommentLink, FieldConflict, IssueLink } from '../links.js';
import { otherSide } from '../policy.js';
import type { Engine } from './engine.js';
import { letGo } from './let-go.js';
import { syncComments } from './sync-comments.js';
import { syncLinked } from './sync-linked.js';

/** What the store knows of a linked issue. */
export interface Known {
  readonly link: IssueLink;
  readonly comments: readonly CommentLink[];
  readonly open: readonly FieldConflict[];
}

export interface IssueOptions {
  /** The other side, where it was just read or made. */
  readonly peer?: Issue;
  /** Look closely, whatever the versions say. */
  readonly full?: boolean;
  readonly rerender?: boolean;
}

/** Is there nothing new about it? A full pass looks at the content, which changes in ways a version does not show. */
function isUnchanged(
  engine: Engine,
  side: LinkSide,
  issue: Issue,
  known: Known,
  { full, rerender }: IssueOptions,
): boolean {
  const { baseline } = known.link;
  if (baseline === undefined || full === true || rerender === true) return false;
  if (baseline.revision !== engine.context.revision) return false;
  if (known.open.some(({ resolution }) => resolution !== undefined)) return false;
  return baseline[side].version === issue.version;
}

/** One issue of one side with everything that hangs on it. */
export async function syncIssue(
  engine: Engine,
  side: LinkSide,
  issue: Issue,
  known: Known,
  options: IssueOptions = {},
): Promise<void> {
  const { link } = known;
  if (link.state === 'severed' || link.state === 'gone') return;
  if (link.state === 'intended' && !engine.context.isPlan) {
    // A doubt is a matter for people; all else is found out by the next run.
    throw new ConnectorError(link.intent?.doubt === undefined ? 'transient' : 'permanent', waiting(link));
  }
  if (issue.movedTo !== undefined) return letGo(engine, side, link, { kind: 'moved', to: issue.movedTo });
  if (isUnchanged(engine, side, issue, known, options)) return;

  const other = otherSide(side);
  const issues = { [side]: issue, ...(options.peer !== undefined && { [other]: options.peer }) };
  // A text that still waits for a copy is rendered whenever it is looked at: a run may have stopped before it could.
  const rerender = options.rerender === true || (link.baseline?.awaits ?? []).length > 0;
  const item = { link, issues, open: known.open, rerender };
  const synced = await syncLinked(engine, item);
  if (synced === undefined) {
    const whereabouts = await engine.tracker(other).locate(link[other]?.key ?? '');
    return letGo(engine, other, link, whereabouts, issue);
  }
  const { changes, ...rest } = synced;
  const of = { ...rest, before: link.baseline, known: known.comments, full: options.full === true, isNew: false };
  await syncComments(engine, of, changes);
}

function waiting({ intent }: IssueLink): string {
  if (intent?.doubt === undefined)
    return 'The answer to its creation was lost; it is looked for before it is made again.';
  return `Its copy may be ${intent.doubt.url}, which has lost its marker. Link the two by hand, or delete that one.`;
}
