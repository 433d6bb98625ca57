import type { LinkSide } from '@syncline/connector-sdk';
import { flowsTo, type SyncPolicy } from '../policy.js';
import type { Decision, FieldPair } from './decision.js';

const sideName = { left: 'source', right: 'target' } as const;

/** Does anything of an issue get to this side? */
function isWritten(side: LinkSide, policy: SyncPolicy): boolean {
  return flowsTo(policy.comments, side) || Object.values(policy.fields).some((flow) => flowsTo(flow, side));
}

export interface Confidentiality {
  readonly decision: Decision;
  /** The side that would show publicly what is confidential on the other, and did not take the flag. */
  readonly exposed?: LinkSide;
}

/**
 * Confidentiality follows the content, whatever fields are kept in step; it is taken back only where the field is one
 * of them and a person did so at the original. A copy that somebody made public is hidden again: its readers do not
 * decide who sees the original.
 */
export function mergeConfidential(pair: FieldPair<boolean>, policy: SyncPolicy, originSide: LinkSide): Confidentiality {
  const { field, left, right, baseLeft, baseRight } = pair;
  if (left === right) return { decision: { field } };
  const [hidden, shown] = left ? (['left', 'right'] as const) : (['right', 'left'] as const);
  const [hiddenBase, shownBase] = left ? [baseLeft, baseRight] : [baseRight, baseLeft];
  // It was confidential on both sides, and somebody made one of them public.
  if (hiddenBase === true && shownBase === true && flowsTo(policy.fields.confidential, hidden)) {
    if (hidden === originSide) {
      const reason = `It is confidential in the ${sideName[hidden]}, and only there can it be made public.`;
      return { decision: { field, write: { [shown]: true }, reason } };
    }
    const reason = `It was made public in the ${sideName[shown]}.`;
    return { decision: { field, write: { [hidden]: false }, reason } };
  }
  if (!isWritten(shown, policy)) return { decision: { field, hold: true } };
  if (hiddenBase !== true) {
    return { decision: { field, write: { [shown]: true }, reason: `It is confidential in the ${sideName[hidden]}.` } };
  }
  // It was confidential here before: there it never became so, or was made public where that does not flow back.
  return { decision: { field, hold: true }, exposed: shown };
}
