import type { ErrorKind } from '@syncline/connector-sdk';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { noCounts, type RunCounts } from './counts.js';
import type { RunError, RunKind, RunRow, RunStatus, RunTrigger } from './run.js';
import type { LogRow } from './run-queries.js';

export const STATUSES = ['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled'];
export const TRIGGERS = ['schedule', 'manual', 'webhook', 'startup', 'replay', 'takeover'];
export const RUN_KINDS = ['sync', 'plan'];
export const LEVELS = ['debug', 'info', 'warn', 'error'];

class CountsView implements RunCounts {
  @ApiProperty()
  fetched: number;
  @ApiProperty({ description: 'New or changed.' })
  stored: number;
  @ApiProperty()
  created: number;
  @ApiProperty()
  updated: number;
  @ApiProperty()
  skipped: number;
  @ApiProperty()
  conflicts: number;
  @ApiProperty()
  failed: number;
  @ApiProperty({ description: 'To the remote, repeats too.' })
  requests: number;
}

class ProgressView {
  @ApiProperty()
  done: number;
  @ApiPropertyOptional()
  total?: number;
}

export class RunErrorView implements RunError {
  @ApiProperty({ enum: ['transient', 'rate_limit', 'auth', 'config', 'permanent', 'interrupted'] })
  kind: ErrorKind;
  @ApiProperty()
  message: string;
  @ApiPropertyOptional({ description: 'What to do.' })
  hint?: string;
}

/** A run as the API shows it. */
export class RunView {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'uuid' })
  connectionId: string;
  @ApiProperty({ enum: RUN_KINDS })
  kind: RunKind;
  @ApiProperty({ enum: TRIGGERS })
  trigger: RunTrigger;
  @ApiProperty({ enum: STATUSES })
  status: RunStatus;
  @ApiProperty({ enum: ['incremental', 'full', 'wake'] })
  mode: string;
  @ApiProperty({ format: 'date-time' })
  queuedAt: string;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  startedAt: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  finishedAt: string | null;
  @ApiProperty({ type: CountsView, description: 'All keys always.' })
  counts: RunCounts;
  @ApiPropertyOptional({ type: ProgressView })
  progress?: { readonly done: number; readonly total?: number };
  @ApiPropertyOptional({ type: RunErrorView })
  error?: RunError;
}

export class RunList {
  @ApiProperty({ type: [RunView] })
  items: readonly RunView[];
  @ApiProperty({ nullable: true, type: String })
  nextCursor: string | null;
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

export class LogView {
  @ApiProperty({ format: 'date-time' })
  at: string;
  @ApiProperty({ format: 'uuid' })
  runId: string;
  @ApiProperty({ format: 'uuid' })
  connectionId: string;
  @ApiProperty({ enum: LEVELS })
  level: string;
  @ApiProperty()
  message: string;
  @ApiPropertyOptional({ description: 'What it is about, where it is about one thing.' })
  item?: string;
  @ApiPropertyOptional({ type: Object })
  data?: Readonly<Record<string, unknown>>;
}

export class LogList {
  @ApiProperty({ type: [LogView] })
  items: readonly LogView[];
  @ApiProperty({ nullable: true, type: String })
  nextCursor: string | null;
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
