import { isFaultOfRequest, type Outcome } from './outcome.js';

export type HealthState = 'new' | 'ok' | 'failing' | 'needs_attention';

export interface Verdict {
  readonly state: HealthState;
  /** Failures in a row that count as attempts. */
  readonly failures: number;
  /** When to run again, if not by the schedule; null: not before somebody has fixed it. */
  readonly retryAt: Date | null | undefined;
  /** The run says nothing of the connection: what was known of it, and what was wrong with it, still is. */
  readonly saysNothing?: true;
}

/** What is known of a connection before a run ends. */
export interface Known {
  readonly state: HealthState;
  readonly failures: number;
  readonly hasSucceeded?: boolean;
  /** Nothing but items that were set aside is what is wrong with it. */
  readonly itemsOnly?: boolean;
}

/** What the run was. */
export interface Ended {
  /** It read what webhooks named and people asked for, and nothing else: it says nothing of what is wrong elsewhere. */
  readonly wakeOnly?: boolean;
  /** Items of the connection that are still set aside. */
  readonly waitingItems?: number;
}

const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 60 * 60_000;
const CONFIG_RETRY_MS = 60 * 60_000;

/** What a run's outcome means for its connection. Pure: time and chance come in. */
export function judge(outcome: Outcome & Ended, before: Known, now: Date, random: () => number): Verdict {
  const asBefore: Verdict = {
    state: before.state,
    failures: before.failures,
    retryAt: undefined,
    saysNothing: true,
  };
  const isWell = before.state === 'ok' || before.state === 'new';
  if (isFaultOfRequest(outcome)) return asBefore;
  if (outcome.wakeOnly === true) {
    const isLastItem = before.itemsOnly === true && outcome.waitingItems === 0;
    if (outcome.status === 'succeeded' && !isLastItem) return asBefore;
    if (outcome.status === 'partial' && !isWell && before.itemsOnly !== true) return asBefore;
  }
  if (outcome.status === 'succeeded') return { state: 'ok', failures: 0, retryAt: undefined };
  if (outcome.status === 'partial') return { state: 'needs_attention', failures: 0, retryAt: undefined };
  if (outcome.status === 'cancelled') return asBefore;
  switch (outcome.error?.kind) {
    case 'auth':
      return { state: 'needs_attention', failures: before.failures + 1, retryAt: null };
    case 'config':
      // What worked before may have been right all the time: a maintenance page looks like a wrong address.
      return {
        state: 'needs_attention',
        failures: before.failures + 1,
        retryAt: before.hasSucceeded === true ? later(now, CONFIG_RETRY_MS) : null,
      };
    case 'rate_limit':
      return {
        state: before.state,
        failures: before.failures,
        retryAt: outcome.retryAt ?? later(now, FIRST_RETRY_MS * 2),
      };
    case 'interrupted':
      return asBefore;
    case 'transient': {
      const wait = Math.min(FIRST_RETRY_MS * 2 ** before.failures, LONGEST_RETRY_MS);
      return { state: 'failing', failures: before.failures + 1, retryAt: later(now, wait * (0.75 + random() / 2)) };
    }
    default:
      return { state: 'failing', failures: before.failures + 1, retryAt: undefined };
  }
}

const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);
