import type { TrackerComment } from '@syncline/connector-sdk';
import type { CommentLink } from '../links.js';
import { otherSide } from '../policy.js';
import type { Engine } from './engine.js';

/**
 * What a comment that is internal now, and was not when it was copied, means for its copy. Trackers that cannot change
 * that tell us nothing new: then the copy is internal as well, and it is noted so.
 */
export type TurnedInternal = 'no' | { readonly noted: CommentLink } | { readonly exposed: CommentLink };

/** `there`: the other side's comments, where they were read. */
export async function turnedInternal(
  engine: Engine,
  comment: TrackerComment,
  link: CommentLink,
  there: readonly TrackerComment[] | undefined,
): Promise<TurnedInternal> {
  const { baseline, originSide } = link;
  const target = otherSide(originSide);
  if (!comment.internal || baseline?.internal === true || link.state !== 'active') return 'no';
  const [issueKey = '', id = ''] = (link[target]?.key ?? '').split('#');
  const list = there ?? (await engine.tracker(target).comments(issueKey));
  const copy = list.find((known) => known.id === id);
  if (copy === undefined || baseline === undefined) return 'no';
  return copy.internal ? { noted: { ...link, baseline: { ...baseline, internal: true } } } : { exposed: link };
}
