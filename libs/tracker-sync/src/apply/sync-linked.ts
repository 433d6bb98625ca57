import { ConnectorError, type Issue, type IssueFieldName, type LinkSide } from '@syncline/connector-sdk';
import type { IssueBaseline } from '../baseline.js';
import type { FieldConflict, IssueLink } from '../links.js';
import { otherSide } from '../policy.js';
import {
  beginWrites,
  reconcile,
  settleBegun,
  writtenOf,
  type FieldTimes,
  type Reconciled,
  type Rules,
} from '../reconcile/index.js';
import { unlinkedIssues } from '../text/index.js';
import { canonicalTitle, type IssueValues } from '../values.js';
import type { Engine } from './engine.js';
import { finish, type SyncedIssue, type Writing } from './outcome.js';
import { planDecisions } from './plan-decisions.js';
import { asReturned, writable, writeIssue } from './write-issue.js';

type Sides<T> = Record<LinkSide, T>;

export interface LinkedIssue {
  readonly link: IssueLink;
  /** The sides as read now; a side that is absent is as its base says. */
  readonly issues: Partial<Sides<Issue>>;
  readonly open: readonly FieldConflict[];
  /** Names in its text got copies since it was written. */
  readonly rerender?: boolean;
}

/** Fields of either side that a write before is found to have changed. */
type Found = Sides<readonly IssueFieldName[]>;

const nothing: Found = { left: [], right: [] };

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
  // What was seen when a write was begun is decided on once more, if only one side turns out to be written.
  const known = (side: LinkSide): Partial<IssueValues>[] => [
    values[side],
    baseline?.[side].values ?? {},
    baseline?.begun?.seen[side] ?? {},
  ];
  const texts = (side: LinkSide): string[] => known(side).map(({ description = '' }) => description);
  await engine.names.prepare({ left: texts('left'), right: texts('right') });
  for (const side of ['left', 'right'] as const) {
    await engine.people.prepare(
      side,
      known(side).flatMap(({ assignees = [] }) => assignees),
    );
    await engine.catalogue.prepare(
      side,
      known(side).map(({ milestone }) => milestone),
    );
  }
}

async function fieldTimes(
  engine: Engine,
  { link, open }: LinkedIssue,
  decided: Reconciled,
): Promise<Sides<FieldTimes> | undefined> {
  // One that is open may be older than the policy.
  const isOpen = (name: IssueFieldName): boolean => open.some(({ field }) => field === name);
  const fields = decided.decisions
    .filter(({ conflict, hold, field }) => conflict !== undefined || (hold === true && isOpen(field)))
    .map(({ field }) => field);
  if (engine.context.policy.conflicts !== 'newest' || fields.length === 0) return undefined;
  const [left, right] = await Promise.all(
    (['left', 'right'] as const).map((side) => engine.tracker(side).fieldTimes(link[side]?.key ?? '', fields)),
  );
  return { left: left ?? {}, right: right ?? {} };
}

interface Decided {
  readonly decided: Reconciled;
  readonly rules: Rules;
  /** With the bases it was decided on. */
  readonly link: IssueLink;
}

async function decide(engine: Engine, item: LinkedIssue, values: Sides<IssueValues>): Promise<Decided> {
  const { open, rerender } = item;
  const rules = engine.rules(item.link.originSide, { open, ...(rerender !== undefined && { rerender }) });
  await prepare(engine, values, item.link.baseline);
  const { baseline: known, ...bare } = item.link;
  const baseline = known === undefined ? undefined : settleBegun(known, values, rules);
  const link = { ...bare, ...(baseline !== undefined && { baseline }) };
  const decided = reconcile(baseline, values.left, values.right, rules);
  const times = await fieldTimes(engine, { ...item, link }, decided);
  if (times === undefined) return { decided, rules, link };
  const informed = { ...rules, times };
  return { decided: reconcile(baseline, values.left, values.right, informed), rules: informed, link };
}

/** Milestones that are about to be written, made where they are missing: the write names them by their keys. */
async function withMilestones(engine: Engine, decided: Reconciled): Promise<Reconciled> {
  const keyed = async (side: LinkSide): Promise<Partial<IssueValues>> => {
    const wanted = decided.write[side];
    const { milestone } = wanted;
    if (milestone === undefined || milestone === null || !('milestone' in (await writable(engine, side, wanted))))
      return wanted;
    const key = await engine.catalogue.keyFor(side, milestone);
    return key === undefined ? wanted : { ...wanted, milestone: { ...milestone, key } };
  };
  return { ...decided, write: { left: await keyed('left'), right: await keyed('right') } };
}

interface Beginning {
  /** The link as the store has it. */
  readonly stored: IssueLink;
  /** With the bases it was decided on. */
  readonly link: IssueLink;
  readonly both: Sides<IssueValues>;
  readonly decided: Reconciled;
}

/**
 * Stores what is about to be written, so that a lost answer is no mystery afterwards. Two that have never agreed on
 * anything have no bases to add it to. Returns the link as it is stored then.
 */
async function begin(engine: Engine, { stored, link, both, decided }: Beginning): Promise<IssueLink> {
  const { baseline } = link;
  const isIdle = (['left', 'right'] as const).every((side) => Object.keys(decided.write[side]).length === 0);
  if (baseline === undefined || isIdle) return stored;
  const returned = async (side: LinkSide): Promise<Partial<IssueValues>> =>
    asReturned(engine, side, await writable(engine, side, decided.write[side]));
  const wanted = { left: await returned('left'), right: await returned('right') };
  const begun = { ...link, baseline: beginWrites(baseline, both, wanted) };
  engine.commits.add({ links: [begun] });
  await engine.commits.drain();
  return begun;
}

/**
 * Brings both sides of a linked issue in step: decides, writes, and decides again where somebody was faster. Returns
 * the link with its new bases, which the caller stores with the conflicts and the history. Undefined: a side is not
 * there any more.
 */
export async function syncLinked(engine: Engine, item: LinkedIssue): Promise<SyncedIssue | undefined> {
  let stored = item.link;
  const issues: Partial<Sides<Issue>> = { ...item.issues };
  const news: Partial<Sides<Issue>> = { ...item.issues };
  const written: Sides<Partial<IssueValues>> = { left: {}, right: {} };
  let unsaid: Found | undefined;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const values: Partial<Sides<IssueValues>> = {};
    for (const side of ['left', 'right'] as const) {
      const issue = issues[side];
      if (issue !== undefined) values[side] = engine.values(stored, side, issue);
    }
    for (const side of ['left', 'right'] as const) {
      const known = values[otherSide(side)];
      if (values[side] !== undefined || known === undefined) continue;
      // What is confidential goes nowhere that somebody may have made public meanwhile.
      const isRead = item.open.length > 0 || known.confidential;
      const asBefore = isRead ? undefined : assumed(stored, side, known, engine);
      if (asBefore !== undefined) values[side] = asBefore;
      else {
        const issue = await fetchSide(engine, stored, side);
        if (issue === undefined) return undefined;
        [issues[side], news[side]] = [issue, issue];
        values[side] = engine.values(stored, side, issue);
      }
    }
    const { left, right } = values;
    if (left === undefined || right === undefined) throw new Error('a link without a side that is known');
    const both = { left, right };
    // What this very round begins is said by its end.
    unsaid ??= stored.baseline === undefined ? nothing : writtenOf(stored.baseline, both);
    const known = { ...item, link: stored };
    let decision = await decide(engine, known, both);
    // Files go before the texts that name them, which then name the copies.
    if (await copyFiles(engine, stored, decision.decided, both)) decision = await decide(engine, known, both);
    const { rules, link } = decision;
    const { originSide } = link;
    const text = decision.decided.write[originSide].description ?? both[originSide].description;
    // What is linked meanwhile was not linked when the text was rendered.
    const awaits = unlinkedIssues(text, rules.translation.text(originSide));
    if (engine.context.isPlan) {
      const { exposed } = decision.decided;
      await planDecisions(engine, link, decision.decided, both);
      return { link, issues, news, ...(exposed !== undefined && { exposed }) };
    }
    const decided = await withMilestones(engine, decision.decided);
    stored = await begin(engine, { stored, link, both, decided });
    // A write of one side alone needs the other's text only for its frame.
    const round = { link, issues, both, decided, written };
    const stale = await writeSides(engine, round);
    if (stale !== undefined) {
      news[stale] = issues[stale];
      continue;
    }
    return finish(engine, { ...round, stored, news, rules, awaits, open: item.open, unsaid });
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
