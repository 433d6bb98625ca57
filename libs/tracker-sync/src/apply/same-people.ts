import type { LinkSide, Session } from '@syncline/connector-sdk';
import { otherSide } from '../policy.js';
import type { PairOptions } from './engine.js';
import { People } from './people.js';

/**
 * Whether the engine takes the assignees of two linked issues for the same people. Who has nobody standing for them on
 * the other side is their own side's business.
 */
export async function samePeople(
  session: Pick<Session, 'log'>,
  { left, right, policy, users }: Pick<PairOptions, 'left' | 'right' | 'policy' | 'users'>,
  assigned: Readonly<Record<LinkSide, readonly string[]>>,
): Promise<boolean> {
  const people = new People(users, { left, right }, policy, session.log);
  for (const side of ['left', 'right'] as const) await people.prepare(side, assigned[side]);
  const lower = (names: readonly (string | undefined)[]): Set<string> =>
    new Set(names.flatMap((name) => name?.toLowerCase() ?? []));
  return (['left', 'right'] as const).every((side) => {
    const other = otherSide(side);
    const there = lower(assigned[other]);
    const represented = lower(assigned[other].map((name) => people.counterpart(other, name)));
    return assigned[side].every((name) => {
      const counterpart = people.counterpart(side, name)?.toLowerCase();
      return counterpart === undefined || there.has(counterpart) || represented.has(name.toLowerCase());
    });
  });
}
