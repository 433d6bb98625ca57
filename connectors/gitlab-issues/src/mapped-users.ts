import type { UserMappings } from '@syncline/connector-sdk';
import type { UserPair } from '@syncline/tracker-sync';

/**
 * Who stands for whom between two instances. Where several stand for one, what was said for one direction holds in that
 * direction alone.
 */
export async function mappedUsers(session: UserMappings, left: string, right: string): Promise<UserPair[]> {
  const [forth, back] = await Promise.all([session.userMappings(left, right), session.userMappings(right, left)]);
  const isBack = (from: string, to: string): boolean =>
    back.get(to.toLowerCase())?.toLowerCase() === from.toLowerCase();
  const isForth = (from: string, to: string): boolean =>
    forth.get(to.toLowerCase())?.toLowerCase() === from.toLowerCase();
  const pairs = [...forth].map(([from, to]): UserPair => {
    // Back from somebody whom nobody spoke of, the engine sees itself whether it is clear.
    const isPlain = isBack(from, to) || !back.has(to.toLowerCase());
    return { left: from, right: to, ...(isPlain ? {} : { flow: 'toRight' as const }) };
  });
  const more = [...back]
    .filter(([from, to]) => !isForth(from, to))
    .map(([from, to]): UserPair => ({ left: to, right: from, flow: 'toLeft' }));
  return [...pairs, ...more];
}
