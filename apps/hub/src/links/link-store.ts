import { Injectable } from '@nestjs/common';
import {
  ConnectorError,
  type Link,
  type LinkKind,
  type LinkRef,
  type Links,
  type LinkSide,
  type NewLink,
} from '@syncline/connector-sdk';
import { DataSource, type EntityManager } from 'typeorm';
import { storableJson } from '../events/storable-text.js';
import { alreadyLinked } from './already-linked.js';
import { type LinkRow, mapLink } from './link-row.js';
import { CONFIRM_LINKS, FIND_TAKEN, findBySide, INSERT_LINKS, REBASE_LINKS } from './link-statements.js';

/** Throws `interrupted` when the run may no longer write; called inside the transaction it guards. */
export type Fence = (manager: EntityManager) => Promise<void>;

/** Links that a caller wants to exist, with the state a new one begins in. */
export interface WantedLinks {
  readonly links: readonly NewLink[];
  readonly stateOf: (link: NewLink) => 'intended' | 'active';
  readonly runId?: string;
  /** For the history of new ones; a sentence about their state where absent. */
  readonly reason?: string;
}

type Confirmed = Parameters<Links['confirm']>[0];
type Rebased = Parameters<Links['rebase']>[0];

/** The pairs of items a hub keeps in step. Each side is in at most one live link per connection and kind. */
@Injectable()
export class LinkStore {
  constructor(private readonly database: DataSource) {}

  /** The links of one connection as a run sees them; every write is one fenced transaction. */
  forRun(connectionId: string, runId: string, fence: Fence): Links {
    const fenced = <T>(write: (manager: EntityManager) => Promise<T>): Promise<T> =>
      this.database.transaction(async (manager) => {
        await fence(manager);
        return write(manager);
      });
    return {
      find: (kind, side, keys) => this.find(connectionId, kind, side, keys),
      intend: (links) =>
        fenced((manager) => this.ensure(manager, connectionId, { links, stateOf: () => 'intended', runId })),
      confirm: (confirmed) => fenced((manager) => this.confirm(manager, connectionId, runId, confirmed)),
      rebase: (rebased) => fenced((manager) => this.rebase(manager, connectionId, runId, rebased)),
    };
  }

  /** Links that come with a page of records, in its transaction. Those with both sides are active at once. */
  async intendIn(
    manager: EntityManager,
    connectionId: string,
    links: readonly NewLink[],
    runId?: string,
  ): Promise<readonly Link[]> {
    return this.ensure(manager, connectionId, { links, stateOf: isComplete, runId });
  }

  /**
   * Makes the links that are missing, and answers in the order asked. A side that is taken answers the link that has it,
   * even a severed one: what people took apart is not put together again by a run.
   */
  async ensure(manager: EntityManager, connectionId: string, wanted: WantedLinks): Promise<readonly Link[]> {
    if (wanted.links.length === 0) return [];
    const taken = await this.taken(manager, connectionId, wanted.links);
    const missing = wanted.links.filter((_, position) => !taken.has(position));
    if (missing.length > 0) await this.insert(manager, connectionId, { ...wanted, links: missing });
    const all = missing.length > 0 ? await this.taken(manager, connectionId, wanted.links) : taken;
    return wanted.links.map((_, position) => {
      const row = all.get(position);
      if (row === undefined) throw new ConnectorError('permanent', 'A link needs at least one side.');
      return mapLink(row);
    });
  }

  /** Inserts those whose sides no live link has; what is taken is left out in silence. Returns the new ids. */
  async insert(manager: EntityManager, connectionId: string, wanted: WantedLinks): Promise<readonly string[]> {
    const rows = wanted.links.map((link, position) => ({
      ...recordOf(link, position),
      state: wanted.stateOf(link),
    }));
    const made: { link_id: string }[] = await manager.query(INSERT_LINKS, [
      connectionId,
      storableJson(rows),
      wanted.runId ?? null,
      wanted.reason ?? null,
    ]);
    return made.map(({ link_id }) => link_id);
  }

  /** By position in the list: the link that has the left or the right side already. */
  async taken(
    manager: EntityManager,
    connectionId: string,
    links: readonly NewLink[],
  ): Promise<ReadonlyMap<number, LinkRow>> {
    const rows: (LinkRow & { position: number })[] = await manager.query(FIND_TAKEN, [
      connectionId,
      storableJson(links.map(recordOf)),
    ]);
    return new Map(rows.map((row) => [row.position, row]));
  }

  private async find(
    connectionId: string,
    kind: LinkKind,
    side: LinkSide,
    keys: readonly { projectId: string; key: string }[],
  ): Promise<readonly Link[]> {
    if (keys.length === 0) return [];
    const rows: LinkRow[] = await this.database.query(findBySide(side), [connectionId, kind, storableJson(keys)]);
    return rows.map(mapLink);
  }

  private async confirm(
    manager: EntityManager,
    connectionId: string,
    runId: string,
    confirmed: Confirmed,
  ): Promise<void> {
    if (confirmed.length === 0) return;
    const rows = confirmed.map(({ id, left, right, baseline }) => ({ id, left_ref: left, right_ref: right, baseline }));
    try {
      const done: { id: string }[] = await manager.query(CONFIRM_LINKS, [connectionId, storableJson(rows), runId]);
      requireAll(confirmed, done);
    } catch (error) {
      throw alreadyLinked(error) ?? error;
    }
  }

  private async rebase(manager: EntityManager, connectionId: string, runId: string, rebased: Rebased): Promise<void> {
    if (rebased.length === 0) return;
    const done: { id: string }[] = await manager.query(REBASE_LINKS, [connectionId, storableJson(rebased), runId]);
    requireAll(rebased, done);
  }
}

function recordOf(link: NewLink, position: number): object {
  const { kind, left, right, baseline } = link;
  return { position, kind, left_ref: left, right_ref: right, baseline };
}

function isComplete({ left, right }: { left?: LinkRef; right?: LinkRef }): 'intended' | 'active' {
  return left !== undefined && right !== undefined ? 'active' : 'intended';
}

function requireAll(asked: readonly { id: string }[], done: readonly { id: string }[]): void {
  const known = new Set(done.map(({ id }) => id));
  const unknown = asked.find(({ id }) => !known.has(id));
  if (unknown !== undefined) throw new ConnectorError('permanent', `No link has the id ${unknown.id}`);
}
