import type { Cursor } from '@syncline/connector-sdk';

/** A tag of one of a project's registry repositories. */
export interface TagPlace {
  readonly repositoryId: number;
  readonly name: string;
}

export interface Turn {
  readonly turn: readonly TagPlace[];
  readonly cursor: Cursor;
  /** So many polls pass, at most, until each tag has had its turn. */
  readonly polls: number;
}

/** Whose turn it is after the place in the cursor. Tags may come and go between two polls. */
export function rotate(places: readonly TagPlace[], cursor: Cursor | undefined, count: number): Turn {
  const sorted = [...places].sort(compare);
  const name = cursor?.['name'];
  const last = { repositoryId: Number(cursor?.['repositoryId'] ?? -1), name: typeof name === 'string' ? name : '' };
  const next = sorted.findIndex((place) => compare(place, last) > 0);
  const start = next === -1 ? 0 : next;
  const turn = [...sorted.slice(start), ...sorted.slice(0, start)].slice(0, count);
  const end = turn.at(-1) ?? last;
  return {
    turn,
    cursor: { repositoryId: end.repositoryId, name: end.name },
    polls: Math.ceil(sorted.length / count),
  };
}

function compare(a: TagPlace, b: TagPlace): number {
  if (a.repositoryId !== b.repositoryId) return a.repositoryId - b.repositoryId;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
