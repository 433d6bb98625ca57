import type { JsonObject } from '@syncline/connector-sdk';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, ArrayMaxSize, IsArray, IsBoolean, IsIn, IsObject, IsString, Length, MaxLength } from 'class-validator';
import { Absent, IsName, Removable } from '../http/validation.js';

const schedule = {
  description:
    '{intervalMinutes} | {cron, timeZone?} | null (manual only). Absent when creating: as the connector suggests.',
  nullable: true,
  type: 'object' as const,
  additionalProperties: true,
  example: { intervalMinutes: 10 },
};

class ConnectionFields {
  @ApiPropertyOptional({ nullable: true, type: String })
  @Removable()
  @IsString()
  @MaxLength(2_000)
  description?: string | null;

  @ApiPropertyOptional({ default: true, nullable: true, type: Boolean })
  @Removable()
  @IsBoolean()
  enabled?: boolean | null;

  /** Parsed by `parseSchedule`. */
  @ApiPropertyOptional(schedule)
  @Allow()
  schedule?: unknown;

  @ApiPropertyOptional({ type: [String], nullable: true, description: 'For filtering the timeline.' })
  @Removable()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  tags?: string[] | null;
}

export class NewConnectionDto extends ConnectionFields {
  @ApiProperty({ example: 'Payments team' })
  @IsName()
  name: string;

  @ApiProperty({ example: 'gitlab-events' })
  @IsString()
  @Length(1, 100)
  connectorId: string;

  @ApiProperty({ type: Object, description: "By the connector's configSchema; instances by their id." })
  @IsObject()
  config: JsonObject;
}

export class ConnectionPatchDto extends ConnectionFields {
  @ApiPropertyOptional()
  @Absent()
  @IsName()
  name?: string;

  @ApiPropertyOptional({ description: 'May be repeated, but not changed.' })
  @Absent()
  @IsString()
  connectorId?: string;

  @ApiPropertyOptional({ type: Object, description: 'A merge patch: absent keeps, null removes.' })
  @Absent()
  @IsObject()
  config?: JsonObject;
}

export class ConnectionTestDto {
  @ApiProperty({ example: 'gitlab-events' })
  @IsString()
  connectorId: string;

  @ApiProperty({ type: Object })
  @IsObject()
  config: JsonObject;
}

export class DiscoverDto {
  @ApiPropertyOptional({ description: 'Part of the name.' })
  @Absent()
  @IsString()
  @MaxLength(200)
  query?: string;

  @ApiPropertyOptional({ enum: ['left', 'right'] })
  @Absent()
  @IsIn(['left', 'right'])
  side?: 'left' | 'right';

  @ApiPropertyOptional({ description: 'The config property that asks, e.g. projects.' })
  @Absent()
  @IsString()
  @MaxLength(200)
  property?: string;

  @ApiPropertyOptional({ description: 'nextCursor of the page before.' })
  @Absent()
  @IsString()
  @MaxLength(2_000)
  cursor?: string;
}
