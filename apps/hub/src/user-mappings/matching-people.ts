import type { Person } from '@syncline/connector-sdk';

export type Named = Person;

export interface Suggestion {
  readonly sourceUsername: string;
  readonly sourceName: string;
  readonly targetUsername: string;
  readonly targetName: string;
  /** What is equal on both sides. */
  readonly equal: 'username' | 'name';
}

/**
 * Who may be the same person: equal usernames first, then equal names that only one person has on either side. Nobody
 * is proposed twice, and nobody who is mapped already. Usernames in `mapped` are in lower case.
 */
export function suggest(
  source: readonly Named[],
  target: readonly Named[],
  mapped: { readonly source: ReadonlySet<string>; readonly target: ReadonlySet<string> },
): readonly Suggestion[] {
  const free = {
    source: source.filter(({ username }) => !mapped.source.has(username.toLowerCase())),
    target: target.filter(({ username }) => !mapped.target.has(username.toLowerCase())),
  };
  const byUsername = match(free.source, free.target, 'username', ({ username }) => username.toLowerCase());
  const taken = new Set(byUsername.flatMap((found) => [`<${found.sourceUsername}`, `>${found.targetUsername}`]));
  const byName = match(
    free.source.filter(({ username }) => !taken.has(`<${username}`)),
    free.target.filter(({ username }) => !taken.has(`>${username}`)),
    'name',
    ({ name }) => name.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase(),
  );
  return [...byUsername, ...byName].sort((a, b) => a.sourceUsername.localeCompare(b.sourceUsername));
}

function match(
  source: readonly Named[],
  target: readonly Named[],
  equal: Suggestion['equal'],
  keyOf: (person: Named) => string,
): readonly Suggestion[] {
  const here = groupBy(source, keyOf);
  const there = groupBy(target, keyOf);
  return [...here].flatMap(([key, [one, ...more]]): readonly Suggestion[] => {
    const [other, ...others] = there.get(key) ?? [];
    if (key === '' || one === undefined || other === undefined || more.length > 0 || others.length > 0) return [];
    return [
      {
        sourceUsername: one.username,
        sourceName: one.name,
        targetUsername: other.username,
        targetName: other.name,
        equal,
      },
    ];
  });
}

function groupBy(people: readonly Named[], keyOf: (person: Named) => string): ReadonlyMap<string, readonly Named[]> {
  const groups = new Map<string, Named[]>();
  for (const person of people) {
    const key = keyOf(person);
    const group = groups.get(key);
    if (group) group.push(person);
    else groups.set(key, [person]);
  }
  return groups;
}
