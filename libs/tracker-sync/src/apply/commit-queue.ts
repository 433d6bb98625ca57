import { ConnectorError, type KnownCopy, type PairChanges, type SyncSession } from '@syncline/connector-sdk';
import type { CommentLink, IssueLink, SyncLink } from '../links.js';
import type { PairLinks } from './pair-links.js';

/** What one item has to store. */
export type Changes = Omit<PairChanges, 'links'> & { readonly links?: readonly SyncLink[] };

type Refused = ReadonlyMap<string, KnownCopy>;

interface Claim {
  readonly links: readonly (IssueLink | CommentLink)[];
  readonly resolve: (refused: Refused) => void;
  readonly reject: (error: unknown) => void;
}

/** How much longer than it took to store the last changes the next ones are collected, and how long at most. */
const patience = 2;
const mostPatienceMs = 25;

/**
 * Stores and claims what many items have to store in few transactions: while one is written, the next fills. Of a link
 * only the last state counts. The order in which things were said is kept; after a failure nothing more is stored.
 */
export class CommitQueue {
  private links = new Map<string, SyncLink>();
  private waiting: Changes[] = [];
  private claims: Claim[] = [];
  /** How many changes were added, and how many of them are durable. */
  private added = 0;
  private stored = 0;
  private drains: { readonly upTo: number; readonly resolve: () => void }[] = [];
  private isRunning = false;
  private hurry: (() => void) | undefined;
  private failure: unknown;
  private hasFailed = false;

  constructor(
    private readonly session: SyncSession,
    private readonly store: PairLinks,
  ) {}

  add(changes: Changes): void {
    if (this.hasFailed) throw this.failure;
    for (const link of changes.links ?? []) {
      this.links.delete(link.id);
      this.links.set(link.id, link);
    }
    this.waiting.push(changes);
    this.added += 1;
    this.start();
  }

  /** Everything that was added so far is durable; what is added meanwhile is not waited for. Throws what storing threw. */
  async drain(): Promise<void> {
    const upTo = this.added;
    if (this.stored < upTo && !this.hasFailed) {
      await new Promise<void>((resolve) => {
        this.drains.push({ upTo, resolve });
        this.hurry?.();
      });
    }
    if (this.hasFailed) throw this.failure;
  }

  /** As `PairStore.claim`, after everything that was added before is durable. */
  claim(links: Claim['links']): Promise<Refused> {
    return new Promise((resolve, reject) => {
      this.claims.push({ links, resolve, reject });
      this.start();
    });
  }

  private start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    void this.run();
  }

  private async run(): Promise<void> {
    // What the current turn of the event loop still adds goes along.
    await Promise.resolve();
    while (this.waiting.length + this.claims.length > 0) {
      const { claims } = this;
      this.claims = [];
      const begunAt = performance.now();
      if (this.waiting.length > 0) await this.storeWaiting();
      if (claims.length > 0) await this.grant(claims);
      await this.collect(Math.min(mostPatienceMs, patience * (performance.now() - begunAt)));
    }
    this.isRunning = false;
  }

  /** Lets more come together, unless somebody waits for everything to be durable. */
  private async collect(ms: number): Promise<void> {
    if (ms < 1 || this.drains.length > 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.hurry = undefined;
  }

  private async storeWaiting(): Promise<void> {
    const [links, changes] = [[...this.links.values()], this.waiting];
    this.links = new Map();
    this.waiting = [];
    try {
      if (!this.hasFailed) await this.write(links, changes);
      this.stored += changes.length;
    } catch (error) {
      [this.failure, this.hasFailed] = [error, true];
    }
    const isOver = ({ upTo }: { readonly upTo: number }): boolean => this.hasFailed || upTo <= this.stored;
    const over = this.drains.filter(isOver);
    this.drains = this.drains.filter((drain) => !isOver(drain));
    for (const { resolve } of over) resolve();
  }

  private write(links: readonly SyncLink[], changes: readonly Changes[]): Promise<void> {
    return this.session.pair.commit({
      links: this.store.toStore(links),
      conflicts: changes.flatMap((change) => change.conflicts ?? []),
      history: changes.flatMap((change) => change.history ?? []),
      setAside: changes.flatMap((change) => change.setAside ?? []),
      settled: changes.flatMap((change) => change.settled ?? []),
      cursors: Object.assign({}, ...changes.map((change) => change.cursors ?? {})) as PairChanges['cursors'],
      fetched: changes.reduce((sum, { fetched = 0 }) => sum + fetched, 0),
    });
  }

  private async grant(claims: readonly Claim[]): Promise<void> {
    try {
      if (this.hasFailed) throw this.failure;
      const refused = await this.store.claim(claims.flatMap(({ links }) => links));
      for (const { resolve } of claims) resolve(refused);
    } catch (error) {
      // One that cannot be claimed is the fault of its own item.
      if (claims.length > 1 && error instanceof ConnectorError && error.kind === 'permanent') {
        for (const claim of claims) await this.grant([claim]);
      } else for (const { reject } of claims) reject(error);
    }
  }
}
