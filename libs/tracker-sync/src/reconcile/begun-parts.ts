import type { IssueFieldName, LinkSide } from '@syncline/connector-sdk';
import type { BegunWrites, IssueBaseline } from '../baseline.js';
import { otherSide } from '../policy.js';
import { sameValue, type IssueValues, type SetField } from '../values.js';
import { mergeEdits } from './merge-text.js';
import type { Rules } from './rules.js';

type Names = readonly string[];

const without = (names: Names, taken: Names): string[] => names.filter((name) => !taken.includes(name));

/** With what came and without what went. */
const changedBy = (names: Names, came: Names, went: Names): string[] =>
  [...new Set([...without(names, went), ...came])].sort();

/** A text that has all that a write was to change, and edits of other lines besides. */
export function holdsText(now: string, seen: string, wanted: string): boolean {
  return seen !== wanted && mergeEdits(now, seen, wanted, undefined) === now;
}

/**
 * Names are written one by one, and people add and remove others meanwhile: each that is as a write was to leave it
 * counts as written, and the other side's change it stands for as taken over. Returns the new bases of both sides;
 * undefined: nothing of the write is there.
 */
export function settleNames(
  field: SetField,
  side: LinkSide,
  bases: Readonly<Record<LinkSide, Names>>,
  before: IssueBaseline,
  begun: BegunWrites,
  now: Readonly<Record<LinkSide, IssueValues>>,
  rules: Rules,
): Record<LinkSide, Names> | undefined {
  const other = otherSide(side);
  const wanted = begun.wanted[side][field];
  if (wanted === undefined || sameValue(wanted, now[side][field])) return undefined;
  const [seen, seenThere] = [begun.seen[side][field] ?? [], begun.seen[other][field] ?? []];
  const came = without(wanted, seen).filter((name) => now[side][field].includes(name));
  const went = without(without(seen, wanted), now[side][field]);
  if (came.length + went.length === 0) return undefined;
  const standsFor =
    (names: Names) =>
    (name: string): boolean => {
      const here = field === 'labels' ? name : rules.translation.user(other, name);
      return here !== undefined && names.includes(here);
    };
  const baseThere = before[other].values[field] ?? [];
  const here = changedBy(bases[side], came, went);
  const there = changedBy(
    bases[other],
    without(seenThere, baseThere).filter(standsFor(came)),
    without(baseThere, seenThere).filter(standsFor(went)),
  );
  return side === 'left' ? { left: here, right: there } : { left: there, right: here };
}

export const isSetField = (field: IssueFieldName): field is SetField => field === 'labels' || field === 'assignees';
