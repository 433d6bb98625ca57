import type { LinkSide } from '@syncline/connector-sdk';
import { flowsTo, otherSide, type Flow } from '../policy.js';
import type { FieldConflict } from '../links.js';
import { isEmpty, sameValue, type FieldValue } from '../values.js';
import type { Decision, FieldPair } from './decision.js';
import { fieldValue } from './field-value.js';
import type { Rules } from './rules.js';
import { changedOn, decidedNow, endsBy, letWin, openConflict, policyWinner, same } from './settle.js';

type Carry = (from: LinkSide, value: FieldValue) => FieldValue;

/** A decided conflict, applied. `value` is in the source's words. */
export function applyResolution(pair: FieldPair, open: FieldConflict, flow: Flow, carry: Carry): Decision | undefined {
  const { resolution } = open;
  if (resolution === undefined) return undefined;
  const reason = 'The conflict was decided.';
  if (resolution.choice !== 'value') {
    const winner = resolution.choice;
    return { ...letWin(pair, winner, flow, carry(winner, pair[winner]), reason), ends: 'resolved' };
  }
  const value = fieldValue(pair.field, resolution.value);
  if (value === undefined) return undefined;
  const carried = carry('left', value);
  const write: Partial<Record<LinkSide, FieldValue>> = {};
  if (flowsTo(flow, 'left') && !sameValue(value, pair.left)) write.left = value;
  if (flowsTo(flow, 'right') && !sameValue(carried, pair.right)) write.right = carried;
  return { field: pair.field, write, ends: 'resolved', reason };
}

/** The three-way merge of a field that holds one value. */
export function mergeValue(pair: FieldPair, flow: Flow, rules: Rules, carry: Carry): Decision {
  const { field } = pair;
  const open = rules.open?.find((conflict) => conflict.field === field);
  const ends = endsBy(pair, open, 'left');
  const toRight = carry('left', pair.left);
  if (sameValue(toRight, pair.right)) return { field, ...ends };

  const changed = { left: !same(pair.left, pair.baseLeft), right: !same(pair.right, pair.baseRight) };
  if (!changed.left && !changed.right) return { field, ...ends };
  if (changed.left !== changed.right) {
    const side = changed.left ? 'left' : 'right';
    const other = otherSide(side);
    if (!flowsTo(flow, other)) return { field, hold: true, ...ends };
    return { field, write: { [other]: carry(side, pair[side]) }, reason: changedOn(side), ...endsBy(pair, open, side) };
  }

  const isNew = pair.baseLeft === undefined || pair.baseRight === undefined;
  if (isNew && isEmpty(pair.left) !== isEmpty(pair.right)) {
    const full = isEmpty(pair.left) ? 'right' : 'left';
    return { ...letWin(pair, full, flow, carry(full, pair[full]), 'Only one side has a value.'), ...ends };
  }
  const decided =
    decidedNow(pair, open) === undefined || open === undefined ? undefined : applyResolution(pair, open, flow, carry);
  if (decided !== undefined) return decided;
  const winner = policyWinner(field, rules);
  if (winner === undefined) return openConflict(pair, open);
  const won = letWin(pair, winner.side, flow, carry(winner.side, pair[winner.side]), winner.why);
  return open === undefined ? won : { ...won, ends: 'resolved' };
}
