import type { PairChanges, SyncSession } from '@syncline/connector-sdk';
import type { SyncLink } from '../links.js';
import type { PairLinks } from './pair-links.js';

/** What one item has to store. */
export type Changes = Omit<PairChanges, 'links'> & { readonly links?: readonly SyncLink[] };

/**
 * Stores what many items have to store in few transactions: while one is written, the next fills. Of a link only the
 * last state counts. The order in which things were said is kept; after a failure nothing more is stored.
 */
export class CommitQueue {
  private links = new Map<string, SyncLink>();
  private waiting: Changes[] = [];
  private running: Promise<void> | undefined;
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
    this.running ??= this.run();
  }

  /** Everything that was added is durable. Throws what storing threw. */
  async drain(): Promise<void> {
    while (this.running !== undefined) await this.running;
    if (this.hasFailed) throw this.failure;
  }

  private async run(): Promise<void> {
    // What the current turn of the event loop still adds goes along.
    await Promise.resolve();
    while (this.waiting.length > 0 && !this.hasFailed) {
      const [links, changes] = [[...this.links.values()], this.waiting];
      this.links = new Map();
      this.waiting = [];
      try {
        await this.session.pair.commit({
          links: this.store.toStore(links),
          conflicts: changes.flatMap((change) => change.conflicts ?? []),
          history: changes.flatMap((change) => change.history ?? []),
          setAside: changes.flatMap((change) => change.setAside ?? []),
          settled: changes.flatMap((change) => change.settled ?? []),
          cursors: Object.assign({}, ...changes.map((change) => change.cursors ?? {})) as PairChanges['cursors'],
          fetched: changes.reduce((sum, { fetched = 0 }) => sum + fetched, 0),
        });
      } catch (error) {
        [this.failure, this.hasFailed] = [error, true];
      }
    }
    this.running = undefined;
  }
}
