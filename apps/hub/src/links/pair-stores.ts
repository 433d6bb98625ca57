import { ConnectorError, type HistoryLine, type PairChanges, type PairStore } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ConflictStore } from '../conflicts/conflict-store.js';
import { KeptPairs, keptAlready, requireTwo } from './kept-pairs.js';
import type { Fence } from './link-store.js';
import { PairReads } from './pair-reads.js';
import { SHOW_CONFLICTS } from './pair-statements.js';
import { PairWrites } from './pair-writes.js';

/** What the run does with a commit beside links: streams, counts, its log. */
export interface PairHost {
  readonly connectionId: string;
  readonly runId: string;
  /** A plan may look, and no more. */
  readonly isPlan: boolean;
  readonly fence: Fence;
  /** Throws where the run was told to stop. */
  assertGoing(): void;
  /** Inside the transaction. `conflicts`: how many were opened. */
  storeRest(manager: EntityManager, changes: PairChanges, conflicts: number): Promise<void>;
  /** After the transaction. */
  stored(changes: PairChanges, conflicts: number): Promise<void>;
}

/** What connections that keep two systems in step remember, lent to one run at a time. */
@Injectable()
export class PairStores {
  constructor(
    private readonly database: DataSource,
    private readonly reads: PairReads,
    private readonly writes: PairWrites,
    private readonly conflicts: ConflictStore,
    private readonly kept: KeptPairs,
  ) {}

  forRun(host: PairHost): PairStore {
    const { connectionId } = host;
    const read =
      <Args extends readonly unknown[], T>(look: (...args: Args) => Promise<T>) =>
      async (...args: Args): Promise<T> => {
        host.assertGoing();
        return look(...args);
      };
    return {
      keep: (places) => this.keep(host, places),
      linksByKey: read((kind, side, keys) => this.reads.byKey(connectionId, kind, side, keys)),
      linksById: read((ids) => this.reads.byId(connectionId, ids)),
      childrenOf: read((ids) => this.reads.childrenOf(connectionId, ids)),
      unsettled: read(() => this.reads.unsettled(connectionId)),
      page: read((kind, after, limit) => this.reads.page(connectionId, kind, after, limit)),
      awaiting: read((side, keys) => this.reads.awaiting(connectionId, side, keys)),
      claim: (links) => this.write(host, (manager) => this.writes.claim(manager, connectionId, links)),
      release: (ids) => this.write(host, (manager) => this.writes.release(manager, connectionId, ids)),
      copiesAt: read((place, kind, keys) => this.reads.copiesAt(place, kind, keys)),
      copiesOf: read((place, keys) => this.reads.copiesOf(place, keys)),
      leftBehind: read((place, keys) => this.reads.leftBehind(place, keys)),
      openConflicts: read((ids) => this.conflicts.unsettled(connectionId, ids)),
      conflictedLinks: read(() => this.reads.conflicted(connectionId)),
      commit: (changes) => this.commit(host, changes),
    };
  }

  private async keep(host: PairHost, places: Parameters<PairStore['keep']>[0]): Promise<void> {
    host.assertGoing();
    requireTwo(places);
    const keeper = host.isPlan
      ? await this.kept.keeper(this.database.manager, host.connectionId, places)
      : await this.write(host, (manager) => this.kept.take(manager, host.connectionId, places));
    if (keeper !== undefined) throw keptAlready(keeper);
  }

  private async commit(host: PairHost, changes: PairChanges): Promise<void> {
    const { connectionId, runId } = host;
    const opened = await this.write(host, async (manager) => {
      await this.writes.save(manager, connectionId, changes.links ?? []);
      const conflicts = await this.conflicts.apply(manager, connectionId, changes.conflicts ?? []);
      await this.writes.tell(manager, runId, changes.history ?? []);
      const touched = conflictedLinks(changes);
      if (touched.length > 0) await manager.query(SHOW_CONFLICTS, [connectionId, touched]);
      await host.storeRest(manager, changes, conflicts);
      return conflicts;
    });
    await host.stored(changes, opened);
  }

  private async write<T>(host: PairHost, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    if (host.isPlan) throw new ConnectorError('permanent', 'A plan writes nothing.');
    host.assertGoing();
    return this.database.transaction(async (manager) => {
      await host.fence(manager);
      return work(manager);
    });
  }
}

/** Links whose state depends on conflicts that may have come or gone. Of others their rewriting tells. */
function conflictedLinks({ links = [], conflicts = [] }: PairChanges): readonly string[] {
  const shown = links.filter(({ state }) => state === 'conflicted').map(({ id }) => id);
  return [...new Set([...shown, ...conflicts.map(({ linkId }) => linkId)])];
}

/** How the run counts what was done. */
export function countsOf(history: readonly HistoryLine[]): Readonly<Record<'created' | 'updated' | 'skipped', number>> {
  const count = (action: HistoryLine['action']): number => history.filter((line) => line.action === action).length;
  return { created: count('created'), updated: count('updated'), skipped: count('skipped') };
}
