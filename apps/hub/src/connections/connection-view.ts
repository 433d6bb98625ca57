import type { JsonObject } from '@syncline/connector-sdk';
import { ApiProperty } from '@nestjs/swagger';
import type { ConnectionHealth, HealthError, HealthState } from './connection-health.js';
import type { Schedule } from './schedule.js';

class HealthView implements ConnectionHealth {
  @ApiProperty({ enum: ['new', 'ok', 'late', 'failing', 'needs_attention', 'paused'] })
  state: HealthState;
  @ApiProperty({ format: 'date-time' })
  since: Date;
  @ApiProperty({ required: false, format: 'uuid' })
  lastRunId?: string;
  @ApiProperty({ required: false, format: 'date-time' })
  lastSuccessAt?: Date;
  @ApiProperty({
    required: false,
    type: Object,
    description:
      '{kind, message, hint?, retryAt?} of the last run that failed, or of kind rate_limit while the remote has it wait until retryAt',
  })
  error?: HealthError;
}

export class ConnectionView {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty()
  name: string;
  @ApiProperty({ nullable: true, type: String })
  description: string | null;
  @ApiProperty({ example: 'gitlab-events' })
  connectorId: string;
  @ApiProperty()
  enabled: boolean;
  @ApiProperty({ nullable: true, type: Object, description: '{intervalMinutes} | {cron, timeZone?} | null' })
  schedule: Schedule | null;
  @ApiProperty({ type: Object, description: 'Secrets read as {set, hint}.' })
  config: JsonObject;
  @ApiProperty({ type: [String] })
  tags: readonly string[];
  @ApiProperty({ type: HealthView })
  health: ConnectionHealth;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  nextRunAt: Date | null;
  @ApiProperty({ format: 'date-time' })
  createdAt: Date;
  @ApiProperty({ format: 'date-time' })
  updatedAt: Date;
}

export class ConnectionList {
  @ApiProperty({ type: [ConnectionView] })
  items: readonly ConnectionView[];
  @ApiProperty({ nullable: true, type: String })
  nextCursor: string | null;
}

class ChoiceView {
  @ApiProperty()
  value: string;
  @ApiProperty()
  label: string;
}

export class DiscoveryView {
  @ApiProperty({ type: [ChoiceView] })
  items: readonly ChoiceView[];
  @ApiProperty({ nullable: true, type: String })
  nextCursor: string | null;
}
