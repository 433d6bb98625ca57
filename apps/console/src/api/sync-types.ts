import type { JsonValue } from './json.js';
import type { LogLine, RunError } from './types.js';

export type Side = 'left' | 'right';

export type LinkKind = 'issue' | 'comment' | 'milestone' | 'label' | 'attachment' | 'ref';
export type LinkState = 'intended' | 'active' | 'conflicted' | 'severed' | 'gone';

/** One of two linked items, at its remote. */
export interface LinkRef {
  instanceId: string;
  projectId: string;
  key: string;
  url?: string;
  title?: string;
}

/** Two items that are kept in step. A side that is still to be made is absent. */
export interface ItemLink {
  id: string;
  connectionId: string;
  kind: LinkKind;
  state: LinkState;
  left?: LinkRef;
  right?: LinkRef;
  lastSyncedAt: string | null;
}

export interface LinkHistoryEntry {
  at: string;
  /** Null where a person did it. */
  runId: string | null;
  action: 'created' | 'updated' | 'skipped' | 'retried' | 'conflicted' | 'severed';
  side?: Side;
  field?: string;
  reason: string;
}

/** The history is oldest first. */
export interface ItemLinkDetail extends ItemLink {
  history: LinkHistoryEntry[];
}

export type ConflictState = 'open' | 'resolved' | 'closed';
export type ConflictChoice = 'left' | 'right' | 'value' | 'fixed';

export interface ConflictResolution {
  choice: ConflictChoice | 'policy';
  value?: JsonValue;
  by?: string;
  at?: string;
  appliedAt?: string;
}

/** One field that both sides changed. */
export interface Conflict {
  id: string;
  connectionId: string;
  linkId: string;
  field: string;
  base: JsonValue;
  left: JsonValue;
  right: JsonValue;
  state: ConflictState;
  detectedAt: string;
  updatedAt: string;
  resolution?: ConflictResolution;
  /** In lists: long texts of which only the beginning is here. */
  cut?: ('base' | 'left' | 'right')[];
  leftRef?: LinkRef;
  rightRef?: LinkRef;
}

/** An item that failed and is tried again, or that somebody asked for. */
export interface WaitingItem {
  key: string;
  state: 'set_aside' | 'requested';
  /** Of a pair the side. */
  stream: string;
  error?: RunError;
  attempts: number;
  since: string;
  nextTryAt: string;
  linkId?: string;
  title?: string;
  url?: string;
}

export type PlanOp = 'create' | 'update' | 'link' | 'close' | 'reopen' | 'delete' | 'skip' | 'conflict';

export interface PlanSummary {
  total: number;
  byOp: Partial<Record<PlanOp, number>>;
  byKind: Record<string, number>;
  writes: number;
  truncated: boolean;
}

export interface PlanItem {
  op: PlanOp;
  kind: LinkKind;
  side: Side;
  ref?: LinkRef;
  title?: string;
  fields?: string[];
  reason: string;
}

export interface UserMapping {
  id: string;
  sourceInstanceId: string;
  sourceUsername: string;
  targetInstanceId: string;
  targetUsername: string;
  updatedAt: string;
  warnings?: string[];
}

export interface MappingImport {
  created: number;
  updated: number;
  unchanged: number;
  errors: { line: number; message: string }[];
  warnings: string[];
}

export interface MappingSuggestion {
  sourceUsername: string;
  sourceName: string;
  targetUsername: string;
  targetName: string;
  equal: 'username' | 'name';
}

/** A line of some run's log. */
export interface LogEntry extends LogLine {
  runId: string;
  connectionId: string;
}

/** A connection that keeps two systems in step. */
export interface PairStats {
  connectionId: string;
  name: string;
  status: string;
  lastSyncedAt: string | null;
  openConflicts: number;
  setAside: number;
  error?: RunError;
}

export interface DashboardStats {
  connections: { total: number; enabled: number; failing: number };
  events: { total: number; last24h: number };
  links: { issues: number };
  conflicts: { open: number };
  items: { setAside: number };
  runs: { last24h: number; failed24h: number };
  pairs: PairStats[];
  activity: { at: string; connectionId: string; runId: string; message: string }[];
}
