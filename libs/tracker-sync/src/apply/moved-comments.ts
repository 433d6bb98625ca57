import type { LinkSide, TrackerComment } from '@syncline/connector-sdk';
import type { CommentLink, IssueLink } from '../links.js';
import { originKey } from '../origin.js';
import { otherSide } from '../policy.js';
import { readFrame } from '../text/index.js';
import { canonicalText } from '../values.js';
import { hashOf } from './comment-text.js';
import type { Engine } from './engine.js';

export interface MovedComments {
  readonly old: IssueLink;
  readonly oldComments: readonly CommentLink[];
  /** The issue's link from now on. */
  readonly link: IssueLink;
  /** The side the issue was moved to. */
  readonly side: LinkSide;
  /** Its comments there, oldest first. */
  readonly list: readonly TrackerComment[];
}

const idOf = (link: CommentLink, side: LinkSide): string => (link[side]?.key ?? '').split('#')[1] ?? '';

/**
 * The links of an issue's comments after it was moved. Comments are moved along and get new ids: they are known again by
 * our marker, then by their text, then by their order, for the tracker names what a moved text refers to anew.
 */
export function rekeyComments(engine: Engine, { old, oldComments, link, side, list }: MovedComments): CommentLink[] {
  const oldSide = old.originSide;
  const [other, oldOther] = [otherSide(side), otherSide(oldSide)];
  const waiting = oldComments
    .filter((known) => known.left !== undefined && known.right !== undefined)
    .sort((one, two) => Number(idOf(one, oldSide)) - Number(idOf(two, oldSide)));
  const found = new Map<string, TrackerComment>();
  const free = new Set(list);
  const pair = (matches: (known: CommentLink, comment: TrackerComment) => boolean): void => {
    for (const known of waiting) {
      if (found.has(known.id)) continue;
      const comment = [...free].find((candidate) => matches(known, candidate));
      if (comment === undefined) continue;
      found.set(known.id, comment);
      free.delete(comment);
    }
  };
  pair(({ origin }, { body }) => markedBy(body) === originKey(origin));
  pair(({ originSide, baseline }, { body }) => {
    const before = originSide === oldSide ? baseline?.original : baseline?.copy;
    return before === hashOf(body);
  });
  const unknown = waiting.filter(({ id }) => !found.has(id)).length;
  if (unknown === free.size) pair(() => true);

  const { instanceId, projectId } = engine.place(side);
  return waiting.flatMap((known) => {
    const comment = found.get(known.id);
    const there = known[oldOther];
    if (comment === undefined || there === undefined) return [];
    const { intent: _intent, left: _left, right: _right, ...kept } = known;
    const { id, url } = comment;
    const now = { project: projectId, issue: link[side]?.key ?? '', comment: id };
    const isOriginal = known.originSide === oldSide;
    return [
      {
        ...kept,
        id: engine.context.newId(),
        parentId: link.id,
        state: known.state === 'severed' ? ('severed' as const) : ('active' as const),
        origin: isOriginal ? { ...known.origin, now } : known.origin,
        originSide: isOriginal ? side : other,
        [side]: { instanceId, projectId, key: `${now.issue}#${id}`, ...(url !== undefined && { url }) },
        [other]: there,
      },
    ];
  });
}

function markedBy(body: string): string | undefined {
  const { marker } = readFrame(canonicalText(body));
  return marker === undefined ? undefined : originKey(marker.origin);
}
