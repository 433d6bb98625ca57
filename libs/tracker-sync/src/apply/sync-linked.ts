import { isDeepStrictEqual } from 'node:util';
import {
  ConnectorError,
  type ConflictChange,
  type HistoryLine,
  type Issue,
  type LinkSide,
  type PlanItem,
} from '@syncline/connector-sdk';
import type { IssueBaseline } from '../baseline.js';
import type { FieldConflict, IssueLink } from '../links.js';
import { otherSide } from '../policy.js';
import { nextBaseline, reconcile, type FieldTimes, type Reconciled, type Rules } from '../reconcile/index.js';
import { unlinkedIssues } from '../text/index.js';
import { canonicalTitle, type IssueValues } from '../values.js';
import type { Changes } from './commit-queue.js';
import type { Engine } from './engine.js';
import { writeIssue } from './write-issue.js';

type Sides<T> = Record<LinkSide, T>;

export interface LinkedIssue {
  readonly link: IssueLink;
  /** The sides as read now; a side that is absent is as its base says. */
  readonly issues: Partial<Sides<Issue>>;
  readonly open: readonly FieldConflict[];
  /** Names in its text got copies since it was written. */
  readonly rerender?: boolean;
}

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

/** How often somebody may be faster than we are. */
const attempts = 5;

/** The other side as it was left, where nothing says that it changed. */
function assumed(link: IssueLink, side: LinkSide, known: IssueValues, engine: Engine): IssueValues | undefined {
  const base = link.baseline?.[side];
  if (base === undefined || base.version === '') return undefined;
  const { fields } = engine.context.policy;
  const missing = Object.keys(fields).some((field) => !(field in base.values));
  if (missing) return undefined;
  const values = { ...known, ...base.values };
  // Kept before titles were compared without our characters.
  return { ...values, title: canonicalTitle(values.title) };
}

async function fetchSide(engine: Engine, link: IssueLink, side: LinkSide): Promise<Issue | undefined> {
  const key = link[side]?.key;
  return key === undefined ? undefined : (await engine.tracker(side).find([key])).get(key);
}

/** Looks up what the decision needs, so that deciding is pure. */
async function prepare(engine: Engine, values: Sides<IssueValues>, baseline: IssueBaseline | undefined): Promise<void> {
  const texts = (side: LinkSide): string[] => [values[side].description, baseline?.[side].values.description ?? ''];
  await engine.names.prepare({ left: texts('left'), right: texts('right') });
  for (const side of ['left', 'right'] as const) {
    await engine.people.prepare(side, [...values[side].assignees, ...(baseline?.[side].values.assignees ?? [])]);
    await engine.catalogue.prepare(side, [values[side].milestone, baseline?.[side].values.milestone]);
  }
}

async function fieldTimes(
  engine: Engine,
  link: IssueLink,
  decided: Reconciled,
): Promise<Sides<FieldTimes> | undefined> {
  const fields = decided.decisions.filter(({ conflict }) => conflict !== undefined).map(({ field }) => field);
  if (engine.context.policy.conflicts !== 'newest' || fields.length === 0) return undefined;
  const [left, right] = await Promise.all(
    (['left', 'right'] as const).map((side) => engine.tracker(side).fieldTimes(link[side]?.key ?? '', fields)),
  );
  return { left: left ?? {}, right: right ?? {} };
}

async function decide(
  engine: Engine,
  item: LinkedIssue,
  values: Sides<IssueValues>,
): Promise<{ decided: Reconciled; rules: Rules }> {
  const { link, open, rerender } = item;
  const rules = engine.rules(link.originSide, { open, ...(rerender !== undefined && { rerender }) });
  await prepare(engine, values, link.baseline);
  const decided = reconcile(link.baseline, values.left, values.right, rules);
  const times = await fieldTimes(engine, link, decided);
  if (times === undefined) return { decided, rules };
  const informed = { ...rules, times };
  return { decided: reconcile(link.baseline, values.left, values.right, informed), rules: informed };
}

/**
 * Brings both sides of a linked issue in step: decides, writes, and decides again where somebody was faster. Returns
 * the link with its new bases, which the caller stores with the conflicts and the history. Undefined: a side is not
 * there any more.
 */
export async function syncLinked(engine: Engine, item: LinkedIssue): Promise<SyncedIssue | undefined> {
  const { link } = item;
  const issues: Partial<Sides<Issue>> = { ...item.issues };
  const news: Partial<Sides<Issue>> = { ...item.issues };
  const written: Sides<Partial<IssueValues>> = { left: {}, right: {} };
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const values: Partial<Sides<IssueValues>> = {};
    for (const side of ['left', 'right'] as const) {
      const issue = issues[side];
      if (issue !== undefined) values[side] = engine.values(link, side, issue);
    }
    for (const side of ['left', 'right'] as const) {
      const known = values[otherSide(side)];
      if (values[side] !== undefined || known === undefined) continue;
      const asBefore = item.open.length > 0 ? undefined : assumed(link, side, known, engine);
      if (asBefore !== undefined) values[side] = asBefore;
      else {
        const issue = await fetchSide(engine, link, side);
        if (issue === undefined) return undefined;
        [issues[side], news[side]] = [issue, issue];
        values[side] = engine.values(link, side, issue);
      }
    }
    const { left, right } = values;
    if (left === undefined || right === undefined) throw new Error('a link without a side that is known');
    const both = { left, right };
    let { decided, rules } = await decide(engine, item, both);
    // Files go before the texts that name them, which then name the copies.
    if (await copyFiles(engine, link, decided, both)) ({ decided, rules } = await decide(engine, item, both));
    const { originSide } = link;
    const text = decided.write[originSide].description ?? both[originSide].description;
    // What is linked meanwhile was not linked when the text was rendered.
    const awaits = unlinkedIssues(text, rules.translation.text(originSide));
    if (engine.context.isPlan) {
      await planDecisions(engine, link, decided, both);
      return { link, issues, news, ...(decided.exposed !== undefined && { exposed: decided.exposed }) };
    }
    // A write of one side alone needs the other's text only for its frame.
    const stale = await writeSides(engine, { link, issues, both, decided, written });
    if (stale !== undefined) {
      news[stale] = issues[stale];
      continue;
    }
    return finish(engine, item, { issues, news, both, decided, rules, written, awaits });
  }
  throw new ConnectorError('transient', 'It was changed again and again while it was synced; it is tried again later.');
}

/** Brings the files along that texts about to be written name. True: there is something new to name. */
async function copyFiles(
  engine: Engine,
  link: IssueLink,
  { write, exposed }: Reconciled,
  both: Sides<IssueValues>,
): Promise<boolean> {
  let isNew = false;
  for (const side of ['left', 'right'] as const) {
    if (write[side].description === undefined || exposed === side) continue;
    const other = otherSide(side);
    const brought = await engine.uploads.copyAll(other, both[other].description, link[other]?.key ?? '');
    isNew ||= brought;
  }
  return isNew;
}

interface Writing {
  readonly link: IssueLink;
  readonly issues: Partial<Sides<Issue>>;
  readonly both: Sides<IssueValues>;
  readonly decided: Reconciled;
  readonly written: Sides<Partial<IssueValues>>;
}

/** Writes what was decided. Returns the side on which somebody was faster; `issues` then has its newer state. */
async function writeSides(
  engine: Engine,
  { link, issues, both, decided, written }: Writing,
): Promise<LinkSide | undefined> {
  for (const side of ['right', 'left'] as const) {
    const wanted = decided.write[side];
    if (Object.keys(wanted).length === 0) continue;
    const other = otherSide(side);
    if (wanted.assignees !== undefined) engine.people.warnUnmapped(other, both[other].assignees);
    // A frame names the original; a side that was only assumed has none of its own to show.
    const descriptions = {
      left: issues.left?.description ?? both.left.description,
      right: issues.right?.description ?? both.right.description,
    };
    const expected = issues[side]?.version ?? link.baseline?.[side].version ?? '';
    const title = issues[side]?.title ?? link[side]?.title;
    const result = await writeIssue(engine, { link, side, now: both[side], wanted, descriptions, title, expected });
    issues[side] = result.current;
    if (result.stale) return side;
    Object.assign(written[side], wanted);
    engine.stored += 1;
  }
  return undefined;
}

interface Outcome extends Omit<Writing, 'link'> {
  readonly news: Partial<Sides<Issue>>;
  readonly awaits: readonly string[];
  readonly rules: Rules;
}

function finish(engine: Engine, item: LinkedIssue, outcome: Outcome): SyncedIssue {
  const { link, open } = item;
  const { issues, news, both, decided, rules, written, awaits } = outcome;
  const side = (name: LinkSide): { values: IssueValues; version: string } => {
    const issue = issues[name];
    if (issue === undefined) return { values: both[name], version: link.baseline?.[name].version ?? '' };
    return { values: engine.values(link, name, issue), version: issue.version };
  };
  const now = { left: side('left'), right: side('right') };
  const asked = { ...decided, write: written };
  const agreed = nextBaseline(link.baseline, asked, now, rules, awaits);
  const baseline = distrustHeld(withoutTraces(agreed, news), asked, now);
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
  const history = [...historyOf(link, decided, written), ...refusals(link, written, now)];
  const isNews = conflicts.length + history.length > 0 || !isDeepStrictEqual(next, link);
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

/** A side that differs from its base on purpose must be read before it is written: its version proves nothing. */
function distrustHeld(
  baseline: IssueBaseline,
  decided: Reconciled,
  now: Sides<{ values: IssueValues }>,
): IssueBaseline {
  const differs = (side: LinkSide): boolean =>
    decided.decisions.some(({ field, hold, bases }) => {
      const isKept = hold === true || bases?.[side] !== undefined;
      return isKept && JSON.stringify(baseline[side].values[field]) !== JSON.stringify(now[side].values[field]);
    });
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

async function planDecisions(
  engine: Engine,
  link: IssueLink,
  decided: Reconciled,
  both: Sides<IssueValues>,
): Promise<void> {
  const items: PlanItem[] = [];
  for (const { field, write, conflict, reason = '' } of decided.decisions) {
    const ref = link[link.originSide];
    const about = {
      kind: 'issue' as const,
      title: both[link.originSide].title,
      ...(ref !== undefined && { ref }),
      reason,
    };
    if (conflict !== undefined) items.push({ ...about, op: 'conflict', side: link.originSide, fields: [field] });
    for (const side of ['left', 'right'] as const) {
      const value = write?.[side];
      if (value === undefined || !(field in decided.write[side])) continue;
      const op = field !== 'state' ? 'update' : value === 'closed' ? 'close' : 'reopen';
      items.push({ ...about, op, side, fields: [field] });
    }
  }
  if (items.length > 0) await engine.context.session.planned(items);
}
