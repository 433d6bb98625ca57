import type { LinkSide } from '@syncline/connector-sdk';
import { flowsTo, otherSide, type Flow } from '../policy.js';
import { sameValue } from '../values.js';
import type { Decision, FieldPair } from './decision.js';

type Names = readonly string[];

/** One side of a set field. */
interface SetSide {
  readonly now: Names;
  readonly added: Names;
  readonly removed: Names;
  /** The other side's word for a name; undefined where it has none. */
  readonly carry: (name: string) => string | undefined;
  /** What was asked of this side and not kept. */
  readonly refused: Names;
  /** Names of this side that stand for the other side's, as mapped before and now. */
  readonly mappedBefore?: Names;
  readonly mappedNow: Names;
}

export interface SetRules {
  readonly flow: Flow;
  readonly carry: Readonly<Record<LinkSide, (name: string) => string | undefined>>;
  readonly refused: Readonly<Record<LinkSide, Names>>;
  readonly mappedBefore: Readonly<Record<LinkSide, Names | undefined>>;
  /** The mapping changed: who stands for somebody else on this side, the copy's, is replaced. */
  readonly remapped?: LinkSide;
}

const without = (names: Names, taken: Names): string[] => names.filter((name) => !taken.includes(name));
const carried = (names: Names, carry: SetSide['carry']): string[] =>
  names.map(carry).filter((name): name is string => name !== undefined);

/**
 * What this side should hold after the other side's additions and removals. Several names of one side may stand for one
 * of the other: that one stays until the last of them is gone, and takes all of them along when it goes itself.
 */
function follow(here: SetSide, there: SetSide): string[] {
  const touched = there.added.length + there.removed.length > 0;
  const standing = carried(there.now, there.carry);
  const retried = touched ? here.refused.filter((name) => standing.includes(name)) : [];
  const remapped = here.mappedBefore;
  const represented = carried(here.now, here.carry);
  const arrived = [
    ...carried(without(there.added, represented), there.carry),
    ...retried,
    ...(remapped === undefined ? [] : without(here.mappedNow, remapped)),
  ];
  const gone = [
    ...carried(there.removed, there.carry),
    ...here.now.filter((name) => there.removed.some((removed) => removed === here.carry(name))),
  ];
  const left = [
    ...without(gone, [...here.added, ...standing]),
    ...(remapped === undefined ? [] : without(remapped, here.mappedNow)),
  ];
  return [...new Set([...without(here.now, without(left, arrived)), ...arrived])].sort();
}

/**
 * Sets merge by what was added and removed on each side, so they are never in conflict. Names without a counterpart are
 * nobody's business but their own side's.
 */
export function mergeSet(pair: FieldPair<Names>, rules: SetRules): Decision {
  const side = (name: LinkSide): SetSide => {
    const now = pair[name];
    const base = (name === 'left' ? pair.baseLeft : pair.baseRight) ?? [];
    const other = otherSide(name);
    return {
      now,
      added: without(now, base),
      removed: without(base, now),
      carry: rules.carry[name],
      refused: without(rules.refused[name], now),
      ...(rules.remapped === name && { mappedBefore: rules.mappedBefore[name] ?? [] }),
      mappedNow: carried(pair[other], rules.carry[other]),
    };
  };
  const [left, right] = [side('left'), side('right')];
  const write: Partial<Record<LinkSide, Names>> = {};
  const reasons: string[] = [];
  for (const [name, here, there] of [
    ['left', left, right],
    ['right', right, left],
  ] as const) {
    const wanted = follow(here, there);
    if (!flowsTo(rules.flow, name) || sameValue(wanted, here.now)) continue;
    write[name] = wanted;
    reasons.push(
      there.added.length + there.removed.length === 0
        ? 'Users are mapped differently now.'
        : 'Names were added or removed on the other side.',
    );
  }
  if (Object.keys(write).length === 0) return { field: pair.field };
  return { field: pair.field, write, reason: [...new Set(reasons)].join(' ') };
}
