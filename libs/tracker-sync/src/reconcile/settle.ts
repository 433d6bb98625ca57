import type { LinkSide } from '@syncline/connector-sdk';
import { flowsTo, otherSide, type Flow } from '../policy.js';
import type { FieldConflict, ShownValue } from '../links.js';
import { sameValue, shownValue, type FieldValue } from '../values.js';
import type { Decision, FieldPair } from './decision.js';
import { fieldValue } from './field-value.js';
import type { Rules } from './rules.js';

const sideName = { left: 'source', right: 'target' } as const;

export const changedOn = (side: LinkSide): string => `It was changed in the ${sideName[side]}.`;

function sameShown(one: ShownValue, other: ShownValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Who wins by the policy; undefined: a person has to say. */
export function policyWinner(field: FieldPair['field'], rules: Rules): { side: LinkSide; why: string } | undefined {
  const { conflicts } = rules.policy;
  if (conflicts === 'source') return { side: 'left', why: 'The policy lets the source win.' };
  if (conflicts === 'target') return { side: 'right', why: 'The policy lets the target win.' };
  if (conflicts === 'ask') return undefined;
  const [left, right] = [rules.times?.left[field], rules.times?.right[field]];
  if (left === undefined || right === undefined || Date.parse(left) === Date.parse(right)) return undefined;
  const side = Date.parse(left) > Date.parse(right) ? 'left' : 'right';
  return { side, why: `The policy lets the newest change win: ${sideName[side]}, ${side === 'left' ? left : right}.` };
}

/** One side's value goes to the other, where the direction lets it; else both stay as they are, and that is agreed. */
export function letWin(pair: FieldPair, winner: LinkSide, flow: Flow, carried: FieldValue, reason: string): Decision {
  const loser = otherSide(winner);
  if (!flowsTo(flow, loser)) {
    return { field: pair.field, winner, reason: `${reason} The ${sideName[loser]} is not written to, so both stay.` };
  }
  return { field: pair.field, winner, write: { [loser]: carried }, reason };
}

export function openConflict(pair: FieldPair, open: FieldConflict | undefined): Decision {
  const conflict = {
    base: shownValue(pair.baseLeft ?? null),
    left: shownValue(pair.left),
    right: shownValue(pair.right),
  };
  const known = open !== undefined && sameShown(open.left, conflict.left) && sameShown(open.right, conflict.right);
  if (known) return { field: pair.field, hold: true };
  const reason =
    open === undefined
      ? 'Both sides changed it differently.'
      : open.resolution === undefined
        ? 'It is still in conflict, with newer values.'
        : 'It changed after the conflict was decided; the decision waits for the newer values.';
  return { field: pair.field, hold: true, conflict, reason };
}

/** Was the decision made about the values that are there now? */
export function decidedNow(pair: FieldPair, open: FieldConflict | undefined): FieldConflict['resolution'] {
  if (open?.resolution === undefined) return undefined;
  const current = sameShown(open.left, shownValue(pair.left)) && sameShown(open.right, shownValue(pair.right));
  return current ? open.resolution : undefined;
}

export const same = (one: FieldValue, other: FieldValue | undefined): boolean =>
  other !== undefined && sameValue(one, other);

/**
 * How a conflict ends that is none any more: by the decision somebody made, where the sides hold that, as after a run
 * that wrote it and ended before it could say so; else because the sides agree by themselves.
 *
 * `from`: the side whose value both hold, or are about to.
 */
export function endsBy(pair: FieldPair, open: FieldConflict | undefined, from: LinkSide): Pick<Decision, 'ends'> {
  if (open === undefined) return {};
  const { resolution } = open;
  if (resolution === undefined) return { ends: 'closed' };
  const { choice } = resolution;
  if (choice !== 'value') return { ends: sameShown(open[choice], shownValue(pair[choice])) ? 'resolved' : 'closed' };
  const decided = fieldValue(pair.field, resolution.value);
  return { ends: decided !== undefined && sameValue(decided, pair[from]) ? 'resolved' : 'closed' };
}
