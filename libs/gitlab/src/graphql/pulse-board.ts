import type { Feature } from './way.js';

/** Parts of a project that a shared answer can have. */
export type Part = Exclude<Feature, 'tags'>;

/** What a connection wants to know about one part of one project. */
export interface Wish {
  readonly part: Part;
  readonly projectId: number;
  /** For walks: where the known ends (the mark, before its overlap) and what has to be asked from; ISO 8601. */
  readonly mark?: string;
  readonly since?: string;
  /** For branches: which. */
  readonly branches?: readonly string[];
}

/** A part of one project out of a shared answer. */
export interface Slice {
  readonly value: unknown;
  /** GitLab did not show the project at all. */
  readonly isMissing: boolean;
  /** The remote's clock when it answered, and ours when we asked; ISO 8601 and ms. */
  readonly startedAt: string;
  readonly askedAtMs: number;
  readonly since?: string;
  readonly branches: readonly string[];
}

/** An answer that old still serves other connections. */
const freshMs = 30_000;
/** Connections that did not poll for so long are not thought of any more. */
const rememberedMs = 15 * 60_000;

interface Offer {
  readonly slice: Slice;
  readonly takenBy: Set<string>;
}

interface Member {
  readonly wishes: readonly Wish[];
  readonly at: number;
  readonly before: number | undefined;
}

/**
 * Where the connections of one instance and token, polled by one process, share answers: whoever asks also asks for those
 * whose poll is about to come. A connection gets no answer twice, none from before its own mark, and none about a project it
 * has never read, so that sharing changes neither what is found nor what a first sync sees.
 */
export class PulseBoard {
  private readonly offers = new Map<string, Offer>();
  private readonly pending = new Map<string, Promise<unknown>>();
  private readonly members = new Map<string, Member>();

  /** Called at each poll. @returns the wishes this connection had before: only those may be served by others. */
  join(connection: string, wishes: readonly Wish[], nowMs: number): ReadonlySet<string> {
    this.forget(nowMs);
    const before = this.members.get(connection);
    this.members.set(connection, { wishes, at: nowMs, before: before?.at });
    return new Set(before?.wishes.map(keyOf));
  }

  /**
   * Wishes of other connections that an answer of now will serve: of those that have begun to poll and not asked yet, and of
   * those that are expected to poll while the answer is fresh.
   */
  expected(connection: string, nowMs: number): Wish[] {
    const found: Wish[] = [];
    for (const [other, { wishes, at, before }] of this.members) {
      if (other === connection || before === undefined) continue;
      const isPolling = nowMs - at <= freshMs;
      const isDue = at + (at - before) - nowMs <= freshMs;
      for (const wish of wishes) {
        const key = keyOf(wish);
        const askedAtMs = this.offers.get(key)?.slice.askedAtMs ?? Number.NEGATIVE_INFINITY;
        if (this.pending.has(key)) continue;
        if (isDue || (isPolling && askedAtMs < at)) found.push(wish);
      }
    }
    return found;
  }

  /** While this work goes on, others wait for its offers instead of asking the same. */
  announce(keys: readonly string[], work: Promise<unknown>): void {
    const settled = work.catch(() => undefined);
    for (const key of keys) this.pending.set(key, settled);
    void settled.then(() => {
      for (const key of keys) if (this.pending.get(key) === settled) this.pending.delete(key);
    });
  }

  underWay(wish: Wish): Promise<unknown> | undefined {
    return this.pending.get(keyOf(wish));
  }

  offer(connection: string, wish: Wish, slice: Slice): void {
    this.offers.set(keyOf(wish), { slice, takenBy: new Set([connection]) });
  }

  /** A fresh answer of somebody else that says all this connection needs to know. */
  take(connection: string, wish: Wish, nowMs: number): Slice | undefined {
    const offer = this.offers.get(keyOf(wish));
    if (offer === undefined || offer.takenBy.has(connection)) return undefined;
    const { slice } = offer;
    if (nowMs - slice.askedAtMs > freshMs || slice.value === undefined || slice.value === null) return undefined;
    if (wish.since !== undefined && (slice.since === undefined || slice.since > wish.since)) return undefined;
    if (wish.mark !== undefined && slice.startedAt <= wish.mark) return undefined;
    if (wish.branches?.some((name) => !slice.branches.includes(name)) === true) return undefined;
    offer.takenBy.add(connection);
    return slice;
  }

  private forget(nowMs: number): void {
    for (const [key, { slice }] of this.offers) if (nowMs - slice.askedAtMs > freshMs) this.offers.delete(key);
    for (const [name, { at }] of this.members) if (nowMs - at > rememberedMs) this.members.delete(name);
  }
}

export function keyOf({ part, projectId }: Pick<Wish, 'part' | 'projectId'>): string {
  return `${part}/${projectId}`;
}
