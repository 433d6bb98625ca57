import { isDeepStrictEqual } from 'node:util';
import { ConnectorError, type HistoryLine, type LinkSide, type TrackerMilestone } from '@syncline/connector-sdk';
import type { MilestoneValues } from '../baseline.js';
import type { MilestoneLink, ToldMilestone } from '../links.js';
import type { Flow } from '../policy.js';
import type { EngineContext } from './context.js';
import { mergeMilestone, settleBegunMilestone, type MilestoneField } from './merge-milestone.js';

type Sides<T> = Record<LinkSide, T>;

const sideName = { left: 'source', right: 'target' } as const;
const fieldName: Readonly<Record<MilestoneField, string>> = {
  title: 'title',
  description: 'description',
  state: 'state',
  startDate: 'start date',
  dueDate: 'due date',
};

/** Written one after the other, so that one that is refused holds up no other; dates are refused or taken together. */
const parts: readonly (readonly MilestoneField[])[] = [['title'], ['description'], ['state'], ['startDate', 'dueDate']];

/** Of a value that a sentence quotes. */
const mostQuoted = 120;

export const milestoneValues = (milestone: TrackerMilestone): MilestoneValues => ({
  title: milestone.title,
  description: milestone.description,
  state: milestone.state,
  startDate: milestone.startDate,
  dueDate: milestone.dueDate,
});

/** What a step did with a linked milestone. */
export interface SyncedMilestone {
  /** As they are now. */
  readonly milestones: Sides<TrackerMilestone>;
  /** To store, where something changed. */
  readonly link?: MilestoneLink;
  readonly history: readonly HistoryLine[];
}

/**
 * Brings two linked milestones in step. What nobody but people can decide, and what a side refuses, is left as it is and
 * told once: in the run's log and in the link's history, until one of the two values is another one.
 *
 * `begin`: stores the link as it is while it is written.
 */
export async function syncMilestone(
  context: EngineContext,
  link: MilestoneLink,
  milestones: Sides<TrackerMilestone>,
  flow: Flow,
  begin: (link: MilestoneLink) => Promise<void>,
): Promise<SyncedMilestone> {
  const { baseline } = link;
  if (baseline === undefined) return { milestones, history: [] };
  const writable = { left: milestones.left.writable, right: milestones.right.writable };
  const seen = valuesOf(milestones);
  const base = settleBegunMilestone(baseline, seen);
  const { write, held, open } = mergeMilestone({ base, now: seen, writable }, flow, context.policy.conflicts);
  const writes = Object.keys(write.left).length + Object.keys(write.right).length > 0;
  const begun: MilestoneLink = { ...link, baseline: { ...baseline, ...base, begun: { seen, wanted: write } } };
  if (writes && !context.isPlan) await begin(begun);
  const written = await writeParts(context, milestones, write);
  const now = valuesOf(written.milestones);
  const causes: Causes = new Map([
    ...open.map(({ field, bothChanged }) => [field, why(bothChanged)] as const),
    ...written.refused,
  ]);
  const told: ToldMilestone = Object.fromEntries([...causes.keys()].map((field) => [field, bothValues(now, field)]));
  const untold = [...causes].filter(([field]) => !isDeepStrictEqual(told[field], baseline.told?.[field]));
  const history: HistoryLine[] = [];
  for (const [field, cause] of untold) history.push(await tell(context, link, now, field, cause));
  if (context.isPlan) return { milestones, history: [] };
  const side = (name: LinkSide): MilestoneValues => {
    const kept = [...held, ...written.refused.keys()].map((field) => [field, base[name][field]] as const);
    return { ...now[name], ...Object.fromEntries(kept) };
  };
  const next: MilestoneLink = {
    ...link,
    ...(link.left !== undefined && { left: { ...link.left, title: now.left.title } }),
    ...(link.right !== undefined && { right: { ...link.right, title: now.right.title } }),
    baseline: { left: side('left'), right: side('right'), ...(causes.size > 0 && { told }) },
  };
  const isNews = writes || history.length > 0 || !isDeepStrictEqual(next, link);
  return { milestones: written.milestones, history, ...(isNews && { link: next }) };
}

const valuesOf = ({ left, right }: Sides<TrackerMilestone>): Sides<MilestoneValues> => ({
  left: milestoneValues(left),
  right: milestoneValues(right),
});

const bothValues = (now: Sides<MilestoneValues>, field: MilestoneField): Sides<string | null> => ({
  left: now.left[field],
  right: now.right[field],
});

const why = (bothChanged: boolean): string =>
  bothChanged ? 'Both sides changed it differently.' : 'They have not agreed on it since they were linked.';

/** Why fields are left as they are. */
type Causes = Map<MilestoneField, string>;

async function writeParts(
  context: EngineContext,
  found: Sides<TrackerMilestone>,
  wanted: Readonly<Sides<Partial<MilestoneValues>>>,
): Promise<{ milestones: Sides<TrackerMilestone>; refused: Causes }> {
  const milestones = { ...found };
  const refused: Causes = new Map();
  for (const side of ['left', 'right'] as const) {
    for (const part of parts) {
      const fields = part.filter((field) => wanted[side][field] !== undefined);
      if (fields.length === 0) continue;
      if (context.isPlan) {
        await planUpdate(context, side, milestones[side], fields);
        continue;
      }
      const patch = Object.fromEntries(fields.map((field) => [field, wanted[side][field]]));
      try {
        milestones[side] = await context.trackers[side].updateMilestone(milestones[side].key, patch);
      } catch (error) {
        const { kind, message } = ConnectorError.from(error);
        if (kind !== 'permanent') throw error;
        for (const field of fields) refused.set(field, `The ${sideName[side]} did not take it (${message}).`);
      }
    }
  }
  return { milestones, refused };
}

async function planUpdate(
  context: EngineContext,
  side: LinkSide,
  { title }: TrackerMilestone,
  fields: readonly string[],
): Promise<void> {
  const reason = 'It was changed on the other side, or the policy lets the other side win.';
  await context.plan({ op: 'update', kind: 'milestone', side, title, fields, reason });
}

/** Says which milestone, which field, both values and what to do; a plan says it as an item of its own. */
async function tell(
  context: EngineContext,
  link: MilestoneLink,
  now: Sides<MilestoneValues>,
  field: MilestoneField,
  cause: string,
): Promise<HistoryLine> {
  const { title } = now.left;
  const values = `${quoted(now.left[field])} in the source, ${quoted(now.right[field])} in the target`;
  const reason = `The ${fieldName[field]} of milestone ${quoted(title)} differs: ${values}. ${cause} Both stay as they are until somebody gives them the same value, on either side.`;
  if (context.isPlan) {
    await context.plan({ op: 'conflict', kind: 'milestone', side: 'left', title, fields: [field], reason });
  } else context.session.log.warn(reason, { data: { milestone: title, field } });
  return { action: 'conflicted', linkId: link.id, fields: [field], reason };
}

function quoted(value: string | null): string {
  if (value === null || value === '') return 'none';
  const line = value.replace(/\s+/g, ' ').trim();
  return `“${line.length > mostQuoted ? `${line.slice(0, mostQuoted)}…` : line}”`;
}
