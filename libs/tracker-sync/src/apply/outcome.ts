import { isDeepStrictEqual } from 'node:util';
import type { ConflictChange, HistoryLine, Issue, IssueFieldName, LinkSide } from '@syncline/connector-sdk';
import type { IssueBaseline } from '../baseline.js';
import type { FieldConflict, IssueLink } from '../links.js';
import { nextBaseline, type Reconciled, type Rules, type SideNow } from '../reconcile/index.js';
import type { IssueValues } from '../values.js';
import type { Changes } from './commit-queue.js';
import type { Engine } from './engine.js';

type Sides<T> = Record<LinkSide, T>;

/** A linked issue after it was dealt with. */
export interface SyncedIssue {
  readonly link: IssueLink;
  readonly issues: Partial<Sides<Issue>>;
  /** Sides as they were found, before we wrote to them; a side nobody had to look at is absent. */
  readonly news: Partial<Sides<Issue>>;
  /** What is to be stored along with the link; absent: the link is as it was. */
  readonly changes?: Changes;
  /** One side shows publicly what is confidential on the other; nothing more may go there. */
  readonly exposed?: LinkSide;
}

/** One round of writing. */
export interface Writing {
  readonly link: IssueLink;
  readonly issues: Partial<Sides<Issue>>;
  readonly both: Sides<IssueValues>;
  readonly decided: Reconciled;
  readonly written: Sides<Partial<IssueValues>>;
}

export interface Outcome extends Writing {
  /** The link as the store has it. */
  readonly stored: IssueLink;
  readonly news: Partial<Sides<Issue>>;
  readonly awaits: readonly string[];
  readonly rules: Rules;
  /** What was written before without anybody saying so: the answer was lost, or who waited for it. */
  readonly unsaid: Sides<readonly IssueFieldName[]>;
  /** Conflicts that were open before. */
  readonly open: readonly FieldConflict[];
}

/** What is to be stored after both sides were written, or needed no writing. */
export function finish(engine: Engine, outcome: Outcome): SyncedIssue {
  const { open, link, stored, issues, news, both, decided, rules, written, awaits, unsaid } = outcome;
  const side = (name: LinkSide): SideNow => {
    const issue = issues[name];
    if (issue === undefined) return { values: both[name], version: link.baseline?.[name].version ?? '' };
    return { values: engine.values(link, name, issue), version: issue.version, seen: both[name] };
  };
  const now = { left: side('left'), right: side('right') };
  const asked = { ...decided, write: written };
  const agreed = nextBaseline(link.baseline, asked, now, rules, awaits);
  const baseline = distrust(withoutTraces(agreed, news), asked, now);
  const conflicts = conflictsOf(link, decided, open);
  const stillOpen = open.some(
    ({ field }) => !conflicts.some((change) => change.field === field && change.state !== 'open'),
  );
  const isConflicted = stillOpen || conflicts.some(({ state }) => state === 'open');
  const refs = {
    left: issues.left === undefined ? link.left : engine.ref('left', issues.left),
    right: issues.right === undefined ? link.right : engine.ref('right', issues.right),
  };
  const { intent: _settled, ...kept } = link;
  const next: IssueLink = {
    ...kept,
    ...(refs.left !== undefined && { left: refs.left }),
    ...(refs.right !== undefined && { right: refs.right }),
    state: isConflicted ? 'conflicted' : 'active',
    baseline,
  };
  const history = [...foundOut(link, unsaid), ...historyOf(link, decided, written), ...refusals(link, written, now)];
  const isNews = conflicts.length + history.length > 0 || !isDeepStrictEqual(next, stored);
  return {
    link: next,
    issues,
    news,
    ...(isNews && { changes: { conflicts, history } }),
    ...(decided.exposed !== undefined && { exposed: decided.exposed }),
  };
}

/** The version of a side that was read includes the trace of our last comment there. */
function withoutTraces(baseline: IssueBaseline, news: Partial<Sides<Issue>>): IssueBaseline {
  const side = (name: LinkSide): IssueBaseline['left'] => {
    const { ownCommentAt: _at, ...rest } = baseline[name];
    return news[name] === undefined ? baseline[name] : rest;
  };
  return { ...baseline, left: side('left'), right: side('right') };
}

/** A side that differs from its base must be read before it is written: its version proves nothing. */
function distrust(baseline: IssueBaseline, { decisions }: Reconciled, now: Sides<SideNow>): IssueBaseline {
  const differs = (side: LinkSide): boolean =>
    decisions.some(({ field }) => !isDeepStrictEqual(baseline[side].values[field], now[side].values[field]));
  const side = (name: LinkSide): IssueBaseline['left'] =>
    differs(name) ? { ...baseline[name], version: '' } : baseline[name];
  return { ...baseline, left: side('left'), right: side('right') };
}

function conflictsOf(
  link: IssueLink,
  decided: Reconciled,
  open: readonly FieldConflict[],
): NonNullable<Changes['conflicts']> {
  return decided.decisions.flatMap<ConflictChange>(({ field, conflict, ends }) => {
    if (conflict !== undefined) return [{ linkId: link.id, field, ...conflict, state: 'open' as const }];
    const known = open.find((candidate) => candidate.field === field);
    if (ends === undefined || known === undefined) return [];
    const { base, left, right } = known;
    return [{ linkId: link.id, field, base, left, right, state: ends }];
  });
}

function historyOf(
  link: IssueLink,
  decided: Reconciled,
  written: Sides<Partial<IssueValues>>,
): NonNullable<Changes['history']> {
  return decided.decisions.flatMap<HistoryLine>(({ field, conflict, reason = '' }) => {
    if (conflict !== undefined) return [{ action: 'conflicted' as const, linkId: link.id, fields: [field], reason }];
    const sides = (['left', 'right'] as const).filter((side) => field in written[side]);
    return sides.map((side) => ({ action: 'updated' as const, linkId: link.id, side, fields: [field], reason }));
  });
}

function foundOut(link: IssueLink, unsaid: Outcome['unsaid']): NonNullable<Changes['history']> {
  return (['left', 'right'] as const).flatMap((side) => {
    if (unsaid[side].length === 0) return [];
    const reason =
      'It was found written: the run that wrote it did not get the answer, or ended before it could say so.';
    return [{ action: 'updated' as const, linkId: link.id, side, fields: [...unsaid[side]], reason }];
  });
}

/** What was asked and did not stay is said once, when it happens. */
function refusals(
  link: IssueLink,
  written: Sides<Partial<IssueValues>>,
  now: Sides<{ values: IssueValues }>,
): NonNullable<Changes['history']> {
  return (['left', 'right'] as const).flatMap((side) => {
    const fields = Object.entries(written[side])
      .filter(([field, value]) => {
        const kept = now[side].values[field as keyof IssueValues];
        const title = (shown: unknown): unknown =>
          shown !== null && typeof shown === 'object' && 'title' in shown ? shown.title : shown;
        return JSON.stringify(title(value)) !== JSON.stringify(title(kept));
      })
      .map(([field]) => field);
    if (fields.length === 0) return [];
    const reason =
      'It was asked for and not kept, as where a role or an edition does not allow it. It is not asked again until it changes.';
    return [{ action: 'skipped' as const, linkId: link.id, side, fields, reason }];
  });
}
