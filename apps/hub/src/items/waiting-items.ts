import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ItemView } from './item-view.js';

export interface WaitingRow {
  readonly state: ItemView['state'];
  readonly stream: string;
  readonly key: string;
  readonly error: NonNullable<ItemView['error']> | null;
  readonly attempts: number;
  readonly since: Date;
  readonly next_try_at: Date;
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
      `select * from (
         select 'set_aside' as state, stream, item as key, error, attempts, first_at as since, next_try_at
         from set_aside where connection_id = $1
         union all
         select 'requested', side, key, null, attempts, requested_at, requested_at
         from item_request where connection_id = $1
       ) as waiting
       where (cardinality($2::text[]) = 0 or state = any($2::text[]))
         and ($3::text is null or (state, stream, key) > ($3::text, $4::text, $5::text))
       order by state, stream, key limit $6`,
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
  };
}
