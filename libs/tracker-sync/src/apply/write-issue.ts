import type { Issue, IssueFieldName, IssuePatch, LinkSide, SetChange, UpdateResult } from '@syncline/connector-sdk';
import type { IssueLink } from '../links.js';
import { otherSide } from '../policy.js';
import { cutTitle, defuseTitle, frameCopy, guardText } from '../text/index.js';
import { canonicalText, canonicalTitle, type IssueValues } from '../values.js';
import type { Engine } from './engine.js';

/** What our change does to a set; others may change it meanwhile. */
function setChange(now: readonly string[], wanted: readonly string[]): SetChange {
  return {
    add: wanted.filter((name) => !now.includes(name)),
    remove: now.filter((name) => !wanted.includes(name)),
    value: wanted,
  };
}

/** The description as it is written to one side: framed where it is a copy. */
export function describe(
  engine: Engine,
  link: IssueLink,
  side: LinkSide,
  body: string,
  both: Record<LinkSide, string>,
): string {
  const guarded = guardText(body);
  if (!engine.isCopy(link, side)) return guarded;
  const other = otherSide(side);
  const frame = engine.frame(link, [both[side], both[other]]);
  return frameCopy(guarded, engine.body(link, other, both[other]), frame, engine.names.textMap(side));
}

/** Fields this side can hold; the rest is not asked of it. */
export async function writable(
  engine: Engine,
  side: LinkSide,
  wanted: Partial<IssueValues>,
): Promise<Partial<IssueValues>> {
  const { fields } = await engine.tracker(side).capabilities();
  const always: readonly IssueFieldName[] = ['title', 'description'];
  const kept = Object.entries(wanted).filter(([name]) => [...always, ...fields].some((field) => field === name));
  return Object.fromEntries(kept);
}

/** A title as it is written to a side: it calls nobody who was not called there before, and is as long as the side takes. */
export async function fitting(engine: Engine, side: LinkSide, title: string, before?: string): Promise<string> {
  const { maxTitleLength } = await engine.tracker(side).capabilities();
  return cutTitle(defuseTitle(title, before), maxTitleLength);
}

/** What a side returns that keeps what is asked of it: a title may be cut, a text defused. */
export async function asReturned(
  engine: Engine,
  side: LinkSide,
  wanted: Partial<IssueValues>,
): Promise<Partial<IssueValues>> {
  const { title, description } = wanted;
  return {
    ...wanted,
    ...(title !== undefined && { title: canonicalTitle(await fitting(engine, side, title)) }),
    ...(description !== undefined && { description: canonicalText(guardText(description)) }),
  };
}

export interface IssueWrite {
  readonly link: IssueLink;
  readonly side: LinkSide;
  /** What the write was decided on. */
  readonly now: IssueValues;
  /** Its milestone with the key it has there, or was given. */
  readonly wanted: Partial<IssueValues>;
  /** Both raw descriptions, for the frame. */
  readonly descriptions: Record<LinkSide, string>;
  /** The title that stands there now, as it is; undefined: nobody knows. */
  readonly title: string | undefined;
  /** Absent: nobody else knows the issue yet. */
  readonly expected?: string;
}

/** Writes one side of an issue, with the labels it needs. */
export async function writeIssue(engine: Engine, write: IssueWrite): Promise<UpdateResult> {
  const { link, side, now, descriptions } = write;
  const wanted = await writable(engine, side, write.wanted);
  const { title, description, state, labels, assignees, milestone, dueDate, confidential, weight } = wanted;
  if (labels !== undefined) await engine.catalogue.ensureLabels(side, labels);
  // One without a key is not there and cannot be made.
  const milestoneKey = milestone?.key === '' ? undefined : milestone === null ? null : milestone?.key;
  // Whom the title of an original called already may stay called; that of a copy calls nobody at all.
  const before = engine.isCopy(link, side) ? undefined : write.title;
  const patch: IssuePatch = {
    ...(title !== undefined && { title: await fitting(engine, side, title, before) }),
    ...(description !== undefined && { description: describe(engine, link, side, description, descriptions) }),
    ...(state !== undefined && { state }),
    ...(labels !== undefined && { labels: setChange(now.labels, labels) }),
    ...(assignees !== undefined && { assignees: setChange(now.assignees, assignees) }),
    ...(milestoneKey !== undefined && { milestone: milestoneKey }),
    ...(dueDate !== undefined && { dueDate }),
    ...(confidential !== undefined && { confidential }),
    ...(weight !== undefined && { weight }),
  };
  const key = link[side]?.key ?? '';
  if (Object.keys(patch).length === 0) return { stale: false, current: await existing(engine, side, key) };
  return engine.tracker(side).update(key, patch, write.expected);
}

async function existing(engine: Engine, side: LinkSide, key: string): Promise<Issue> {
  const issue = (await engine.tracker(side).find([key])).get(key);
  if (issue === undefined) throw new Error(`the issue ${key} is gone`);
  return issue;
}
