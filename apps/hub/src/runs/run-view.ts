import { noCounts, type RunCounts } from './counts.js';
import type { RunError, RunKind, RunRow, RunStatus, RunTrigger } from './run.js';
import type { LogRow } from './run-queries.js';

/** A run as the API shows it. */
export interface RunView {
  readonly id: string;
  readonly connectionId: string;
  readonly kind: RunKind;
  readonly trigger: RunTrigger;
  readonly status: RunStatus;
  readonly mode: string;
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly counts: RunCounts;
  readonly progress?: { readonly done: number; readonly total?: number };
  readonly error?: RunError;
}

export function toRunView(row: RunRow): RunView {
  return {
    id: row.id,
    connectionId: row.connection_id,
    kind: row.kind,
    trigger: row.trigger,
    status: row.status,
    mode: row.mode,
    queuedAt: row.queued_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    counts: { ...noCounts(), ...row.counts },
    ...(row.progress ? { progress: row.progress } : {}),
    ...(row.error ? { error: row.error } : {}),
  };
}

export interface LogView {
  readonly at: string;
  readonly runId: string;
  readonly connectionId: string;
  readonly level: string;
  readonly message: string;
  readonly item?: string;
  readonly data?: Record<string, unknown>;
}

export function toLogView(row: LogRow): LogView {
  return {
    at: row.at.toISOString(),
    runId: row.run_id,
    connectionId: row.connection_id,
    level: row.level,
    message: row.message,
    ...(row.item === null ? {} : { item: row.item }),
    ...(row.data === null ? {} : { data: row.data }),
  };
}
