import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { OF_CONNECTION } from '../links/link-statements.js';
import type { ItemView } from './item-view.js';

export interface WaitingRow {
  readonly state: ItemView['state'];
  readonly stream: string;
  readonly key: string;
  readonly error: NonNullable<ItemView['error']> | null;
  readonly attempts: number;
  readonly since: Date;
  readonly next_try_at: Date;
  readonly link_id: string | null;
  readonly title: string | null;
  readonly url: string | null;
}

/** What waits of a connection: items that were set aside, and items that people asked for. */
@Injectable()
export class WaitingItems {
  constructor(private readonly database: DataSource) {}

  /** In the order of state, stream and key. */
  list(
    connectionId: string,
    states: readonly string[],
    page: { readonly limit: number; readonly after?: readonly [string, string, string] },
  ): Promise<readonly WaitingRow[]> {
    const [state, stream, key] = page.after ?? [null, null, null];
    return this.database.query(
      `select waiting.*, link.id as link_id, link.title, link.url from (
         select * from (
           select 'set_aside' as state, stream, item as key, error, attempts, first_at as since, next_try_at
           from set_aside where connection_id = $1
           union all
           select 'requested', side, key, null, attempts, requested_at, requested_at
           from item_request where connection_id = $1
         ) as waiting
         where (cardinality($2::text[]) = 0 or state = any($2::text[]))
           and ($3::text is null or (state, stream, key) > ($3::text, $4::text, $5::text))
         order by state, stream, key limit $6
       ) as waiting left join lateral (
         -- of the page alone: each side by the index that begins with its key
         select id, left_title as title, left_url as url from link
         where stream = 'left' and left_key = key and kind = 'issue' and state <> 'severed' and ${OF_CONNECTION}
         union all
         select id, right_title, right_url from link
         where stream = 'right' and right_key = key and kind = 'issue' and state <> 'severed' and ${OF_CONNECTION}
         limit 1
       ) as link on true
       order by state, stream, key`,
      [connectionId, states, state, stream, key, page.limit],
    );
  }

  /** Makes what is set aside under this key due now. Returns how many there are. */
  async makeDue(manager: EntityManager, connectionId: string, key: string): Promise<number> {
    const [, count]: [unknown[], number] = await manager.query(
      'update set_aside set next_try_at = now() where connection_id = $1 and item = $2',
      [connectionId, key],
    );
    return count;
  }
}

export function toItemView(row: WaitingRow): ItemView {
  return {
    key: row.key,
    state: row.state,
    stream: row.stream,
    ...(row.error === null ? {} : { error: row.error }),
    attempts: row.attempts,
    since: row.since.toISOString(),
    nextTryAt: row.next_try_at.toISOString(),
    ...(row.link_id === null ? {} : { linkId: row.link_id }),
    ...(row.title === null ? {} : { title: row.title }),
    ...(row.url === null ? {} : { url: row.url }),
  };
}
