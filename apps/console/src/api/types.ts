import type { JsonObject } from './json.js';

/** One page of a list; `nextCursor` is absent or null on the last one. */
export interface Page<T> {
  items: T[];
  nextCursor?: string | null;
}

export interface InstanceKind {
  kind: string;
  displayName: string;
  credentials: { name: CredentialName; label: string; help?: string; secret?: boolean; required?: boolean }[];
  baseUrl: { default?: string; placeholder?: string; help?: string };
}

export type CredentialName = 'token' | 'username' | 'password' | 'apiKey';

export interface EventField {
  name: string;
  label: string;
  type: string;
  help?: string;
}

export interface EventType {
  name: string;
  label: string;
  fields: EventField[];
}

/** A connector's metadata.json as the hub lists it. A broken one may carry little more than its id and the reason. */
export interface Connector {
  id: string;
  state: 'ok' | 'broken';
  reason?: string;
  displayName?: string;
  description?: string;
  color?: string;
  version?: string;
  capabilities?: string[];
  instanceKinds?: InstanceKind[];
  configSchema?: JsonObject;
  eventTypes?: EventType[];
  defaultIntervalMinutes?: number;
  docs?: string;
}

/** What the API tells of a stored secret. */
export interface StoredSecret {
  set: boolean;
  hint?: string;
}

export interface Instance {
  id: string;
  name: string;
  kind: string;
  baseUrl: string;
  description?: string | null;
  credentials: Partial<Record<CredentialName, StoredSecret | string | null>>;
  caCertificate?: string | null;
  proxyUrl?: string | null;
  limits?: { requestsPerMinute?: number | null; maxBackoffMinutes?: number | null } | null;
  expiresAt?: string | null;
}

export interface TestStep {
  id: string;
  label: string;
  ok: boolean;
  hint?: string;
}

export interface TestReport {
  ok: boolean;
  steps: TestStep[];
  account?: { id: string; username: string };
  expiresAt?: string;
}

export type Schedule = { intervalMinutes: number } | { cron: string; timeZone?: string } | null;

export interface RunError {
  kind: string;
  message: string;
  hint?: string;
  path?: string;
}

export type HealthState = 'new' | 'ok' | 'late' | 'failing' | 'needs_attention' | 'paused';

export interface Health {
  state: HealthState;
  since?: string;
  lastRunId?: string | null;
  lastSuccessAt?: string | null;
  /** `retryAt`: it waits for the remote until then. */
  error?: (RunError & { retryAt?: string }) | null;
}

export interface Connection {
  id: string;
  name: string;
  description?: string | null;
  connectorId: string;
  enabled: boolean;
  schedule: Schedule;
  config: JsonObject;
  tags: string[];
  health: Health;
  /** When it runs next by itself; null: not before somebody acts. */
  nextRunAt?: string | null;
}

export type RunStatus = 'queued' | 'running' | 'succeeded' | 'partial' | 'failed' | 'cancelled';

export interface RunProgress {
  done: number;
  total?: number | null;
}

export interface Run {
  id: string;
  connectionId: string;
  kind: 'sync' | 'plan';
  trigger: string;
  mode?: string;
  status: RunStatus;
  queuedAt?: string | null;
  startedAt?: string | null;
  finishedAt?: string | null;
  counts: Record<string, number>;
  progress?: RunProgress | null;
  error?: RunError | null;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogLine {
  at: string;
  level: LogLevel;
  message: string;
  item?: string | null;
  data?: JsonObject | null;
}

export interface ChangeEvent {
  id: string;
  connectionId: string;
  connectorId: string;
  eventId: string;
  eventType: string;
  title: string;
  description?: string | null;
  status: string;
  author?: string | null;
  project: { id: string; path: string };
  url?: string | null;
  occurredAt: string;
  revision: number;
  metadata: JsonObject;
}

export interface Transition {
  status: string;
  at: string;
  observedAt?: string;
  source?: string;
}

export interface ChangeEventDetail extends ChangeEvent {
  transitions: Transition[];
}

export interface EventBin {
  start: string;
  total: number;
  byType: Record<string, number>;
}

export interface EventStats {
  bins: EventBin[];
  total: number;
  byType: Record<string, number>;
  byStatus: Record<string, number>;
}

export type DeliveryState = 'pending' | 'done' | 'ignored' | 'failed';

export interface Delivery {
  id: string;
  connectionId: string;
  receivedAt: string;
  event: string;
  dedupKey: string;
  state: DeliveryState;
  runId?: string | null;
  error?: string | { message: string } | null;
}
