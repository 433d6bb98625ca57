import type { DeliveryRow, DeliveryState } from './delivery-store.js';

/** A delivery as the API shows it; its payload stays inside. */
export interface DeliveryView {
  readonly id: string;
  readonly connectionId: string;
  readonly receivedAt: string;
  readonly event: string;
  readonly dedupKey: string;
  readonly state: DeliveryState;
  readonly runId?: string;
  readonly error?: { readonly kind: string; readonly message: string };
}

export function toDeliveryView(row: DeliveryRow): DeliveryView {
  return {
    id: row.id,
    connectionId: row.connection_id,
    receivedAt: row.received_at.toISOString(),
    event: row.event,
    dedupKey: row.dedup_key,
    state: row.state,
    ...(row.run_id === null ? {} : { runId: row.run_id }),
    ...(row.error === null ? {} : { error: row.error }),
  };
}
