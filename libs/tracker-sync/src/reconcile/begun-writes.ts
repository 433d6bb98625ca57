import type { IssueFieldName, LinkSide } from '@syncline/connector-sdk';
import type { BegunWrites, IssueBaseline, SideBaseline } from '../baseline.js';
import { otherSide } from '../policy.js';
import { guardText } from '../text/index.js';
import { canonicalText, sameValue, type FieldValue, type IssueValues } from '../values.js';
import { holdsText, isSetField, settleNames } from './begun-parts.js';
import { reconcile, type Reconciled } from './reconcile.js';
import type { Rules } from './rules.js';

type Sides<T> = Readonly<Record<LinkSide, T>>;
type Values = Partial<Record<IssueFieldName, FieldValue>>;
type Sided = Readonly<Record<'seen' | 'wanted', Partial<IssueValues>>>;

const fieldsOf = (values: Partial<IssueValues>): IssueFieldName[] => Object.keys(values) as IssueFieldName[];

function pick(values: Partial<IssueValues>, fields: readonly IssueFieldName[]): Partial<IssueValues> {
  return Object.fromEntries(fields.flatMap((field) => (field in values ? [[field, values[field]]] : [])));
}

/**
 * The bases with the writes that are about to be sent. Versions are dropped: whoever finds this reads both sides.
 *
 * `wanted`: as the sides would return it.
 */
export function beginWrites(
  baseline: IssueBaseline,
  seen: Sides<IssueValues>,
  wanted: BegunWrites['wanted'],
): IssueBaseline {
  const fields = [...new Set([...fieldsOf(wanted.left), ...fieldsOf(wanted.right)])];
  return {
    ...baseline,
    left: { ...baseline.left, version: '' },
    right: { ...baseline.right, version: '' },
    begun: { seen: { left: pick(seen.left, fields), right: pick(seen.right, fields) }, wanted },
  };
}

/** What a side would hold that had taken over the other side's changes and made none of its own. */
function followed(before: IssueBaseline, begun: BegunWrites, side: LinkSide, now: IssueValues, rules: Rules): Values {
  const other = otherSide(side);
  const there = { ...now, ...begun.seen[other] };
  const here = { ...now, ...pick(before[side].values, fieldsOf(begun.wanted[side])) };
  const alone: Reconciled = reconcile(
    before,
    side === 'left' ? here : there,
    side === 'left' ? there : here,
    // Decided by somebody or not: it is about what one side alone had changed.
    { ...rules, open: [] },
  );
  const { description, ...rest } = alone.write[side];
  return { ...rest, ...(description !== undefined && { description: canonicalText(guardText(description)) }) };
}

/** Is a side's field as the write was to leave it, edits of other lines aside? */
function isWritten(field: IssueFieldName, { seen, wanted }: Sided, now: IssueValues): boolean {
  if (sameValue(now[field], wanted[field] ?? null)) return true;
  if (field !== 'description') return false;
  return holdsText(now.description, seen.description ?? '', wanted.description ?? '');
}

/** The fields of begun writes that are as they were to be left, lines that were edited besides aside. */
export function writtenOf(baseline: IssueBaseline, now: Sides<IssueValues>): Sides<readonly IssueFieldName[]> {
  const side = (name: LinkSide): IssueFieldName[] => {
    const { begun } = baseline;
    if (begun === undefined) return [];
    const one = { seen: begun.seen[name], wanted: begun.wanted[name] };
    return fieldsOf(one.wanted).filter((field) => isWritten(field, one, now[name]));
  };
  return { left: side('left'), right: side('right') };
}

/**
 * The bases after writes nobody knows the outcome of, by what the sides hold now. A side that holds what it was to hold
 * was written: that is what it was left with, and the other side's base is what the write was decided on. Lines and
 * names are looked at one by one, as people go on with others. A side that holds anything else counts as not written,
 * so that nothing people did is ever taken for ours.
 */
export function settleBegun(baseline: IssueBaseline, now: Sides<IssueValues>, rules: Rules): IssueBaseline {
  const { begun, ...before } = baseline;
  if (begun === undefined) return baseline;
  const bases: Record<LinkSide, Values> = { left: {}, right: {} };
  const done = writtenOf(baseline, now);
  for (const side of ['left', 'right'] as const) {
    const other = otherSide(side);
    const hadOwn = (field: IssueFieldName): boolean =>
      !sameValue(begun.seen[side][field] ?? null, before[side].values[field] ?? null);
    const alone = done[side].some((field) => hadOwn(field) && !done[other].includes(field))
      ? followed(before, begun, side, now[side], rules)
      : {};
    for (const field of done[side]) {
      const written = begun.wanted[side][field] ?? null;
      if (done[other].includes(field) || !hadOwn(field)) bases[side][field] = written;
      else bases[side][field] = alone[field] ?? before[side].values[field] ?? written;
      if (!done[other].includes(field)) bases[other][field] = begun.seen[other][field] ?? null;
    }
  }
  for (const side of ['left', 'right'] as const) {
    for (const field of fieldsOf(begun.wanted[side]).filter(isSetField)) {
      const known = (name: LinkSide): readonly string[] =>
        (bases[name][field] as readonly string[] | undefined) ?? before[name].values[field] ?? [];
      const names = settleNames(field, side, { left: known('left'), right: known('right') }, before, begun, now, rules);
      if (names !== undefined) [bases.left[field], bases.right[field]] = [names.left, names.right];
    }
  }
  const settled = (side: LinkSide): SideBaseline => {
    const { refused, ...rest } = before[side];
    const still = Object.entries(refused ?? {}).filter(([field]) => !done[side].some((name) => name === field));
    return {
      ...rest,
      values: { ...rest.values, ...(bases[side] as Partial<IssueValues>) },
      ...(still.length > 0 && { refused: Object.fromEntries(still) }),
    };
  };
  return { ...before, left: settled('left'), right: settled('right') };
}
