import type { LinkSide } from '@syncline/connector-sdk';
import type { MilestoneBaseline, MilestoneValues } from '../baseline.js';
import { flowsTo, otherSide, type Flow, type SyncPolicy } from '../policy.js';

type Sides<T> = Readonly<Record<LinkSide, T>>;
export type MilestoneField = keyof MilestoneValues;

const fields: readonly MilestoneField[] = ['title', 'description', 'state', 'startDate', 'dueDate'];

/** Two linked milestones, as they are and as they last agreed. */
export interface MilestonePair {
  readonly base: Sides<MilestoneValues>;
  readonly now: Sides<MilestoneValues>;
  /** False of one that is used and never changed. */
  readonly writable: Sides<boolean>;
}

export interface MergedMilestone {
  readonly write: Sides<Partial<MilestoneValues>>;
  /** Left as they are and not agreed: their bases stay, so that the next change is still one. */
  readonly held: readonly MilestoneField[];
  /** Of these, nobody but people can say which value is right; each with whether both sides changed it. */
  readonly open: readonly { readonly field: MilestoneField; readonly bothChanged: boolean }[];
}

/**
 * The bases after writes nobody knows the outcome of: a side that holds what it was to hold was written, and the other
 * side's base is what the write was decided on. Anything else counts as not written.
 */
export function settleBegunMilestone(baseline: MilestoneBaseline, now: Sides<MilestoneValues>): Sides<MilestoneValues> {
  const { begun } = baseline;
  const bases = { left: { ...baseline.left }, right: { ...baseline.right } };
  if (begun === undefined) return bases;
  for (const side of ['left', 'right'] as const) {
    const other = otherSide(side);
    for (const field of fields) {
      const wanted = begun.wanted[side][field];
      if (wanted === undefined || now[side][field] !== wanted) continue;
      Object.assign(bases[side], { [field]: wanted });
      Object.assign(bases[other], { [field]: begun.seen[other][field] });
    }
  }
  return bases;
}

/**
 * The three-way merge of two linked milestones, field by field. What both sides gave another value goes by the policy
 * where it names a side; milestones have no times per field, so that `newest` cannot decide them.
 */
export function mergeMilestone(
  { base, now, writable }: MilestonePair,
  flow: Flow,
  conflicts: SyncPolicy['conflicts'],
): MergedMilestone {
  const write = { left: {}, right: {} } as Record<LinkSide, Partial<Record<MilestoneField, string | null>>>;
  const held: MilestoneField[] = [];
  const open: { field: MilestoneField; bothChanged: boolean }[] = [];
  const mayWrite = (side: LinkSide): boolean => flowsTo(flow, side) && writable[side];
  for (const field of fields) {
    if (now.left[field] === now.right[field]) continue;
    const changed = { left: now.left[field] !== base.left[field], right: now.right[field] !== base.right[field] };
    if (changed.left !== changed.right) {
      const from = changed.left ? 'left' : 'right';
      const to = otherSide(from);
      if (mayWrite(to)) write[to][field] = now[from][field];
      else held.push(field);
      continue;
    }
    const bothChanged = changed.left;
    const winner = conflicts === 'source' ? 'left' : conflicts === 'target' ? 'right' : undefined;
    const loser = winner === undefined ? undefined : otherSide(winner);
    if (bothChanged && winner !== undefined && loser !== undefined && mayWrite(loser)) {
      write[loser][field] = now[winner][field];
      continue;
    }
    held.push(field);
    open.push({ field, bothChanged });
  }
  return { write: write as Sides<Partial<MilestoneValues>>, held, open };
}
