import type { LinkSide } from '@syncline/connector-sdk';
import { flowsTo, otherSide } from '../policy.js';
import { guardText, renderText } from '../text/index.js';
import { sameValue, type FieldValue, type IssueValues } from '../values.js';
import type { Decision } from './decision.js';
import type { Rules } from './rules.js';

/** The winner's value of a field in the other side's words. */
function carryWhole(decision: Decision, winner: LinkSide, values: IssueValues, rules: Rules): FieldValue {
  const value = values[decision.field];
  const { translation } = rules;
  if (decision.field === 'description' && typeof value === 'string') {
    return guardText(renderText(value, undefined, translation.text(winner)));
  }
  if (decision.field === 'assignees') {
    return values.assignees
      .map((name) => translation.user(winner, name))
      .filter((name): name is string => name !== undefined)
      .sort();
  }
  if (decision.field === 'milestone' && values.milestone !== null)
    return translation.milestone(winner, values.milestone);
  return value;
}

/**
 * Issues as a whole: a field in conflict holds all the others, and a side that wins one field takes them all. An issue
 * without a true conflict merges as usual.
 */
export function takeWhole(
  decisions: readonly Decision[],
  left: IssueValues,
  right: IssueValues,
  rules: Rules,
): readonly Decision[] {
  const inConflict = decisions.some(
    ({ conflict, hold, field }) => conflict !== undefined || (hold === true && isOpen(field, rules)),
  );
  if (inConflict) {
    return decisions.map((decision) => {
      if (decision.field === 'confidential' || decision.write === undefined) return decision;
      return {
        field: decision.field,
        hold: true,
        reason: 'It waits for another field of the issue that is in conflict.',
      };
    });
  }
  const winner = decisions.find((decision) => decision.winner !== undefined && decision.write !== undefined)?.winner;
  if (winner === undefined) return decisions;
  const loser = otherSide(winner);
  const [won, lost] = winner === 'left' ? [left, right] : [right, left];
  return decisions.map((decision) => {
    const flow = rules.policy.fields[decision.field];
    if (decision.field === 'confidential' || !flowsTo(flow, loser)) return decision;
    const carried = decision.winner === winner ? decision.write?.[loser] : undefined;
    const value = carried ?? carryWhole(decision, winner, won, rules);
    if (sameValue(value, lost[decision.field])) return { ...withoutWrite(decision), hold: false };
    return {
      ...withoutWrite(decision),
      hold: false,
      write: { [loser]: value },
      reason: `${decision.reason ?? ''} The winner takes the whole issue.`.trim(),
    };
  });
}

function withoutWrite({ write: _write, bases: _bases, ...decision }: Decision): Decision {
  return decision;
}

const isOpen = (field: Decision['field'], rules: Rules): boolean =>
  rules.open?.some((conflict) => conflict.field === field) === true;
