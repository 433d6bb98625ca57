import type { Issue, LinkSide, Whereabouts } from '@syncline/connector-sdk';
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
  const moved = whereabouts.kind === 'moved' ? (whereabouts.to.url ?? 'another project') : undefined;
  const what = moved === undefined ? `It was deleted in the ${sideName[side]}.` : `It was moved to ${moved}.`;
  const { onDelete, creates, fields } = context.policy;
  const remaining = peer ?? (await engine.tracker(other).find([link[other]?.key ?? ''])).get(link[other]?.key ?? '');
  const closes = onDelete === 'close' && flowsTo(fields.state, other) && remaining?.state === 'opened';
  const recreates = onDelete === 'recreate' && moved === undefined && flowsTo(creates, side) && remaining !== undefined;
  if (context.isPlan) {
    const op = recreates ? 'create' : closes ? 'close' : 'skip';
    const ref = link[other];
    await engine.plan({
      op,
      kind: 'issue',
      side: recreates ? side : other,
      ...(ref !== undefined && { ref }),
      reason: what,
    });
    return;
  }
  if (closes) await engine.tracker(other).update(remaining.key, { state: 'closed' });
  const { intent: _intent, ...kept } = link;
  const done = closes
    ? 'The other side was closed.'
    : recreates
      ? 'It is made again.'
      : 'The other side stays as it is.';
  engine.commits.add({
    links: [{ ...kept, state: recreates ? 'severed' : 'gone' }],
    history: [{ action: 'severed', linkId: link.id, side, reason: `${what} ${done}` }],
  });
  engine.names.note('issue', link.left?.key ?? '', undefined);
  if (!recreates) return;
  await engine.commits.drain();
  const again: IssueLink = {
    id: context.newId(),
    kind: 'issue',
    state: 'intended',
    origin: link.origin,
    originSide: other,
    [other]: engine.ref(other, remaining),
    intent: { side, claimedAt: context.session.now().toISOString() },
  };
  await makeCopies(engine, other, [await draftCopy(engine, other, remaining, again)], false);
}
