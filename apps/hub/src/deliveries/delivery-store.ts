import type { IdentifiedWebhook, Wake } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { exactly } from '../database/exactly.js';
import { storableJson, storableText } from '../events/storable-text.js';

export type DeliveryState = 'pending' | 'done' | 'ignored' | 'failed';

export interface DeliveryRow {
  readonly id: string;
  readonly connection_id: string;
  readonly received_at: Date;
  readonly event: string;
  readonly dedup_key: string;
  readonly state: DeliveryState;
  readonly run_id: string | null;
  readonly error: { readonly kind: string; readonly message: string } | null;
}

export interface NewDelivery {
  identified: IdentifiedWebhook;
  readonly state: DeliveryState;
  readonly error?: { readonly kind: string; readonly message: string };
}

/** The durable inbox: a delivery is stored before it is answered, and once, however often it is sent. */
@Injectable()
export class DeliveryStore {
  constructor(private readonly database: DataSource) {}

  /** `duplicate`: it had been stored before; the id is the first one's. */
  async store(
    connectionId: string,
    { identified, state, error }: NewDelivery,
  ): Promise<{ id: string; duplicate: boolean }> {
    const { scope, wakes, transitions, payload } = identified;
    const [event, dedupKey] = [storableText(identified.event), storableText(identified.dedupKey)];
    const stored: { id: string }[] = await this.database.query(
      `insert into webhook_delivery (connection_id, event, dedup_key, state, scope, wakes, transitions, payload, error)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (connection_id, dedup_key) do nothing returning id`,
      [
        connectionId,
        event,
        dedupKey,
        state,
        scope === undefined ? null : storableText(scope),
        storableJson(wakes),
        storableJson(transitions.map(({ eventId, transition }) => ({ eventId, ...transition }))),
        storableJson(payload),
        error ? storableJson(error) : null,
      ],
    );
    if (stored[0]) return { id: stored[0].id, duplicate: false };
    const first: { id: string }[] = await this.database.query(
      `select id from webhook_delivery where ${exactly({ dedup_key: '$2::text', connection_id: '$1::uuid' })}`,
      [connectionId, dedupKey],
    );
    if (first[0]) return { id: first[0].id, duplicate: true };
    throw new Error('the delivery was neither stored nor found');
  }

  async find(id: string): Promise<(DeliveryRow & { wakes: readonly Wake[] }) | undefined> {
    const rows: (DeliveryRow & { wakes: readonly Wake[] })[] = await this.database.query(
      'select * from webhook_delivery where id = $1',
      [id],
    );
    return rows[0];
  }

  /** Puts a delivery back to the ones that wait, as if it had just arrived. */
  async reopen(id: string): Promise<void> {
    await this.database.query(
      `update webhook_delivery set state = 'pending', attempts = 0, error = null, run_id = null where id = $1`,
      [id],
    );
  }

  async list(
    filter: { connectionIds: readonly string[]; states: readonly string[] },
    page: { limit: number; before?: readonly unknown[] },
  ): Promise<(DeliveryRow & { at_key: string })[]> {
    return this.database.query(
      `select id, connection_id, received_at, (extract(epoch from received_at) * 1000000)::bigint::text as at_key, event, dedup_key, state, run_id, error from webhook_delivery
       where (cardinality($1::uuid[]) = 0 or connection_id = any($1::uuid[]))
         and (cardinality($2::text[]) = 0 or state = any($2::text[]))
         and ($3::bigint is null or (received_at, id) < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4::uuid))
       order by received_at desc, id desc limit $5`,
      [filter.connectionIds, filter.states, page.before?.[0] ?? null, page.before?.[1] ?? null, page.limit],
    );
  }
}
