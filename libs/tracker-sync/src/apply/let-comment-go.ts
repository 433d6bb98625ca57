import type { LinkSide } from '@syncline/connector-sdk';
import type { CommentLink } from '../links.js';
import { flowsTo, otherSide } from '../policy.js';
import type { Engine } from './engine.js';

/**
 * Ends the link of a comment that was deleted on one side. Returns the side whose copy was deleted with it: that of an
 * original, where the policy says so; a deleted copy never takes the original along.
 */
export async function letCommentGo(engine: Engine, side: LinkSide, link: CommentLink): Promise<LinkSide | undefined> {
  const target = otherSide(side);
  const { isPlan, policy } = engine.context;
  const isOriginal = link.originSide === side;
  const deletes = isOriginal && policy.onCommentDelete === 'delete' && flowsTo(policy.comments, target);
  const done = deletes ? 'Its copy was deleted as well.' : 'The other side stays as it is.';
  const reason = `The comment was deleted${isOriginal ? '' : ', a copy'}. ${done}`;
  if (isPlan) {
    if (deletes) await engine.plan({ op: 'delete', kind: 'comment', side: target, reason });
    return undefined;
  }
  if (deletes) {
    const [issueKey = '', id = ''] = (link[target]?.key ?? '').split('#');
    await engine.tracker(target).deleteComment(issueKey, id);
    engine.stored += 1;
  }
  const history = [{ action: 'severed' as const, linkId: link.id, side, reason }];
  engine.commits.add({ links: [{ ...link, state: 'gone' }], history });
  return deletes ? target : undefined;
}
