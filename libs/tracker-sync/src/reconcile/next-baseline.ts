import type { IssueFieldName, LinkSide } from '@syncline/connector-sdk';
import { issueFieldNames } from '@syncline/connector-sdk';
import type { IssueBaseline, SideBaseline } from '../baseline.js';
import { otherSide } from '../policy.js';
import { sameValue, type FieldValue, type IssueValues } from '../values.js';
import type { Decision } from './decision.js';
import type { Reconciled } from './reconcile.js';
import type { Rules } from './rules.js';

/** A side as it is after our writes. */
export interface SideNow {
  readonly values: IssueValues;
  readonly version: string;
  /** What the decision was made on. Where it says otherwise, somebody was faster in a field we did not write. */
  readonly seen?: IssueValues;
}

type Values = Partial<Record<IssueFieldName, FieldValue>>;

/** What a side was left with in a field: what others did there while we wrote is still to be seen. */
function leftWith(
  field: IssueFieldName,
  { values: now, seen = now }: SideNow,
  asked: Partial<IssueValues>,
): FieldValue {
  if (asked[field] === undefined) return seen[field];
  if (field !== 'labels' && field !== 'assignees') return now[field];
  return now[field].filter((name) => asked[field]?.includes(name) === true || seen[field].includes(name));
}

function nextValues(
  before: Values,
  side: LinkSide,
  now: SideNow,
  asked: Partial<IssueValues>,
  decisions: readonly Decision[],
): Values {
  // Fields nobody decided about this time keep their base.
  const values: Values = { ...before };
  for (const decision of decisions) {
    const { field } = decision;
    const kept = decision.hold === true ? before[field] : (decision.bases?.[side] ?? leftWith(field, now, asked));
    if (kept !== undefined) values[field] = kept;
  }
  return values;
}

/** What was asked for and did not come back; what was refused before and never asked again stays so. */
function nextRefused(before: SideBaseline | undefined, now: IssueValues, asked: Partial<IssueValues>): Values {
  const refused: Values = {};
  for (const field of issueFieldNames) {
    const wanted = asked[field] ?? before?.refused?.[field];
    if (wanted === undefined) continue;
    const untouched = asked[field] === undefined && before !== undefined;
    const changedSince = untouched && !sameValue(before.values[field] ?? null, now[field]);
    if (!sameValue(wanted, now[field]) && !changedSince) refused[field] = wanted;
  }
  return refused;
}

/**
 * The bases after a reconciled issue was written: what each side holds now, except where nothing was agreed. Pure; the
 * counters of comments are the caller's.
 *
 * `awaits`: what the original's text named without a copy when it was rendered.
 */
export function nextBaseline(
  before: IssueBaseline | undefined,
  reconciled: Reconciled,
  now: Readonly<Record<LinkSide, SideNow>>,
  rules: Rules,
  awaits: readonly string[] = [],
): IssueBaseline {
  const { translation } = rules;
  const inStep = (values: Values = {}): Values =>
    Object.fromEntries(
      Object.entries(values).filter(([field]) => field === 'confidential' || field in rules.policy.fields),
    );
  const side = (name: LinkSide): SideBaseline => {
    const { values, version } = now[name];
    const other = now[otherSide(name)].values;
    const asked = reconciled.write[name];
    const refused = nextRefused(before?.[name], values, asked);
    const mapped = other.assignees
      .map((username) => translation.user(otherSide(name), username))
      .filter((username): username is string => username !== undefined);
    const { commentCount, ownCommentAt } = before?.[name] ?? {};
    return {
      values: nextValues(
        inStep(before?.[name].values),
        name,
        now[name],
        asked,
        reconciled.decisions,
      ) as Partial<IssueValues>,
      version,
      ...(commentCount !== undefined && { commentCount }),
      ...(ownCommentAt !== undefined && { ownCommentAt }),
      ...(Object.keys(refused).length > 0 && { refused: refused as Partial<IssueValues> }),
      ...(mapped.length > 0 && { mapped: mapped.sort() }),
    };
  };
  const outdated = reconciled.decisions.some((decision) => decision.outdated === true);
  return {
    revision: outdated && before !== undefined ? before.revision : rules.revision,
    left: side('left'),
    right: side('right'),
    ...(awaits.length > 0 && { awaits }),
  };
}
