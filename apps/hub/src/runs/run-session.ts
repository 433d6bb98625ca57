import {
  ConnectorError,
  type Cursor,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  type Instance,
  type Links,
  type PairChanges,
  type PairStore,
  type PlanItem,
  type SetAside,
  type Stored,
  type StoredVersion,
  type StreamRecords,
  type SyncRequest,
  type SyncSession,
} from '@syncline/connector-sdk';
import type { DataSource, EntityManager } from 'typeorm';
import { askPrepared, type Prepared } from '../database/prepared.js';
import type { EventStore } from '../events/event-store.js';
import type { LinkStore } from '../links/link-store.js';
import { countsOf, type PairStores } from '../links/pair-stores.js';
import { PlanBuffer } from '../plans/plan-buffer.js';
import type { PlanStore } from '../plans/plan-store.js';
import type { UserMap } from '../user-mappings/user-map.js';
import { noCounts, type RunCounts } from './counts.js';
import type { Lease, Leases } from './leases.js';
import type { Failure } from './outcome.js';
import type { RunLog } from './run-log.js';
import { runPage } from './run-page.js';
import { type PutOffItem, SetAsideItems } from './set-aside-items.js';
import type { SessionFactory } from './session-factory.js';
import { type ItemLine, withoutToldSkips } from './told-skips.js';

/** What takes no longer than this is put off, and no failure. */
const LONGEST_PUT_OFF_MS = 5 * 60_000;

const READ_CHECKPOINT: Prepared = {
  name: 'read-checkpoint',
  text: 'select cursor from checkpoint where connection_id = $1 and stream = $2',
};

/** As in the contract's `HttpRequest`. */
const REMOTE_TIMEOUT_MS = 20_000;

export interface RunSessionParts {
  readonly database: DataSource;
  readonly events: EventStore;
  readonly linkStore: LinkStore;
  readonly pairStores: PairStores;
  readonly planStore: PlanStore;
  readonly userMap: UserMap;
  readonly leases: Leases;
  readonly sessions: SessionFactory;
}

export interface RunSessionOptions {
  readonly lease: Lease;
  readonly connection: { readonly id: string; readonly connectorId: string };
  readonly request: SyncRequest;
  readonly hubId: string;
  readonly log: RunLog;
  readonly redact: (text: string) => string;
  readonly signal: AbortSignal;
  /** Throws when the lease may end before a write of this length does. */
  readonly assertHeldFor: (ms: number) => void;
  readonly onStored: (stored: Stored) => void;
}

/** What one run may read and write. Each commit is one transaction, and proves that the lease is still ours. */
export class RunSession implements SyncSession {
  /** Of this run so far. The row shows them as of the last commit. */
  counts: RunCounts = noCounts();
  readonly failures: Failure[] = [];
  /** Items that only wait for a moment that the connector named, as one whose creation may still be under way. */
  readonly putOff: PutOffItem[] = [];
  readonly links: Links;
  readonly pair: PairStore;
  readonly request: SyncRequest;
  readonly hubId: string;
  readonly log: RunLog;
  readonly signal: AbortSignal;
  private readonly setAside: SetAsideItems;
  private readonly plan = new PlanBuffer((items) => this.storePlan(items));
  private readonly clients = new Map<string, HttpClient>();
  /** Streams this run had to do with: what waits in others belongs to projects or kinds that are not read any more. */
  readonly streams = new Set<string>();
  /** Streams without a checkpoint when this run began: what they bring is history, not news. */
  private readonly backfilled = new Set<string>();
  private progressed: { done: number; total?: number } | undefined;

  constructor(
    private readonly parts: RunSessionParts,
    private readonly options: RunSessionOptions,
  ) {
    this.request = options.request;
    this.log = options.log;
    this.signal = options.signal;
    this.setAside = new SetAsideItems(options.connection.id, options.redact);
    this.hubId = options.hubId;
    const { runId } = options.lease;
    this.links = parts.linkStore.forRun(options.connection.id, runId, (manager) => this.fence(manager));
    this.pair = parts.pairStores.forRun({
      connectionId: options.connection.id,
      runId,
      isPlan: this.isPlan,
      fence: (manager) => this.fence(manager),
      assertGoing: () => this.throwIfStopped(),
      storeRest: (manager, changes, conflicts) => this.storeRest(manager, changes, conflicts),
      stored: (changes, conflicts) => this.pairStored(changes, conflicts),
    });
  }

  private get isPlan(): boolean {
    return this.options.request.kind === 'plan';
  }

  now(): Date {
    return new Date();
  }

  http(instance: Instance): HttpClient {
    let client = this.clients.get(instance.id);
    if (client === undefined) {
      const remote = this.parts.sessions.http(instance, {
        log: this.log,
        signal: this.signal,
        onRequest: () => {
          this.counts.requests += 1;
        },
      });
      client = { request: (request) => this.guarded(remote, request) };
      this.clients.set(instance.id, client);
    }
    return client;
  }

  async checkpoint(stream: string): Promise<Cursor | undefined> {
    this.streams.add(stream);
    const rows = await askPrepared<{ cursor: Cursor }>(this.parts.database, READ_CHECKPOINT, [
      this.options.connection.id,
      stream,
    ]);
    if (rows[0] === undefined) this.backfilled.add(stream);
    return rows[0]?.cursor;
  }

  async commit(stream: string, records: StreamRecords, cursor: Cursor | undefined): Promise<Stored> {
    this.throwIfStopped();
    if (this.isPlan) throw planWrites();
    this.streams.add(stream);
    const { connection, lease } = this.options;
    const { events = [], links = [], setAside = [], settled = [] } = records;
    const store = (where: EntityManager | DataSource): Promise<Stored> =>
      this.parts.events.apply(
        where,
        connection,
        events,
        this.sourceOf(stream),
        this.now(),
        runPage({
          lease,
          stream,
          size: events.length,
          settled: [...events.map((event) => event.eventId), ...settled],
          cursor,
          counts: this.counts,
          progress: this.progressed,
        }),
      );
    const { database, linkStore } = this.parts;
    const isAlone = links.length + setAside.length === 0;
    const stored = await (isAlone
      ? store(database)
      : database.transaction(async (manager) => {
          const stored = await store(manager);
          if (links.length > 0) await linkStore.intendIn(manager, connection.id, links);
          await this.setAside.add(manager, stream, setAside);
          return stored;
        }));
    // Several streams commit at the same time: what is added is added to what stands here now.
    this.counts = withStored(this.counts, events.length, stored);
    this.recordFailures(setAside.map((item) => ({ ...item, stream })));
    // The log stores itself twice a second and at the end: a transaction of its own for each page would cost as much again.
    this.options.onStored(stored);
    return stored;
  }

  versions(eventIds: readonly string[]): Promise<ReadonlyMap<string, StoredVersion>> {
    return this.parts.events.versions(this.options.connection.id, eventIds);
  }

  dueItems(stream: string): Promise<readonly string[]> {
    this.streams.add(stream);
    return this.setAside.due(this.parts.database.manager, stream);
  }

  failStream(stream: string, error: ConnectorError): void {
    this.failures.push({ where: stream, error });
    this.counts.failed += 1;
    this.log.error(`${stream}: ${error.message}`, { data: { kind: error.kind, hint: error.hint } });
  }

  async planned(items: readonly PlanItem[]): Promise<void> {
    if (!this.isPlan) throw new ConnectorError('permanent', 'Only a plan plans.');
    this.throwIfStopped();
    await this.plan.add(items);
  }

  /** What was planned and is not stored yet, at the end of the run. */
  endPlan(): Promise<void> {
    return this.plan.flush();
  }

  userMappings(fromInstanceId: string, toInstanceId: string): Promise<ReadonlyMap<string, string>> {
    return this.parts.userMap.between(fromInstanceId, toInstanceId);
  }

  progress(done: number, total?: number): void {
    this.progressed = { done, total };
  }

  private guarded(remote: HttpClient, request: HttpRequest): Promise<HttpResponse> {
    const reads = request.method === 'GET' || request.method === 'HEAD' || request.readsOnly === true;
    if (!reads && this.isPlan) {
      const message = `A plan writes nothing, but ${request.method} ${request.path} was about to be sent.`;
      return Promise.reject(new ConnectorError('permanent', message));
    }
    if (!reads) this.options.assertHeldFor(request.timeoutMs ?? REMOTE_TIMEOUT_MS);
    return remote.request(request);
  }

  private throwIfStopped(): void {
    if (this.signal.aborted) throw new ConnectorError('interrupted', 'The run was told to stop.');
  }

  /** Before every write: the lease is ours, and this is no plan. */
  private fence(manager: EntityManager): Promise<void> {
    if (this.isPlan) return Promise.reject(planWrites());
    return this.parts.leases.fence(manager, this.options.lease);
  }

  private async saveCheckpoint(manager: EntityManager, stream: string, cursor: Cursor): Promise<void> {
    await manager.query(
      `insert into checkpoint (connection_id, stream, cursor) values ($1, $2, $3)
       on conflict (connection_id, stream) do update set cursor = excluded.cursor, updated_at = now()`,
      [this.options.connection.id, stream, JSON.stringify(cursor)],
    );
  }

  private async saveCounts(manager: EntityManager, counts: RunCounts): Promise<void> {
    await manager.query('update sync_run set counts = $2, progress = $3 where id = $1', [
      this.options.lease.runId,
      JSON.stringify(counts),
      this.progressed ? JSON.stringify(this.progressed) : null,
    ]);
  }

  private sourceOf(stream: string): 'hook' | 'backfill' | 'poll' {
    if (this.request.mode === 'wake') return 'hook';
    return this.backfilled.has(stream) || this.request.since ? 'backfill' : 'poll';
  }

  private async storePlan(items: readonly PlanItem[]): Promise<void> {
    const { connection, lease, redact } = this.options;
    await this.parts.database.transaction(async (manager) => {
      await this.parts.leases.fence(manager, lease);
      await this.parts.planStore.add(manager, { runId: lease.runId, connectionId: connection.id, redact }, items);
      await this.saveCounts(manager, this.counts);
    });
    await this.log.flush();
  }

  /** What a commit of a pair holds beside links, in its transaction. */
  private async storeRest(manager: EntityManager, changes: PairChanges, conflicts: number): Promise<void> {
    for (const [stream, items] of groupByStream(changes.settled ?? [])) {
      this.streams.add(stream);
      const names = items.map(({ item }) => item);
      await this.setAside.clear(manager, stream, names);
    }
    for (const [stream, items] of groupByStream(changes.setAside ?? [])) {
      this.streams.add(stream);
      await this.setAside.add(manager, stream, items);
    }
    for (const [stream, cursor] of Object.entries(changes.cursors ?? {})) {
      this.streams.add(stream);
      await this.saveCheckpoint(manager, stream, cursor);
    }
    await this.saveCounts(manager, withPairChanges(this.counts, changes, conflicts));
  }

  private async pairStored(changes: PairChanges, conflicts: number): Promise<void> {
    this.counts = withPairChanges(this.counts, changes, conflicts);
    const lines = (changes.history ?? []).flatMap(({ linkId, item, reason, action, side }) =>
      linkId === undefined ? [{ item: item?.key ?? '', side: item?.side ?? side, action, message: reason }] : [],
    );
    await this.tell(lines);
    this.recordFailures(changes.setAside ?? []);
    await this.log.flush();
  }

  /** Decisions about items without a link. The log must not break the run: told twice is better than not at all. */
  private async tell(lines: readonly ItemLine[]): Promise<void> {
    const { connection, redact } = this.options;
    const shown = lines.map((line) => ({ ...line, message: redact(line.message) }));
    const fresh = await withoutToldSkips(this.parts.database, connection.id, shown).catch(() => shown);
    for (const { item, side, action, message } of fresh) {
      this.log.info(message, {
        ...(item === '' ? {} : { item }),
        data: { action, ...(side === undefined ? {} : { side }) },
      });
    }
  }

  private recordFailures(setAside: readonly (SetAside & { readonly stream: string })[]): void {
    for (const { stream, item, error, retryAt } of setAside) {
      // A number alone says nothing in a sentence.
      const where = /^\d+$/.test(item) ? `Item ${item}` : item;
      if (error.kind === 'transient' && retryAt !== undefined && isSoon(retryAt, this.now())) {
        this.putOff.push({ stream, item, until: retryAt });
        this.log.info(`${where} is dealt with after ${retryAt.toISOString()}: ${error.message}`, { item });
        continue;
      }
      this.failures.push({ where, error, isItem: true });
      this.counts.failed += 1;
      this.log.warn(`${where} was set aside: ${error.message}`, { item, data: { kind: error.kind, hint: error.hint } });
    }
  }
}

function planWrites(): ConnectorError {
  return new ConnectorError('permanent', 'A plan writes nothing.');
}

const isSoon = (at: Date, now: Date): boolean => at.getTime() - now.getTime() <= LONGEST_PUT_OFF_MS;

function withStored(counts: RunCounts, fetched: number, { created, updated, unchanged }: Stored): RunCounts {
  return {
    ...counts,
    fetched: counts.fetched + fetched,
    created: counts.created + created,
    updated: counts.updated + updated,
    stored: counts.stored + created + updated,
    skipped: counts.skipped + unchanged,
  };
}

function withPairChanges(counts: RunCounts, { history = [], fetched = 0 }: PairChanges, conflicts: number): RunCounts {
  const { created, updated, skipped } = countsOf(history);
  return {
    ...counts,
    fetched: counts.fetched + fetched,
    created: counts.created + created,
    updated: counts.updated + updated,
    stored: counts.stored + created + updated,
    skipped: counts.skipped + skipped,
    conflicts: counts.conflicts + conflicts,
  };
}

function groupByStream<T extends { readonly stream: string }>(items: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(item.stream, [...(groups.get(item.stream) ?? []), item]);
  return groups;
}
