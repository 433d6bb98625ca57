import type { Issue, IssueDestination, LinkRef, LinkSide, Whereabouts } from '@syncline/connector-sdk';
import type { IssueLink } from '../links.js';
import { flowsTo, otherSide } from '../policy.js';
import { draftCopy } from './create-copy.js';
import type { Engine } from './engine.js';
import { makeCopies } from './make-copies.js';

const sideName = { left: 'source', right: 'target' } as const;

/** What becomes of a link one side of which is not there any more. `peer`: the other side, where it is at hand. */
export async function letGo(
  engine: Engine,
  side: LinkSide,
  link: IssueLink,
  whereabouts: Whereabouts,
  peer?: Issue,
): Promise<void> {
  const other = otherSide(side);
  if (whereabouts.kind === 'here') return;
  const { context } = engine;
  if (whereabouts.kind === 'unknown') {
    const reason = `The issue in the ${sideName[side]} cannot be seen: ${whereabouts.reason}`;
    if (!context.isPlan) engine.commits.add({ history: [{ action: 'skipped', linkId: link.id, side, reason }] });
    return;
  }
  if (whereabouts.kind === 'moved') return letMovedGo(engine, side, link, whereabouts.to);
  const what = `It was deleted in the ${sideName[side]}.`;
  const { onDelete, creates, fields } = context.policy;
  const remaining = peer ?? (await engine.tracker(other).find([link[other]?.key ?? ''])).get(link[other]?.key ?? '');
  const closes = onDelete === 'close' && flowsTo(fields.state, other) && remaining?.state === 'opened';
  const recreates = onDelete === 'recreate' && flowsTo(creates, side) && remaining !== undefined;
  if (context.isPlan) {
    const op = recreates ? 'create' : closes ? 'close' : 'skip';
    return planned(engine, link[other], { op, side: recreates ? side : other, reason: what });
  }
  if (closes) await engine.tracker(other).update(remaining.key, { state: 'closed' });
  const done = closes
    ? 'The other side was closed.'
    : recreates
      ? 'It is made again.'
      : 'The other side stays as it is.';
  await part(engine, { side, link, state: recreates ? 'severed' : 'gone', reason: `${what} ${done}` });
  if (!recreates) return;
  const again: IssueLink = {
    id: context.newId(),
    kind: 'issue',
    state: 'intended',
    origin: link.origin,
    originSide: other,
    [other]: engine.ref(other, remaining),
    intent: { side, claimedAt: context.session.now().toISOString() },
  };
  await makeCopies(engine, other, [await draftCopy(engine, other, remaining, again)]);
}

/**
 * A moved issue is closed here and goes on elsewhere; its copy is not closed with it. Noted with the link is where the
 * original is now: a connection that keeps that project in step finds the copy by it.
 */
async function letMovedGo(engine: Engine, side: LinkSide, link: IssueLink, told: IssueDestination): Promise<void> {
  const to = told.projectId === undefined ? await destination(engine, side, link) : told;
  const what = `It was moved to ${to.url ?? 'another project'}.`;
  if (engine.context.isPlan) {
    const other = otherSide(side);
    return planned(engine, link[other], { op: 'skip', side: other, reason: what });
  }
  const { projectId, key } = to;
  const { onMove } = engine.context.policy;
  const follows = onMove === 'follow' && projectId !== undefined && key !== undefined && !engine.isCopy(link, side);
  const done = follows
    ? 'The other side stays as it is, until a connection that keeps that project in step goes on with it.'
    : 'The other side stays as it is.';
  const moved = follows ? { ...link, origin: { ...link.origin, now: { project: projectId, issue: key } } } : link;
  await part(engine, { side, link: moved, state: 'gone', reason: `${what} ${done}` });
}

async function destination(engine: Engine, side: LinkSide, link: IssueLink): Promise<IssueDestination> {
  const found = await engine.tracker(side).locate(link[side]?.key ?? '');
  return found.kind === 'moved' ? found.to : {};
}

interface Parting {
  readonly side: LinkSide;
  readonly link: IssueLink;
  readonly state: 'severed' | 'gone';
  readonly reason: string;
}

/** Ends a link with all that hangs on it: its comments could not be copied again, and nobody can decide its conflicts. */
async function part(engine: Engine, { side, link, state, reason }: Parting): Promise<void> {
  const { intent: _intent, [otherSide(side)]: remaining, ...left } = link;
  // An issue that is to be made again is one without a copy from now on, however often making it fails.
  const kept = state === 'severed' || remaining === undefined ? left : { ...left, [otherSide(side)]: remaining };
  const comments = await engine.links.commentsOf([link.id]);
  const open = await engine.links.conflicts([link.id]);
  engine.commits.add({
    links: [
      { ...kept, state },
      ...comments.flatMap(({ intent: _unsent, ...comment }) =>
        comment.state === 'severed' ? [] : [{ ...comment, state }],
      ),
    ],
    conflicts: open.map(({ linkId, field, base, left, right }) => ({
      linkId,
      field,
      base,
      left,
      right,
      state: 'closed' as const,
    })),
    history: [{ action: 'severed', linkId: link.id, side, reason }],
  });
  engine.names.note('issue', link.left?.key ?? '', undefined);
  await engine.commits.drain();
}

async function planned(
  engine: Engine,
  ref: LinkRef | undefined,
  item: { readonly op: 'create' | 'close' | 'skip'; readonly side: LinkSide; readonly reason: string },
): Promise<void> {
  await engine.plan({ ...item, kind: 'issue', ...(ref !== undefined && { ref }) });
}
