import {
  ConnectorError,
  type Cursor,
  type HttpClient,
  type Instance,
  type LogDetails,
  type PairChanges,
  type PairStore,
  type PlanItem,
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
  /** Called at the moment the lease is lost, or the process dies. */
  readonly onFence?: () => void;
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
  /** What a plan handed out. */
  readonly planned: PlanItem[];
  /** What a connector that keeps two systems in step committed. */
  readonly pairCommits: PairChanges[];
  readonly commits: CommitRecord[];
  /** How often anything was stored: commits of either kind, claims and releases. */
  durableWrites: number;
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
  const record: SessionRecord = {
    planned: [],
    pairCommits: [],
    commits: [],
    durableWrites: 0,
    failures: [],
    progress: [],
  };
  let attempts = 0;
  let fenced = false;

  const guard = (): void => {
    if (fenced) throw new ConnectorError('interrupted', 'The lease of this run is lost');
  };
  const fence = (): never => {
    fenced = true;
    disturbance.onFence?.();
    parts.stop();
    throw new ConnectorError('interrupted', 'The lease of this run is lost');
  };

  /** A commit of either kind: what may disturb it happens around it. */
  const durably = <T>(write: () => T): T => {
    refuseInPlan(request);
    guard();
    attempts += 1;
    if (attempts === disturbance.loseLeaseAtCommit) return fence();
    if (attempts === disturbance.failCommit) {
      throw new ConnectorError('transient', 'The database did not answer; nothing was stored');
    }
    const written = write();
    record.durableWrites += 1;
    disturbance.onCommit?.(record.durableWrites);
    if (record.durableWrites === disturbance.dieAfterCommit) return fence();
    return written;
  };

  const commit = (stream: string, records: StreamRecords, cursor: Cursor | undefined): Stored =>
    durably(() => {
      const stored = store.commit(stream, records, cursor, parts.now());
      record.commits.push({
        stream,
        records,
        cursor: cursor === undefined ? undefined : (plain(cursor) as Cursor),
        stored,
      });
      return stored;
    });

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
    links: fencedLinks(store, request, later),
    pair: fencedPair(store, request, { later, durably, now: parts.now, committed: record.pairCommits }),
    hubId: store.hub.id,
    userMappings: (from, to) => later(() => store.hub.userMappings(from, to)),
    planned: (items) =>
      later(() => {
        if (request.kind !== 'plan') throw new ConnectorError('permanent', 'Only a plan plans.');
        record.planned.push(...items);
      }),
    progress: (done, total) => {
      record.progress.push({ done, total });
    },
  };
  return { session, record };
}

type Later = <T>(work: () => T) => Promise<T>;

function refuseInPlan({ kind }: SyncRequest): void {
  if (kind === 'plan') throw new ConnectorError('permanent', 'A plan writes nothing.');
}

function fencedLinks(store: MemoryStore, request: SyncRequest, later: Later): SyncSession['links'] {
  const writing = <T>(work: () => T): Promise<T> =>
    later(() => {
      refuseInPlan(request);
      return work();
    });
  return {
    find: async (kind, side, keys) => later(() => store.links.find(kind, side, keys)),
    intend: async (links) => writing(() => store.links.intend(links)),
    confirm: async (confirmed) => writing(() => store.links.confirm(confirmed)),
    rebase: async (rebased) => writing(() => store.links.rebase(rebased)),
  };
}

function fencedPair(
  store: MemoryStore,
  request: SyncRequest,
  host: {
    readonly later: Later;
    readonly durably: <T>(write: () => T) => T;
    readonly now: () => Date;
    readonly committed: PairChanges[];
  },
): PairStore {
  const { pair } = store;
  const { later, durably } = host;
  const writing = <T>(work: () => T): Promise<T> => later(() => durably(work));
  return {
    keep: (places) =>
      later(() => {
        pair.keep(places, request.kind === 'plan');
      }),
    linksByKey: (kind, side, keys) => later(() => pair.linksByKey(kind, side, keys)),
    linksById: (ids) => later(() => pair.linksById(ids)),
    childrenOf: (ids) => later(() => pair.childrenOf(ids)),
    unsettled: () => later(() => pair.unsettled()),
    page: (kind, after, limit) => later(() => pair.page(kind, after, limit)),
    awaiting: (side, keys) => later(() => pair.awaiting(side, keys)),
    claim: (links) => writing(() => pair.claim(links)),
    release: (ids) =>
      writing(() => {
        pair.release(ids);
      }),
    copiesAt: (place, kind, keys) => later(() => pair.copiesAt(place, kind, keys)),
    copiesOf: (place, keys) => later(() => pair.copiesOf(place, keys)),
    leftBehind: (place, keys) => later(() => pair.leftBehind(place, keys)),
    openConflicts: (ids) => later(() => pair.openConflicts(ids)),
    conflictedLinks: () => later(() => pair.conflictedLinks()),
    commit: (changes) =>
      writing(() => {
        store.commitPair(changes, host.now());
        host.committed.push(changes);
      }),
  };
}
