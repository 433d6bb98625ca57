import {
  ConnectorError,
  type Cursor,
  type HttpClient,
  type Instance,
  type LogDetails,
  type Session,
  type SessionLog,
  type Stored,
  type StoredVersion,
  type StreamRecords,
  type SyncRequest,
  type SyncSession,
} from '@syncline/connector-sdk';
import { plain } from './apply-event.js';
import type { MemoryStore } from './memory-store.js';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly details?: LogDetails;
}

export interface CommitRecord {
  readonly stream: string;
  readonly records: StreamRecords;
  readonly cursor: Cursor | undefined;
  readonly stored: Stored;
}

/** How a run is disturbed. Commits are counted from 1. */
export interface Disturbance {
  /** The process dies right after this commit became durable: its caller never hears of it, and nothing follows. */
  readonly dieAfterCommit?: number;
  /** This commit fails and stores nothing; the session works on. */
  readonly failCommit?: number;
  /** The lease is lost before this commit: it and all later ones throw `interrupted`. */
  readonly loseLeaseAtCommit?: number;
  /** Called after each durable commit. */
  readonly onCommit?: (count: number) => void;
}

export interface SessionParts {
  readonly http: (instance: Instance) => HttpClient;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly logs: LogLine[];
}

/** The session of `check` and `discover`: it may look, not store. */
export function createSession(parts: SessionParts): Session {
  const line =
    (level: LogLine['level']) =>
    (message: string, details?: LogDetails): void => {
      parts.logs.push({ level, message, details });
    };
  const log: SessionLog = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
  return { http: parts.http, log, signal: parts.signal, now: parts.now };
}

/** What a run did, as its session saw it. */
export interface SessionRecord {
  readonly commits: CommitRecord[];
  readonly failures: { readonly stream: string; readonly error: ConnectorError }[];
  readonly progress: { readonly done: number; readonly total?: number }[];
}

/** The session of one run. Its writes are fenced: after a lost lease or a death nothing is stored any more. */
export function createSyncSession(
  store: MemoryStore,
  request: SyncRequest,
  parts: SessionParts & { readonly disturbance: Disturbance; readonly stop: () => void },
): { readonly session: SyncSession; readonly record: SessionRecord } {
  const { disturbance } = parts;
  const record: SessionRecord = { commits: [], failures: [], progress: [] };
  let attempts = 0;
  let fenced = false;

  const guard = (): void => {
    if (fenced) throw new ConnectorError('interrupted', 'The lease of this run is lost');
  };
  const fence = (): never => {
    fenced = true;
    parts.stop();
    throw new ConnectorError('interrupted', 'The lease of this run is lost');
  };

  const commit = (stream: string, records: StreamRecords, cursor: Cursor | undefined): Stored => {
    guard();
    attempts += 1;
    if (attempts === disturbance.loseLeaseAtCommit) return fence();
    if (attempts === disturbance.failCommit) {
      throw new ConnectorError('transient', 'The database did not answer; nothing was stored');
    }
    const stored = store.commit(stream, records, cursor, parts.now());
    record.commits.push({
      stream,
      records,
      cursor: cursor === undefined ? undefined : (plain(cursor) as Cursor),
      stored,
    });
    disturbance.onCommit?.(record.commits.length);
    if (record.commits.length === disturbance.dieAfterCommit) return fence();
    return stored;
  };

  const later = async <T>(work: () => T): Promise<T> => {
    await new Promise((resolve) => setImmediate(resolve));
    guard();
    return work();
  };

  const session: SyncSession = {
    ...createSession(parts),
    request,
    checkpoint: (stream) => later(() => store.checkpoint(stream)),
    commit: async (stream, records, cursor) => {
      await new Promise((resolve) => setImmediate(resolve));
      return commit(stream, records, cursor);
    },
    versions: (eventIds): Promise<ReadonlyMap<string, StoredVersion>> => later(() => store.versions(eventIds)),
    dueItems: (stream) => later(() => store.dueItems(stream, parts.now())),
    failStream: (stream, error) => {
      record.failures.push({ stream, error });
    },
    links: fencedLinks(store, later),
    progress: (done, total) => {
      record.progress.push({ done, total });
    },
  };
  return { session, record };
}

function fencedLinks(store: MemoryStore, later: <T>(work: () => T) => Promise<T>): SyncSession['links'] {
  return {
    find: async (kind, side, keys) => later(() => store.links.find(kind, side, keys)),
    intend: async (links) => later(() => store.links.intend(links)),
    confirm: async (confirmed) => later(() => store.links.confirm(confirmed)),
    rebase: async (rebased) => later(() => store.links.rebase(rebased)),
  };
}
