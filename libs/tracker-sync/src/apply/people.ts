import type { LinkSide, SessionLog, Tracker } from '@syncline/connector-sdk';
import { flowsTo, otherSide, type Flow, type SyncPolicy } from '../policy.js';

/** Two accounts of one person. */
export interface UserPair {
  readonly left: string;
  readonly right: string;
  /** Which way it holds; absent: both. */
  readonly flow?: Flow;
}

interface Mapping {
  /** By username in small letters. */
  readonly names: ReadonlyMap<string, string>;
  /** Those that several stand for: nobody knows which of these is meant. */
  readonly unclear: ReadonlyMap<string, readonly string[]>;
}

function mappingTo(side: LinkSide, users: readonly UserPair[]): Mapping {
  const said = new Map<string, Map<string, string>>();
  for (const { left, right, flow = 'both' } of users) {
    if (!flowsTo(flow, side)) continue;
    const [from, to] = side === 'right' ? [left, right] : [right, left];
    const known = said.get(from.toLowerCase()) ?? new Map<string, string>();
    said.set(from.toLowerCase(), known.set(to.toLowerCase(), to));
  }
  const names = new Map<string, string>();
  const unclear = new Map<string, readonly string[]>();
  for (const [from, found] of said) {
    const [only, ...more] = found.values();
    if (more.length > 0) unclear.set(from, [...found.values()].sort());
    else if (only !== undefined) names.set(from, only);
  }
  return { names, unclear };
}

/** Who stands for whom: by the mapping, then by the policy, never by likeness. */
export class People {
  /** From each side to the other. */
  private readonly mapped: Readonly<Record<LinkSide, Mapping>>;
  private readonly sameName: Readonly<Record<LinkSide, Map<string, string | undefined>>> = {
    left: new Map(),
    right: new Map(),
  };
  private readonly warned = new Set<string>();

  constructor(
    users: readonly UserPair[],
    private readonly trackers: Readonly<Record<LinkSide, Tracker>>,
    private readonly policy: SyncPolicy,
    private readonly log: SessionLog,
  ) {
    this.mapped = { left: mappingTo('right', users), right: mappingTo('left', users) };
  }

  /** Looks up what the policy lets us look up. */
  async prepare(from: LinkSide, usernames: readonly string[]): Promise<void> {
    if (this.isHome || this.policy.unmappedUsers !== 'same-username') return;
    for (const username of usernames) {
      const key = username.toLowerCase();
      if (this.isMapped(from, key) || this.sameName[from].has(key)) continue;
      const user = await this.trackers[otherSide(from)].findUser(username);
      const isTaken = user !== undefined && this.isMapped(otherSide(from), user.username.toLowerCase());
      this.sameName[from].set(key, isTaken ? undefined : user?.username);
    }
  }

  /** Both places are in one instance, where everybody has one account. */
  private get isHome(): boolean {
    return this.trackers.left.place.baseUrl === this.trackers.right.place.baseUrl;
  }

  private isMapped(from: LinkSide, key: string): boolean {
    const { names, unclear } = this.mapped[from];
    return names.has(key) || unclear.has(key);
  }

  /** The account over there; undefined, and one warning a run, where there is none. Inside one instance it is the same. */
  counterpart(from: LinkSide, username: string): string | undefined {
    if (this.isHome) return username;
    const key = username.toLowerCase();
    return this.mapped[from].names.get(key) ?? this.sameName[from].get(key);
  }

  /** Only who was mapped by a person is mentioned over there. */
  mentioned(from: LinkSide, username: string): string | undefined {
    return this.mapped[from].names.get(username.toLowerCase());
  }

  warnUnmapped(from: LinkSide, usernames: readonly string[]): void {
    for (const username of usernames) {
      if (this.counterpart(from, username) !== undefined || this.warned.has(`${from} ${username}`)) continue;
      this.warned.add(`${from} ${username}`);
      const { baseUrl } = this.trackers[from].place;
      const there = this.trackers[otherSide(from)].place.baseUrl;
      const several = this.mapped[from].unclear.get(username.toLowerCase());
      const why =
        several === undefined
          ? `has no user mapping to ${there} and is not assigned there. Add one under user mappings.`
          : `stands for several users of ${there} (${several.join(', ')}), so none of them is assigned. ` +
            'Add a user mapping in this direction to say which one.';
      this.log.warn(`${username} of ${baseUrl} ${why}`, { data: { instance: baseUrl, username } });
    }
  }
}
