import type { LinkSide, SessionLog, Tracker } from '@syncline/connector-sdk';
import { otherSide, type SyncPolicy } from '../policy.js';

/** Two accounts of one person. */
export interface UserPair {
  readonly left: string;
  readonly right: string;
}

/** Who stands for whom: by the mapping, then by the policy, never by likeness. */
export class People {
  private readonly mapped: Readonly<Record<LinkSide, Map<string, string>>>;
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
    this.mapped = {
      left: new Map(users.map(({ left, right }) => [left.toLowerCase(), right])),
      right: new Map(users.map(({ left, right }) => [right.toLowerCase(), left])),
    };
  }

  /** Looks up what the policy lets us look up. */
  async prepare(from: LinkSide, usernames: readonly string[]): Promise<void> {
    if (this.policy.unmappedUsers !== 'same-username') return;
    for (const username of usernames) {
      const key = username.toLowerCase();
      if (this.mapped[from].has(key) || this.sameName[from].has(key)) continue;
      const user = await this.trackers[otherSide(from)].findUser(username);
      const isTaken = user !== undefined && this.mapped[otherSide(from)].has(user.username.toLowerCase());
      this.sameName[from].set(key, isTaken ? undefined : user?.username);
    }
  }

  /** The account over there; undefined, and one warning a run, where there is none. */
  counterpart(from: LinkSide, username: string): string | undefined {
    const key = username.toLowerCase();
    return this.mapped[from].get(key) ?? this.sameName[from].get(key);
  }

  /** Only who was mapped by a person is mentioned over there. */
  mentioned(from: LinkSide, username: string): string | undefined {
    return this.mapped[from].get(username.toLowerCase());
  }

  warnUnmapped(from: LinkSide, usernames: readonly string[]): void {
    for (const username of usernames) {
      if (this.counterpart(from, username) !== undefined || this.warned.has(`${from} ${username}`)) continue;
      this.warned.add(`${from} ${username}`);
      const { baseUrl } = this.trackers[from].place;
      const there = this.trackers[otherSide(from)].place.baseUrl;
      this.log.warn(
        `${username} of ${baseUrl} has no user mapping to ${there} and is not assigned there. Add one under user mappings.`,
        { data: { instance: baseUrl, username } },
      );
    }
  }
}
