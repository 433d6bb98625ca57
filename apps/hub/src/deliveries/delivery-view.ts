import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { DeliveryRow, DeliveryState } from './delivery-store.js';

export const STATES = ['pending', 'done', 'ignored', 'failed'];

class DeliveryErrorView {
  @ApiProperty()
  kind: string;
  @ApiProperty()
  message: string;
}

/** A delivery as the API shows it; its payload stays inside. */
export class DeliveryView {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'uuid' })
  connectionId: string;
  @ApiProperty({ format: 'date-time' })
  receivedAt: string;
  @ApiProperty({ description: "The remote's word for what happened." })
  event: string;
  @ApiProperty({ description: 'Deliveries with the same key are one.' })
  dedupKey: string;
  @ApiProperty({ enum: STATES })
  state: DeliveryState;
  @ApiPropertyOptional({ format: 'uuid', description: 'The run that read what it names.' })
  runId?: string;
  @ApiPropertyOptional({ type: DeliveryErrorView })
  error?: { readonly kind: string; readonly message: string };
}

export class DeliveryList {
  @ApiProperty({ type: [DeliveryView] })
  items: readonly DeliveryView[];
  @ApiProperty({ nullable: true, type: String })
  nextCursor: string | null;
}

export class ReplayView {
  @ApiProperty({ format: 'uuid' })
  runId: string;
}

export class ReceivedView {
  @ApiProperty({ format: 'uuid', description: "The delivery's; of a duplicate, the first one's." })
  id: string;
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
