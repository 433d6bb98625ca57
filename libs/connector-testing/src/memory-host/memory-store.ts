import type {
  ChangeEvent,
  ConnectorError,
  Cursor,
  PairChanges,
  SetAside,
  Stored,
  StoredVersion,
  StreamRecords,
} from '@syncline/connector-sdk';
import { applyEvent, canonical, plain, type EventRow, type Outcome } from './apply-event.js';
import { MemoryLinks } from './memory-links.js';
import { MemoryHub } from './memory-hub.js';
import { MemoryPairStore } from './memory-pair-store.js';

/** First wait of an item that was set aside; doubles with each attempt, up to a day. */
const firstRetryMs = 60_000;
const longestRetryMs = 24 * 3_600_000;

export interface SetAsideRow {
  readonly stream: string;
  readonly item: string;
  readonly error: ConnectorError;
  readonly attempts: number;
  readonly dueAt: Date;
}

/** What outlives a run: events, checkpoints, items set aside and links of one connection. */
export class MemoryStore {
  readonly events = new Map<string, EventRow>();
  readonly checkpoints = new Map<string, Cursor>();
  readonly links = new MemoryLinks();
  readonly pair: MemoryPairStore;
  private readonly aside = new Map<string, SetAsideRow>();

  /** `hub`: what several connections share; `name`: how the others call this one. */
  constructor(
    readonly hub: MemoryHub = new MemoryHub(),
    name = 'another connection',
  ) {
    this.pair = new MemoryPairStore(name, hub);
  }

  /** One transaction: these records and the cursor after them. */
  commit(stream: string, records: StreamRecords, cursor: Cursor | undefined, now: Date): Stored {
    const counts = { created: 0, updated: 0, unchanged: 0 };
    for (const event of records.events ?? []) counts[this.apply(event)] += 1;
    for (const item of records.settled ?? []) this.aside.delete(`${stream}\n${item}`);
    for (const item of records.setAside ?? []) this.setAside(stream, item, now);
    this.links.record(records.links ?? []);
    if (cursor !== undefined) this.checkpoints.set(stream, plain(cursor) as Cursor);
    return counts;
  }

  private apply(event: ChangeEvent): Outcome {
    const { row, outcome } = applyEvent(this.events.get(event.eventId), event);
    this.events.set(event.eventId, row);
    for (const [key, { item }] of this.aside) if (item === event.eventId) this.aside.delete(key);
    return outcome;
  }

  private setAside(stream: string, { item, error, retryAt }: SetAside, now: Date): void {
    const key = `${stream}\n${item}`;
    const attempts = (this.aside.get(key)?.attempts ?? 0) + 1;
    const wait = Math.min(firstRetryMs * 2 ** (attempts - 1), longestRetryMs);
    const soonest = now.getTime() + wait;
    const dueAt = new Date(Math.max(soonest, retryAt?.getTime() ?? soonest));
    this.aside.set(key, { stream, item, error, attempts, dueAt });
  }

  /** What a connector that keeps two systems in step commits at once. */
  commitPair(changes: PairChanges, now: Date): void {
    this.pair.commit(changes);
    for (const { stream, item } of changes.settled ?? []) this.aside.delete(`${stream}\n${item}`);
    for (const item of changes.setAside ?? []) this.setAside(item.stream, item, now);
    for (const [stream, cursor] of Object.entries(changes.cursors ?? {})) {
      this.checkpoints.set(stream, plain(cursor) as Cursor);
    }
  }

  get setAsides(): readonly SetAsideRow[] {
    return [...this.aside.values()];
  }

  dueItems(stream: string, now: Date): string[] {
    return this.setAsides.filter((row) => row.stream === stream && row.dueAt <= now).map((row) => row.item);
  }

  versions(eventIds: readonly string[]): Map<string, StoredVersion> {
    const versions = new Map<string, StoredVersion>();
    for (const eventId of eventIds) {
      const row = this.events.get(eventId);
      if (row === undefined) continue;
      versions.set(eventId, {
        updatedAt: row.updatedAt === null ? null : new Date(row.updatedAt),
        status: row.status,
        metadata: row.metadata as StoredVersion['metadata'],
      });
    }
    return versions;
  }

  checkpoint(stream: string): Cursor | undefined {
    const cursor = this.checkpoints.get(stream);
    return cursor === undefined ? undefined : (plain(cursor) as Cursor);
  }

  /**
   * What two runs over the same world must agree on, as comparable text by event id. Left out is how they got there:
   * revisions and checkpoints.
   */
  rows(): Map<string, string> {
    const rows = new Map<string, string>();
    for (const eventId of [...this.events.keys()].sort()) {
      const { revision: _revision, hash: _hash, ...row } = this.events.get(eventId) as EventRow;
      rows.set(eventId, JSON.stringify(canonical(plain(row))));
    }
    for (const link of this.links.all()) {
      rows.set(`link ${link.kind} ${link.left?.key ?? '-'} ${link.right?.key ?? '-'}`, link.state);
    }
    for (const link of this.pair.all()) {
      const owner = link.parentId === undefined ? '' : ' of an item';
      rows.set(`pair ${link.kind}${owner} ${link.left?.key ?? '-'} ${link.right?.key ?? '-'}`, link.state);
    }
    for (const { stream, item, error } of this.setAsides) rows.set(`set aside ${stream} ${item}`, error.kind);
    return rows;
  }
}
