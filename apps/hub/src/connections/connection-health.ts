import type { ConnectionEntity, RunError } from './connection.entity.js';
import { nextRunAt } from './schedule.js';

export type HealthState = 'new' | 'ok' | 'late' | 'failing' | 'needs_attention' | 'paused';

export interface ConnectionHealth {
  readonly state: HealthState;
  /** When it came into this state. */
  readonly since: Date;
  readonly lastRunId?: string;
  readonly lastSuccessAt?: Date;
  readonly error?: RunError;
}

/** Clocks differ a little, and a worker may be busy for a moment: that is not being late. */
const GRACE_MS = 5 * 60_000;

/** What the runs wrote, seen at this moment: paused and late are not events, so nobody writes them. */
export function healthOf(row: ConnectionEntity, running: boolean, now: Date): ConnectionHealth {
  const known = {
    ...(row.lastRunId === null ? {} : { lastRunId: row.lastRunId }),
    ...(row.lastSuccessAt === null ? {} : { lastSuccessAt: row.lastSuccessAt }),
    ...(row.lastError === null || row.healthState === 'ok' ? {} : { error: row.lastError }),
  };
  if (!row.enabled) return { state: 'paused', since: row.switchedAt, ...known };
  const lateSince = running ? undefined : overdueSince(row, now);
  if (lateSince) return { state: 'late', since: lateSince, ...known };
  return { state: row.healthState, since: row.healthSince, ...known };
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
