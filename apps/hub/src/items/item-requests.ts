import type { ItemRequest } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** As many as one run takes. */
const MOST_PER_RUN = 1_000;
/** An item whose runs failed this often is not asked for any more; what failed stands in their logs. */
const MOST_ATTEMPTS = 10;

/** An item as a run takes it; asked for again meanwhile, it is another one. */
export interface TakenItem extends ItemRequest {
  readonly requestedAt: string;
}

/** Items that people asked for, waiting for a run. */
@Injectable()
export class ItemRequests {
  constructor(private readonly database: DataSource) {}

  async ask(manager: EntityManager, connectionId: string, { side, key }: ItemRequest): Promise<void> {
    await manager.query(
      `insert into item_request (connection_id, side, key) values ($1, $2, $3)
       on conflict (connection_id, side, key) do update set requested_at = clock_timestamp(), attempts = 0`,
      [connectionId, side, key],
    );
  }

  async take(connectionId: string): Promise<readonly TakenItem[]> {
    return this.database.query(
      `select side, key, requested_at::text as "requestedAt" from item_request
       where connection_id = $1 order by requested_at limit $2`,
      [connectionId, MOST_PER_RUN],
    );
  }

  /** A run has dealt with them: what failed of them is set aside by now. */
  async done(manager: EntityManager, connectionId: string, items: readonly TakenItem[]): Promise<void> {
    if (items.length === 0) return;
    await manager.query(
      `delete from item_request using jsonb_to_recordset($2::jsonb) as taken (side text, key text, "requestedAt" timestamptz)
       where item_request.connection_id = $1 and item_request.side = taken.side and item_request.key = taken.key
         and item_request.requested_at = taken."requestedAt"`,
      [connectionId, JSON.stringify(items)],
    );
  }

  /** The run failed: the next one takes them again, but not for ever. */
  async failed(manager: EntityManager, connectionId: string, items: readonly TakenItem[]): Promise<void> {
    if (items.length === 0) return;
    await manager.query(
      `update item_request set attempts = attempts + 1
       from jsonb_to_recordset($2::jsonb) as taken (side text, key text)
       where item_request.connection_id = $1 and item_request.side = taken.side and item_request.key = taken.key`,
      [connectionId, JSON.stringify(items)],
    );
    await manager.query('delete from item_request where connection_id = $1 and attempts >= $2', [
      connectionId,
      MOST_ATTEMPTS,
    ]);
  }
}
