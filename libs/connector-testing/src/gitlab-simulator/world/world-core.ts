import type { Edition } from '../entities/site.js';
import type { User } from '../model/people.js';
import type { Activity, Project } from '../model/project.js';
import { WorldClock } from './clock.js';
import { Random } from './random.js';
import type { WorldEvent } from './world-event.js';

export interface WorldOptions {
  readonly now?: () => Date;
  readonly seed?: number | string;
  /** Default `free`. */
  readonly edition?: Edition;
  /** What the instance believes its address to be, without a trailing slash. */
  readonly siteUrl?: () => string;
}

/** What all parts of the world share: time, ids, randomness and the wire that hooks listen on. */
export class WorldCore {
  readonly clock: WorldClock;
  readonly random: Random;
  readonly edition: Edition;
  readonly siteUrl: () => string;
  /** Raised when something changes that many serialised objects contain. */
  epoch = 0;
  private readonly counters = new Map<string, number>();
  private readonly listeners = new Set<(event: WorldEvent) => void>();

  constructor(options: WorldOptions) {
    this.clock = new WorldClock(options.now ?? (() => new Date()));
    this.random = new Random(options.seed ?? 1);
    this.edition = options.edition ?? 'free';
    this.siteUrl = options.siteUrl ?? (() => 'https://gitlab.example.com');
  }

  /** The next instance-wide id of a kind; `count` reserves that many and returns the first. */
  nextId(kind: string, count = 1): number {
    const next = this.counters.get(kind) ?? 1;
    this.counters.set(kind, next + count);
    return next;
  }

  onEvent(listener: (event: WorldEvent) => void): void {
    this.listeners.add(listener);
  }

  publish(event: WorldEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  /** Adds to the project's activity list. `last_activity_at` moves at most once an hour, as in GitLab. */
  recordActivity(
    project: Project,
    author: User,
    action: string,
    target: Partial<Pick<Activity, 'targetType' | 'targetId' | 'targetIid' | 'targetTitle' | 'push'>> = {},
  ): void {
    const createdAt = this.clock.read();
    project.activities.push({
      id: this.nextId('activity'),
      action,
      targetType: null,
      targetId: null,
      targetIid: null,
      targetTitle: null,
      ...target,
      author,
      createdAt,
    });
    if (createdAt - project.lastActivityAt >= 3_600_000) project.lastActivityAt = createdAt;
  }
}
