import type { ErrorKind, JsonObject } from '@syncline/connector-sdk';
import type { RunCounts } from './counts.js';

export type RunKind = 'sync' | 'plan';
export type RunTrigger = 'schedule' | 'manual' | 'webhook' | 'startup' | 'replay' | 'takeover';
export type RunStatus = 'queued' | 'running' | 'succeeded' | 'partial' | 'failed' | 'cancelled';
export type RunMode = 'incremental' | 'full' | 'wake';

/** Why a run failed, as the API shows it. */
export interface RunError {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly hint?: string;
}

/** A row of sync_run as the database answers it. */
export interface RunRow {
  readonly id: string;
  readonly connection_id: string;
  readonly kind: RunKind;
  readonly trigger: RunTrigger;
  readonly status: RunStatus;
  readonly mode: RunMode;
  readonly since: Date | null;
  readonly params: JsonObject;
  readonly queued_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly counts: Partial<RunCounts>;
  readonly progress: { readonly done: number; readonly total?: number } | null;
  readonly error: RunError | null;
}

export const isFinished = (status: RunStatus): boolean => status !== 'queued' && status !== 'running';
