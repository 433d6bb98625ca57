import { Injectable } from '@nestjs/common';
import { type Change, ChangeLog, CHANGES_PER_LOOK } from './change-log.js';
import type { EventFilter } from './event-filter.js';
import { type FeedPosition, isAfter } from './feed-position.js';
import { FilterResolver } from './filter-resolver.js';
import { PollClock } from './poll-clock.js';

/** Somebody who wants to hear of changes. */
export interface Listener {
  readonly filter: EventFilter;
  /** Called once, before any change, with the place the listener begins at. */
  begin(position: FeedPosition): void;
  /** May take its time: a listener that catches up is read for as fast as it takes. */
  send(change: Change): void | Promise<void>;
}

/** One spell of looking, from the first listener's coming to the last one's leaving. */
interface Watch {
  position: FeedPosition;
  /** Listeners, those that still catch up included. */
  members: number;
  readonly live: Set<Listener>;
  cancel: () => void;
}

/** One look at the database a second for all listeners together, and none while nobody listens. */
@Injectable()
export class EventFeed {
  private watch: Promise<Watch> | undefined;

  constructor(
    private readonly log: ChangeLog,
    private readonly resolver: FilterResolver,
    private readonly clock: PollClock,
  ) {}

  /** Begins after `since` if it is given, else with what comes next. Returns when it is up to date; ends with the signal. */
  async listen(listener: Listener, since: FeedPosition | undefined, signal: AbortSignal): Promise<void> {
    const watch = await this.join(signal);
    let place = since && isAfter(watch.position, since) ? since : watch.position;
    const left = () => signal.aborted;
    if (left()) return;
    listener.begin(place);
    while (!left() && isAfter(watch.position, place)) {
      place = await this.catchUp(listener, place, watch.position, signal);
    }
    if (left()) return;
    // Nothing was awaited since the listener stood at the shared position: it misses nothing and gets nothing twice.
    watch.live.add(listener);
    signal.addEventListener('abort', () => watch.live.delete(listener), { once: true });
  }

  private async join(signal: AbortSignal): Promise<Watch> {
    this.watch ??= this.begin();
    const joined = this.watch;
    const watch = await joined.catch((error: unknown) => {
      if (this.watch === joined) this.watch = undefined;
      throw error;
    });
    if (this.watch !== joined) return this.join(signal);
    watch.members++;
    const leave = () => {
      if (--watch.members > 0) return;
      watch.cancel();
      this.watch = undefined;
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    return watch;
  }

  private async begin(): Promise<Watch> {
    const watch: Watch = { position: await this.log.end(), members: 0, live: new Set(), cancel: () => undefined };
    watch.cancel = this.clock.soon(() => void this.look(watch));
    return watch;
  }

  /** Sends what lies between two places, or the first part of it; returns how far that was. */
  private async catchUp(
    listener: Listener,
    from: FeedPosition,
    target: FeedPosition,
    signal: AbortSignal,
  ): Promise<FeedPosition> {
    const changes = await this.log.after(from, target, await this.resolver.resolve(listener.filter));
    for (const change of changes) {
      if (!signal.aborted) await listener.send(change);
    }
    const last = changes.at(-1);
    return changes.length === CHANGES_PER_LOOK && last ? last.position : target;
  }

  private async look(watch: Watch): Promise<void> {
    // A failed look changes nothing: the next one reads from the same place. The database's state is reported elsewhere.
    const more = await this.advance(watch).catch(() => false);
    if (watch.members > 0) watch.cancel = this.clock[more ? 'now' : 'soon'](() => void this.look(watch));
  }

  private async advance(watch: Watch): Promise<boolean> {
    const changes = await this.log.after(watch.position);
    const last = changes.at(-1);
    if (last === undefined) return false;
    const ids = changes.map(({ event }) => event.id);
    const answers = new Map<string, ReadonlySet<string>>();
    const keyOf = ({ filter }: Listener) => JSON.stringify(filter);
    // Listeners may join while one is asked for; those stand at the old position, so that this is news to them too.
    for (let next = unanswered(); next; next = unanswered()) {
      answers.set(keyOf(next), await this.log.matching(ids, await this.resolver.resolve(next.filter)));
    }
    watch.position = last.position;
    for (const listener of watch.live) {
      const wanted = answers.get(keyOf(listener));
      for (const change of changes) if (wanted?.has(change.event.id)) void listener.send(change);
    }
    return changes.length === CHANGES_PER_LOOK;

    function unanswered(): Listener | undefined {
      return [...watch.live].find((listener) => !answers.has(keyOf(listener)));
    }
  }
}
