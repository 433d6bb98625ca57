import {
  ConnectorError,
  type HistoryLine,
  type KnownCopy,
  type LinkState,
  type PairLink,
} from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { storableJson, storableText } from '../events/storable-text.js';
import { violatedConstraint } from '../http/database-errors.js';
import { alreadyLinked } from './already-linked.js';
import { OF_CONNECTION } from './link-statements.js';
import { type CopyRow, mapCopy, pairLinkRecord } from './pair-link-row.js';
import {
  FIND_RIVALS,
  INSERT_FREE_PAIR_LINKS,
  INSERT_HISTORY,
  INSERT_PAIR_LINKS,
  INSERT_UNRIVALLED_LINKS,
  SEVER_LEFTOVERS,
  UPDATE_PAIR_LINKS,
} from './pair-statements.js';

interface UpdatedRow extends CopyRow {
  readonly id: string;
  readonly state: LinkState;
}

/** Writes links for runs of connections that keep two systems in step; always inside the caller's transaction. */
@Injectable()
export class PairWrites {
  /** Stores the links as intended, but for those whose copy another link has; these are answered with who has it. */
  async claim(
    manager: EntityManager,
    connectionId: string,
    links: readonly PairLink[],
  ): Promise<ReadonlyMap<string, KnownCopy>> {
    if (links.length === 0) return new Map();
    const claimed = links.map((link): PairLink => ({ ...link, state: 'intended' }));
    const granted: { id: string }[] = await manager.query(INSERT_UNRIVALLED_LINKS, [connectionId, recordsOf(claimed)]);
    const isGranted = new Set(granted.map(({ id }) => id));
    const doubtful = claimed.filter(({ id }) => !isGranted.has(id));
    return doubtful.length === 0 ? new Map() : this.claimDoubtful(manager, connectionId, doubtful);
  }

  /** Those that are claimed again, or that somebody else may have. */
  private async claimDoubtful(
    manager: EntityManager,
    connectionId: string,
    wanted: readonly PairLink[],
  ): Promise<ReadonlyMap<string, KnownCopy>> {
    await manager.query(SEVER_LEFTOVERS, [recordsOf(wanted)]);
    const refused = new Map(await this.rivals(manager, connectionId, wanted));
    const granted = wanted.filter(({ id }) => !refused.has(id));
    const again = await this.update(manager, connectionId, granted);
    // Its own link, which people severed meanwhile.
    for (const [id, row] of again) if (row.state === 'severed') refused.set(id, mapCopy(row));
    const fresh = granted.filter(({ id }) => !again.has(id));
    const made: { id: string }[] = await manager.query(INSERT_FREE_PAIR_LINKS, [connectionId, recordsOf(fresh)]);
    const known = new Set(made.map(({ id }) => id));
    const lost = fresh.filter(({ id }) => !known.has(id));
    if (lost.length === 0) return refused;
    // Another connection was quicker, or the same copy was asked for twice.
    for (const [id, copy] of await this.rivals(manager, connectionId, lost)) refused.set(id, copy);
    const odd = lost.find(({ id }) => !refused.has(id));
    if (odd === undefined) return refused;
    const key = odd.origin?.side === 'right' ? odd.right?.key : odd.left?.key;
    throw new ConnectorError('permanent', `${odd.kind} ${key ?? odd.id} is already linked`);
  }

  async release(manager: EntityManager, connectionId: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await manager.query(`delete from link where ${OF_CONNECTION} and id = any($2::uuid[]) and state = 'intended'`, [
      connectionId,
      ids,
    ]);
  }

  /** New and changed links, whole. */
  async save(manager: EntityManager, connectionId: string, links: readonly PairLink[]): Promise<void> {
    if (links.length === 0) return;
    try {
      // What gives a side free comes before what may take it.
      const parting = links.filter(({ state }) => state === 'severed');
      const staying = links.filter(({ state }) => state !== 'severed');
      const known = new Set([
        ...(await this.update(manager, connectionId, parting)).keys(),
        ...(await this.update(manager, connectionId, staying)).keys(),
      ]);
      const fresh = links.filter(({ id }) => !known.has(id));
      const adopted = fresh.filter(({ origin }) => origin !== undefined);
      if (adopted.length > 0) await manager.query(SEVER_LEFTOVERS, [recordsOf(adopted)]);
      if (fresh.length > 0) await manager.query(INSERT_PAIR_LINKS, [connectionId, recordsOf(fresh)]);
    } catch (error) {
      if (violatedConstraint(error) === 'link_copy') {
        throw new ConnectorError('permanent', 'Another connection of this hub keeps this copy already', {
          cause: error,
        });
      }
      throw alreadyLinked(error) ?? error;
    }
  }

  /** Lines of links; an adopted pair is a link that was made. */
  async tell(manager: EntityManager, runId: string, lines: readonly HistoryLine[]): Promise<void> {
    const records = lines.flatMap(({ linkId, action, side, fields, reason }) =>
      linkId === undefined
        ? []
        : [
            {
              link_id: linkId,
              action: action === 'linked' ? 'created' : action,
              side,
              field: fields === undefined || fields.length === 0 ? undefined : fields.join(', '),
              reason: storableText(reason),
            },
          ],
    );
    if (records.length > 0) await manager.query(INSERT_HISTORY, [runId, storableJson(records)]);
  }

  private async update(
    manager: EntityManager,
    connectionId: string,
    links: readonly PairLink[],
  ): Promise<ReadonlyMap<string, UpdatedRow>> {
    if (links.length === 0) return new Map();
    const [rows]: [UpdatedRow[], number] = await manager.query(UPDATE_PAIR_LINKS, [connectionId, recordsOf(links)]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  private async rivals(
    manager: EntityManager,
    connectionId: string,
    links: readonly PairLink[],
  ): Promise<readonly (readonly [string, KnownCopy])[]> {
    if (links.length === 0) return [];
    const rows: (CopyRow & { id: string })[] = await manager.query(FIND_RIVALS, [connectionId, recordsOf(links)]);
    return rows.map((row) => [row.id, mapCopy(row)] as const);
  }
}

const recordsOf = (links: readonly PairLink[]): string => storableJson(links.map(pairLinkRecord));
