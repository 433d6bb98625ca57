import type { IssueFieldName, LinkSide } from '@syncline/connector-sdk';
import { issueFieldNames } from '@syncline/connector-sdk';
import type { IssueBaseline, SideBaseline } from '../baseline.js';
import { flowsTo, otherSide, type Flow } from '../policy.js';
import { guardText, plainTitle, renderText } from '../text/index.js';
import { sameValue, type FieldValue, type IssueValues, type SetField } from '../values.js';
import { mergeConfidential } from './confidential.js';
import type { Decision, FieldPair } from './decision.js';
import { takeWhole } from './granularity.js';
import { mergeSet } from './merge-set.js';
import { mergeText } from './merge-text.js';
import { mergeValue } from './merge-value.js';
import type { Rules } from './rules.js';

/** What is to be done about one issue: plain data. */
export interface Reconciled {
  /** What to write on each side, in its own words. Empty: nothing. */
  readonly write: Readonly<Record<LinkSide, Partial<IssueValues>>>;
  readonly decisions: readonly Decision[];
  /**
   * One side shows publicly what is confidential on the other and did not become confidential when asked. Nothing more
   * may be written to it.
   */
  readonly exposed?: LinkSide;
}

/** Bases of titles may be older than the form in which titles are compared. */
function withPlainTitles(baseline: IssueBaseline): IssueBaseline {
  const side = (base: SideBaseline): SideBaseline => {
    const { title } = base.values;
    return title === undefined ? base : { ...base, values: { ...base.values, title: plainTitle(title) } };
  };
  return { ...baseline, left: side(baseline.left), right: side(baseline.right) };
}

function pairOf<F extends IssueFieldName>(
  field: F,
  baseline: IssueBaseline | undefined,
  left: IssueValues,
  right: IssueValues,
): FieldPair<IssueValues[F]> {
  return {
    field,
    left: left[field],
    right: right[field],
    baseLeft: baseline?.left.values[field],
    baseRight: baseline?.right.values[field],
  };
}

function mergeNames(
  field: SetField,
  flow: Flow,
  baseline: IssueBaseline | undefined,
  left: IssueValues,
  right: IssueValues,
  rules: Rules,
): Decision {
  const carry = (from: LinkSide) => (name: string) => (field === 'labels' ? name : rules.translation.user(from, name));
  return mergeSet(pairOf(field, baseline, left, right), {
    flow,
    carry: { left: carry('left'), right: carry('right') },
    refused: { left: baseline?.left.refused?.[field] ?? [], right: baseline?.right.refused?.[field] ?? [] },
    mappedBefore: { left: baseline?.left.mapped, right: baseline?.right.mapped },
    ...(field === 'assignees' &&
      baseline !== undefined &&
      baseline.revision !== rules.revision && { remapped: otherSide(rules.originSide) }),
  });
}

/** A text nobody edited, where what we wrote would be written differently today. */
function rerender(baseline: IssueBaseline, flow: Flow, left: IssueValues, right: IssueValues, rules: Rules): Decision {
  const field = 'description';
  const { originSide } = rules;
  const copySide = otherSide(originSide);
  const [original, copy] = originSide === 'left' ? [left, right] : [right, left];
  const unedited =
    original.description === baseline[originSide].values.description &&
    copy.description === baseline[copySide].values.description;
  if (!unedited || !flowsTo(flow, copySide)) return { field };
  const rendered = guardText(renderText(original.description, copy.description, rules.translation.text(originSide)));
  if (rendered === copy.description || rendered === baseline[copySide].refused?.description) return { field };
  return { field, write: { [copySide]: rendered }, reason: 'What its text names can be said better now.' };
}

function decide(
  field: IssueFieldName,
  flow: Flow,
  baseline: IssueBaseline | undefined,
  left: IssueValues,
  right: IssueValues,
  rules: Rules,
): Decision {
  if (field === 'labels' || field === 'assignees') return mergeNames(field, flow, baseline, left, right, rules);
  if (field === 'description') {
    const merged = mergeText(pairOf(field, baseline, left, right), flow, rules);
    const isStale = baseline !== undefined && (rules.rerender === true || baseline.revision !== rules.revision);
    if (!isStale) return merged;
    if (merged.write !== undefined || merged.hold === true) return { ...merged, outdated: true };
    return { ...merged, ...rerender(baseline, flow, left, right, rules) };
  }
  return mergeValue(pairOf<IssueFieldName>(field, baseline, left, right), flow, rules, (from, value) =>
    value !== null && typeof value === 'object' && 'key' in value ? rules.translation.milestone(from, value) : value,
  );
}

/**
 * Compares both sides of a linked issue, each with its own base, field by field.
 *
 * One side changed: the other follows, where the direction lets it. Both changed: sets merge by what was added and
 * removed, texts by lines, and what is left is decided by the policy or waits as a conflict of that field alone. No
 * times are compared, so what we wrote ourselves is no change.
 *
 * `known`: the bases. Undefined: the two were just found to be the same issue and have never agreed on anything.
 */
export function reconcile(
  known: IssueBaseline | undefined,
  left: IssueValues,
  right: IssueValues,
  rules: Rules,
): Reconciled {
  const baseline = known === undefined ? undefined : withPlainTitles(known);
  const { decision, exposed } = mergeConfidential(
    pairOf('confidential', baseline, left, right),
    rules.policy,
    rules.originSide,
  );
  const decisions: Decision[] = [decision];
  // As it will be: what was made public is told at once.
  const isHidden =
    (decision.write?.left ?? left.confidential) === true || (decision.write?.right ?? right.confidential) === true;
  if (exposed === undefined && !(isHidden && rules.policy.confidential === 'skip')) {
    for (const field of issueFieldNames) {
      const flow = rules.policy.fields[field];
      if (field === 'confidential' || flow === undefined) continue;
      decisions.push(decide(field, flow, baseline, left, right, rules));
    }
  }
  const settled = rules.policy.granularity === 'issue' ? takeWhole(decisions, left, right, rules) : decisions;
  const write = { left: {}, right: {} } as Record<LinkSide, Partial<Record<IssueFieldName, FieldValue>>>;
  for (const decision of settled) {
    for (const side of ['left', 'right'] as const) {
      const value = decision.write?.[side];
      const now = side === 'left' ? left[decision.field] : right[decision.field];
      if (value !== undefined && !sameValue(value, now)) write[side][decision.field] = value;
    }
  }
  return {
    write: { left: write.left as Partial<IssueValues>, right: write.right as Partial<IssueValues> },
    decisions: settled,
    ...(exposed !== undefined && { exposed }),
  };
}
