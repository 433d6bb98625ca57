import type { Transition, Wake } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { storableJson } from '../events/storable-text.js';
import { ItemRequests, type TakenItem } from '../items/item-requests.js';

/** As many deliveries as one run takes; a flood is worked off in several. */
const MOST_PER_RUN = 5_000;
/** A delivery whose run failed this often is not the reason why the next one should run. */
const MOST_ATTEMPTS = 10;

/** What webhooks named and people asked for, waiting for a run. */
export interface PendingWakes {
  readonly deliveryIds: readonly string[];
  /** Each named thing once, however many deliveries named it. */
  readonly wakes: readonly Wake[];
  readonly transitions: readonly { readonly eventId: string; readonly transition: Transition }[];
  readonly items: readonly TakenItem[];
}

/** For runs that answer nothing that waits. */
export const nothingPending: PendingWakes = { deliveryIds: [], wakes: [], transitions: [], items: [] };

/** The durable inbox, seen from the runs: take what waits, and say what became of it. */
@Injectable()
export class WakeInbox {
  constructor(
    private readonly database: DataSource,
    readonly requests: ItemRequests,
  ) {}

  async take(connectionId: string): Promise<PendingWakes> {
    const rows: { id: string; wakes: Wake[]; transitions: { eventId: string; status: string; at: string }[] }[] =
      await this.database.query(
        `select id, wakes, transitions from webhook_delivery
         where connection_id = $1 and state = 'pending' order by received_at limit $2`,
        [connectionId, MOST_PER_RUN],
      );
    const wakes = new Map(
      rows.flatMap((row) => row.wakes.map((wake) => [JSON.stringify([wake.stream, wake.scope, wake.item]), wake])),
    );
    return {
      deliveryIds: rows.map((row) => row.id),
      wakes: [...wakes.values()],
      transitions: rows.flatMap((row) =>
        row.transitions.map(({ eventId, status, at }) => ({ eventId, transition: { status, at: new Date(at) } })),
      ),
      items: await this.requests.take(connectionId),
    };
  }

  async done(manager: EntityManager, deliveryIds: readonly string[], runId: string): Promise<void> {
    if (deliveryIds.length === 0) return;
    await manager.query(
      `update webhook_delivery set state = 'done', run_id = $2, error = null, attempts = attempts + 1 where id = any($1::uuid[])`,
      [deliveryIds, runId],
    );
  }

  async failed(manager: EntityManager, deliveryIds: readonly string[], runId: string, error: object): Promise<void> {
    if (deliveryIds.length === 0) return;
    await manager.query(
      `update webhook_delivery set attempts = attempts + 1, run_id = $2, error = $3,
         state = case when attempts + 1 >= $4 then 'failed' else 'pending' end
       where id = any($1::uuid[])`,
      [deliveryIds, runId, storableJson(error), MOST_ATTEMPTS],
    );
  }
}
