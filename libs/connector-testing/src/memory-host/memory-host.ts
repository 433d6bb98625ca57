import { randomUUID } from 'node:crypto';
import {
  ConnectorError,
  type CheckResult,
  type ConnectionId,
  type Connector,
  type ConnectorMetadata,
  type HttpClient,
  type Instance,
  type SyncRequest,
  type SyncResult,
} from '@syncline/connector-sdk';
import { Budgets, createHttpClient, createRedactor } from '@syncline/remote-http';
import {
  createSession,
  createSyncSession,
  type Disturbance,
  type LogLine,
  type SessionRecord,
} from './memory-session.js';
import { MemoryStore } from './memory-store.js';
import { secretsOf } from './secrets.js';
import type { VirtualClock } from './virtual-clock.js';

export interface MemoryHostOptions<TConfig> {
  readonly connector: Connector<TConfig>;
  readonly metadata: ConnectorMetadata;
  /** Resolved as a host does it: instances in the place of their ids, secrets in plain. */
  readonly config: TConfig;
  readonly clock: VirtualClock;
  /** Default: a new, empty one. */
  readonly store?: MemoryStore;
}

export interface RunOptions extends Disturbance {
  readonly kind?: SyncRequest['kind'];
  readonly mode?: SyncRequest['mode'];
  readonly wakes?: SyncRequest['wakes'];
  readonly items?: SyncRequest['items'];
  readonly params?: SyncRequest['params'];
  readonly since?: Date;
  /** Aborts the run from outside, as cancel does. */
  readonly signal?: AbortSignal;
}

export interface RunOutcome extends SessionRecord {
  readonly status: 'succeeded' | 'partial' | 'failed';
  readonly result?: SyncResult;
  readonly error?: ConnectorError;
  /** Sums over all commits. */
  readonly stored: { readonly created: number; readonly updated: number; readonly unchanged: number };
  /** HTTP requests, repeats included. */
  readonly requests: number;
  /** As the connector wrote them, before any redaction. */
  readonly rawLogs: readonly LogLine[];
  /** As the connection's owner sees them. */
  readonly logs: readonly LogLine[];
}

/**
 * A host without a database: it keeps the promises the SDK makes to connectors (version rule, fenced transactions,
 * items set aside, unique links) in memory, talks to real servers through the real HTTP client, and can be disturbed.
 */
export class MemoryHost<TConfig> {
  readonly store: MemoryStore;
  readonly connectionId = randomUUID() as ConnectionId;

  constructor(private readonly options: MemoryHostOptions<TConfig>) {
    this.store = options.store ?? new MemoryStore();
  }

  /** One run. Never throws: what the connector throws is the outcome, as in the hub. */
  async run(options: RunOptions = {}): Promise<RunOutcome> {
    const { connector, clock, config } = this.options;
    const rawLogs: LogLine[] = [];
    const stop = new AbortController();
    const onAbort = (): void => {
      stop.abort();
    };
    if (options.signal?.aborted === true) stop.abort();
    options.signal?.addEventListener('abort', onAbort);
    const http = this.httpFactory(stop.signal, rawLogs, options.kind === 'plan');
    const request: SyncRequest = {
      kind: options.kind ?? 'sync',
      mode: options.mode ?? 'incremental',
      wakes: options.wakes ?? [],
      items: options.items ?? [],
      since: options.since,
      params: options.params ?? {},
    };
    const parts = { http: http.client, signal: stop.signal, now: clock.now, logs: rawLogs };
    const { session, record } = createSyncSession(this.store, request, {
      ...parts,
      disturbance: options,
      stop: () => {
        stop.abort();
      },
    });
    const ended = await connector.sync(session, config, this.connectionId).then(
      (result) => ({ result, error: undefined }),
      (error: unknown) => ({ result: undefined, error: ConnectorError.from(error) }),
    );
    options.signal?.removeEventListener('abort', onAbort);
    const stored = { created: 0, updated: 0, unchanged: 0 };
    let setAside = 0;
    for (const commit of record.commits) {
      stored.created += commit.stored.created;
      stored.updated += commit.stored.updated;
      stored.unchanged += commit.stored.unchanged;
      setAside += commit.records.setAside?.length ?? 0;
    }
    for (const commit of record.pairCommits) setAside += commit.setAside?.length ?? 0;
    const partial = record.failures.length > 0 || setAside > 0;
    return {
      ...record,
      ...ended,
      status: ended.error === undefined ? (partial ? 'partial' : 'succeeded') : 'failed',
      stored,
      requests: http.requests(),
      rawLogs,
      logs: this.redact(rawLogs),
    };
  }

  /** `check` as the hub calls it: without storing anything. */
  async check(): Promise<CheckResult> {
    const { connector, clock, config } = this.options;
    const logs: LogLine[] = [];
    const { signal } = new AbortController();
    const http = this.httpFactory(signal, logs);
    return connector.check(createSession({ http: http.client, signal, now: clock.now, logs }), config);
  }

  /** A session to call other skills with, e.g. `discover`. */
  session(signal: AbortSignal = new AbortController().signal): ReturnType<typeof createSession> {
    const logs: LogLine[] = [];
    return createSession({ http: this.httpFactory(signal, logs).client, signal, now: this.options.clock.now, logs });
  }

  private redact(lines: readonly LogLine[]): LogLine[] {
    const redact = createRedactor(secretsOf(this.options.metadata, this.options.config));
    return lines.map((line) => JSON.parse(redact(JSON.stringify(line))) as LogLine);
  }

  private httpFactory(
    signal: AbortSignal,
    logs: LogLine[],
    plan = false,
  ): { client: (instance: Instance) => HttpClient; requests: () => number } {
    const { clock } = this.options;
    const budgets = new Budgets({ now: clock.now, sleep: clock.sleep });
    const clients = new Map<Instance, HttpClient>();
    const { log } = createSession({ http: () => unavailable(), signal, now: clock.now, logs });
    let requests = 0;
    const client = (instance: Instance): HttpClient => {
      let known = clients.get(instance);
      if (known === undefined) {
        const remote = createHttpClient({
          instance,
          budget: budgets.for(instance),
          log,
          signal,
          now: clock.now,
          sleep: clock.sleep,
          onRequest: () => {
            requests += 1;
          },
        });
        known = plan ? readingOnly(remote) : remote;
        clients.set(instance, known);
      }
      return known;
    };
    return { client, requests: () => requests };
  }
}

/** What a plan may ask of a remote. */
function readingOnly(remote: HttpClient): HttpClient {
  return {
    request: async (request) => {
      const reads = request.method === 'GET' || request.method === 'HEAD' || request.readsOnly === true;
      if (!reads) throw new ConnectorError('permanent', `A plan writes nothing: ${request.method} ${request.path}`);
      return remote.request(request);
    },
  };
}

function unavailable(): never {
  throw new ConnectorError('permanent', 'The HTTP log has no HTTP client');
}
