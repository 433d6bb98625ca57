import type { ConnectionEntity, RunError } from './connection.entity.js';
import { nextRunAt } from './schedule.js';

export type HealthState = 'new' | 'ok' | 'late' | 'failing' | 'needs_attention' | 'paused';

export interface ConnectionHealth {
  readonly state: HealthState;
  /** When it came into this state. */
  readonly since: Date;
  readonly lastRunId?: string;
  readonly lastSuccessAt?: Date;
  /** Why it is not well, or what it waits for: then of kind `rate_limit`, with the end of the wait as `retryAt`. */
  readonly error?: HealthError;
}

export interface HealthError extends RunError {
  readonly retryAt?: Date;
}

/** What a connection's runs are doing right now. */
export interface Activity {
  readonly running: boolean;
  /** Until when the remote takes no requests from the account that its run uses, or used last. */
  readonly blockedUntil: Date | undefined;
}

/** Clocks differ a little, and a worker may be busy for a moment: that is not being late. */
const GRACE_MS = 5 * 60_000;

/** What the runs wrote, seen at this moment: paused and late are not events, so nobody writes them. */
export function healthOf(row: ConnectionEntity, { running, blockedUntil }: Activity, now: Date): ConnectionHealth {
  const isBlocked = blockedUntil !== undefined && blockedUntil > now;
  const error = ownError(row, now) ?? (isBlocked ? waitingUntil(blockedUntil) : undefined);
  const known = {
    ...(row.lastRunId === null ? {} : { lastRunId: row.lastRunId }),
    ...(row.lastSuccessAt === null ? {} : { lastSuccessAt: row.lastSuccessAt }),
    ...(error === undefined ? {} : { error }),
  };
  if (!row.enabled) return { state: 'paused', since: row.switchedAt, ...known };
  // One that runs is on its way, unless it stands still.
  const lateSince = running && !isBlocked ? undefined : overdueSince(row, now);
  if (lateSince) return { state: 'late', since: lateSince, ...known };
  return { state: row.healthState, since: row.healthSince, ...known };
}

/** What the last run that failed said, as long as it says something about now. */
function ownError({ lastError, healthState, nextRunAt }: ConnectionEntity, now: Date): HealthError | undefined {
  if (lastError === null) return undefined;
  const { itemsOnly: _forRuns, ...error } = lastError;
  if (error.kind !== 'rate_limit') return healthState === 'ok' ? undefined : error;
  return nextRunAt !== null && nextRunAt > now ? { ...error, retryAt: nextRunAt } : undefined;
}

function waitingUntil(blockedUntil: Date): HealthError {
  return {
    kind: 'rate_limit',
    message: `The remote system takes no requests from this account until ${blockedUntil.toISOString()}.`,
    hint: 'Nothing to do: it goes on then. A lower request rate or a longer interval avoids it.',
    retryAt: blockedUntil,
  };
}

/** Two runs in a row that should have succeeded by now did not. A failing connection is failing, not late. */
function overdueSince(row: ConnectionEntity, now: Date): Date | undefined {
  if (row.schedule === null || (row.healthState !== 'ok' && row.healthState !== 'new')) return undefined;
  const begins = [row.switchedAt, row.createdAt, ...(row.lastSuccessAt ? [row.lastSuccessAt] : [])];
  const begin = new Date(Math.max(...begins.map((at) => at.getTime())));
  const first = nextRunAt(row.schedule, begin);
  const second = first && nextRunAt(row.schedule, first);
  const late = second && new Date(second.getTime() + GRACE_MS);
  return late && late < now ? late : undefined;
}
