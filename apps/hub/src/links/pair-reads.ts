import type { KnownCopy, LinkKind, LinkSide, LinkToFollow, PairLink } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { storableJson } from '../events/storable-text.js';
import { findBySide, OF_CONNECTION } from './link-statements.js';
import { type CopyRow, mapCopy, mapPairLink, type PairLinkRow } from './pair-link-row.js';

const COPY = 'id as link_id, connection_id, origin_key, origin, copy_key';

const ORPHANED = `exists (select from connection c where c.id = link.connection_id and c.deleted_at is not null)`;

/** Looks links up for runs of connections that keep two systems in step. One statement for many items. */
@Injectable()
export class PairReads {
  constructor(private readonly database: DataSource) {}

  async byKey(
    connectionId: string,
    kind: LinkKind,
    side: LinkSide,
    keys: readonly { projectId: string; key: string }[],
  ): Promise<readonly PairLink[]> {
    if (keys.length === 0) return [];
    return this.links(findBySide(side), [connectionId, kind, storableJson(keys)]);
  }

  async byId(connectionId: string, ids: readonly string[]): Promise<readonly PairLink[]> {
    if (ids.length === 0) return [];
    return this.links(`select * from link where ${OF_CONNECTION} and id = any($2::uuid[])`, [connectionId, ids]);
  }

  async childrenOf(connectionId: string, parentIds: readonly string[]): Promise<readonly PairLink[]> {
    if (parentIds.length === 0) return [];
    return this.links(`select * from link where ${OF_CONNECTION} and parent_id = any($2::uuid[]) order by id`, [
      connectionId,
      parentIds,
    ]);
  }

  unsettled(connectionId: string): Promise<readonly PairLink[]> {
    return this.links(`select * from link where connection_id = $1 and state = 'intended' order by created_at, id`, [
      connectionId,
    ]);
  }

  page(connectionId: string, kind: LinkKind, after: string | undefined, limit: number): Promise<readonly PairLink[]> {
    return this.links(
      `select * from link where connection_id = $1 and kind = $2 and ($3::uuid is null or id > $3::uuid)
       order by id limit $4`,
      [connectionId, kind, after ?? null, limit],
    );
  }

  async awaiting(connectionId: string, side: LinkSide, keys: readonly string[]): Promise<readonly PairLink[]> {
    if (keys.length === 0) return [];
    return this.links(
      `select * from link where ${OF_CONNECTION} and origin_side is not distinct from $2 and awaits && $3::text[] order by id`,
      [connectionId, side, keys],
    );
  }

  conflicted(connectionId: string): Promise<readonly PairLink[]> {
    return this.links(
      `select * from link where id in (select link_id from conflict where connection_id = $1 and not settled) order by id`,
      [connectionId],
    );
  }

  /** In any state: what people severed is a copy nevertheless. */
  async copiesAt(place: string, kind: LinkKind, keys: readonly string[]): Promise<ReadonlyMap<string, KnownCopy>> {
    if (keys.length === 0) return new Map();
    const rows: CopyRow[] = await this.database.query(
      `select ${COPY}, ${ORPHANED} as orphaned from link
       where place_key = $1 and kind = $2 and copy_key = any($3::text[]) and origin_key is not null
       order by (state <> 'severed'), created_at`,
      [place, kind, keys],
    );
    return new Map(rows.map((row) => [row.copy_key ?? '', mapCopy(row)]));
  }

  async copiesOf(place: string, originKeys: readonly string[]): Promise<ReadonlyMap<string, KnownCopy>> {
    if (originKeys.length === 0) return new Map();
    const rows: CopyRow[] = await this.database.query(
      `select ${COPY} from link
       where place_key = $1 and origin_key = any($2::text[]) and state in ('intended', 'active', 'conflicted')`,
      [place, originKeys],
    );
    return new Map(rows.map((row) => [row.origin_key ?? '', mapCopy(row)]));
  }

  /** The newest of each origin; one whose connection was deleted counts as well. */
  async leftBehind(place: string, originKeys: readonly string[]): Promise<ReadonlyMap<string, LinkToFollow>> {
    if (originKeys.length === 0) return new Map();
    const links = await this.links(
      `select distinct on (origin_key) * from link
       where place_key = $1 and origin_key = any($2::text[]) and kind = 'issue' and state = 'gone'
       order by origin_key, created_at desc, id`,
      [place, originKeys],
    );
    if (links.length === 0) return new Map();
    const children = await this.links('select * from link where parent_id = any($1::uuid[]) order by id', [
      links.map(({ id }) => id),
    ]);
    return new Map(
      links.map((link) => [
        link.origin?.key ?? '',
        { link, children: children.filter(({ parentId }) => parentId === link.id) },
      ]),
    );
  }

  private async links(statement: string, parameters: unknown[]): Promise<readonly PairLink[]> {
    const rows: PairLinkRow[] = await this.database.query(statement, parameters);
    return rows.map(mapPairLink);
  }
}
