import type { TrackerComment } from '@syncline/connector-sdk';
import type { CommentLink } from '../links.js';
import { otherSide } from '../policy.js';
import type { Engine } from './engine.js';

/**
 * A comment that is internal now, and was not when it was copied, takes its public copy away: `deleted`; it may be copied
 * again. Of trackers that cannot change this it is news only that its copy is internal: the link that notes it. `there`:
 * the other side's comments, where they were read.
 */
export async function hideTurnedInternal(
  engine: Engine,
  comment: TrackerComment,
  link: CommentLink,
  there: readonly TrackerComment[] | undefined,
): Promise<CommentLink | 'deleted'> {
  const { baseline, originSide } = link;
  const side = otherSide(originSide);
  if (!comment.internal || baseline === undefined || baseline.internal === true || link.state !== 'active') return link;
  const [issueKey = '', id = ''] = (link[side]?.key ?? '').split('#');
  const list = there ?? (await engine.tracker(side).comments(issueKey));
  const copy = list.find((known) => known.id === id);
  if (copy === undefined) return link;
  if (copy.internal) return { ...link, baseline: { ...baseline, internal: true } };
  const reason = 'The comment became internal, so its public copy was deleted.';
  if (engine.context.isPlan) {
    const ref = link[originSide];
    await engine.plan({ op: 'delete', kind: 'comment', side, ...(ref !== undefined && { ref }), reason });
    return 'deleted';
  }
  await engine.tracker(side).deleteComment(issueKey, id);
  engine.stored += 1;
  const history = [{ action: 'severed' as const, linkId: link.id, side, reason }];
  engine.commits.add({ links: [{ ...link, state: 'severed' }], history });
  return 'deleted';
}
