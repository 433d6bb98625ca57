import type { LinkSide } from '@syncline/connector-sdk';
import { flowsTo, otherSide, type Flow } from '../policy.js';
import { carryText, guardText, joinLines, mergeLines, renderText, splitLines } from '../text/index.js';
import { isEmpty } from '../values.js';
import type { Decision, FieldPair } from './decision.js';
import { applyResolution } from './merge-value.js';
import type { Rules } from './rules.js';
import { changedOn, decidedNow, endsBy, letWin, openConflict, policyWinner } from './settle.js';

type TextPair = FieldPair<string>;

/** Both sides' edits in one text; undefined where they touch the same lines and nobody may say who wins. */
export function mergeEdits(
  mine: string,
  base: string,
  theirs: string,
  winner: LinkSide | undefined,
): string | undefined {
  const lines: string[] = [];
  for (const block of mergeLines(splitLines(mine), splitLines(base), splitLines(theirs))) {
    if ('lines' in block) lines.push(...block.lines);
    else if (winner === undefined) return undefined;
    else lines.push(...block[winner]);
  }
  return joinLines(lines);
}

/**
 * A line that one side has just written to the other need not translate back word for word (`!3` became an address).
 * Where two lines say the same in either direction, each is the other's translation.
 */
function sameWords(left: string, asRight: string, right: string, asLeft: string): [asRight: string, asLeft: string] {
  const [l, a, r, b] = [left, asRight, right, asLeft].map(splitLines) as [string[], string[], string[], string[]];
  if (new Set([l.length, a.length, r.length, b.length]).size > 1) return [asRight, asLeft];
  const isSame = l.map((line, at) => a[at] === r[at] || b[at] === line);
  const choose = (same: readonly string[], own: readonly string[]): string =>
    joinLines(own.map((line, at) => (isSame[at] === true ? (same[at] ?? line) : line)));
  return [choose(r, a), choose(l, b)];
}

/** The three-way merge of a text: edits of different lines both survive. */
export function mergeText(pair: TextPair, flow: Flow, rules: Rules): Decision {
  const { field, left, right, baseLeft, baseRight } = pair;
  const open = rules.open?.find((conflict) => conflict.field === field);
  const ends = endsBy(pair, open, 'left');
  const map = rules.translation.text.bind(rules.translation);
  const carry = (from: LinkSide, text: string): string => {
    const to = otherSide(from);
    const [fromBase, toBase] = from === 'left' ? [baseLeft, baseRight] : [baseRight, baseLeft];
    if (fromBase !== undefined && toBase !== undefined)
      return carryText(text, { from: fromBase, to: toBase }, map(from));
    return renderText(text, pair[to], map(from));
  };

  const [asRight, asLeft] = sameWords(left, carry('left', left), right, carry('right', right));
  // Either says that both hold the same: a text that was just written over there need not translate back word for word.
  if (asRight === right || asLeft === left) return { field, ...ends };
  if (baseLeft === undefined || baseRight === undefined) return adoptText(pair, flow, rules);

  const changed = { left: left !== baseLeft, right: right !== baseRight };
  if (!changed.left && !changed.right) return { field, ...ends };
  if (changed.left !== changed.right) {
    const side = changed.left ? 'left' : 'right';
    const other = otherSide(side);
    if (!flowsTo(flow, other)) return { field, hold: true, ...ends };
    const carried = side === 'left' ? asRight : guardText(asLeft);
    return { field, write: { [other]: carried }, reason: changedOn(side), ...endsBy(pair, open, side) };
  }

  if (open !== undefined && decidedNow(pair, open) !== undefined) {
    const decided = applyResolution(pair, open, flow, (from, value) =>
      typeof value === 'string' ? guardText(carry(from, value)) : value,
    );
    if (decided !== undefined) return decided;
  }
  const inRight = mergeEdits(asRight, baseRight, right, undefined);
  const inLeft = inRight === undefined ? mergeEdits(left, baseLeft, asLeft, undefined) : undefined;
  const isClean = inRight !== undefined || inLeft !== undefined;
  const winner = isClean ? undefined : policyWinner(field, rules);
  const merged =
    inLeft === undefined
      ? (inRight ?? mergeEdits(asRight, baseRight, right, winner?.side))
      : carryText(inLeft, { from: asLeft, to: right }, map('left'));
  if (merged === undefined || (!isClean && winner === undefined)) return openConflict(pair, open);
  const mergedLeft = guardText(inLeft ?? carryText(merged, { from: asRight, to: left }, map('right')));
  const write: Partial<Record<LinkSide, string>> = {};
  const bases: Partial<Record<LinkSide, string>> = {};
  if (flowsTo(flow, 'right')) {
    if (merged !== right) write.right = merged;
    // What only the target says stays its own edit: the base is what the source alone would have made of it.
    if (!flowsTo(flow, 'left')) bases.right = asRight;
  }
  if (flowsTo(flow, 'left')) {
    if (mergedLeft !== left) write.left = mergedLeft;
    if (!flowsTo(flow, 'right')) bases.left = asLeft;
  }
  return {
    field,
    write,
    bases,
    ...(winner !== undefined && { winner: winner.side }),
    ...(open !== undefined && { ends: 'resolved' }),
    reason:
      winner === undefined ? 'Edits of both sides were merged.' : `Edits of both sides were merged. ${winner.why}`,
  };
}

/** Two texts that never agreed on anything. */
function adoptText(pair: TextPair, flow: Flow, rules: Rules): Decision {
  const { field } = pair;
  const open = rules.open?.find((conflict) => conflict.field === field);
  const win = (side: LinkSide, reason: string): Decision =>
    letWin(pair, side, flow, guardText(renderText(pair[side], undefined, rules.translation.text(side))), reason);
  if (isEmpty(pair.left) !== isEmpty(pair.right)) {
    return win(isEmpty(pair.left) ? 'right' : 'left', 'Only one side has a text.');
  }
  if (open !== undefined && decidedNow(pair, open) !== undefined) {
    const decided = applyResolution(pair, open, flow, (from, value) =>
      typeof value === 'string' ? guardText(renderText(value, undefined, rules.translation.text(from))) : value,
    );
    if (decided !== undefined) return decided;
  }
  const winner = policyWinner(field, rules);
  if (winner === undefined) return openConflict(pair, open);
  return { ...win(winner.side, winner.why), ...(open !== undefined && { ends: 'resolved' }) };
}
