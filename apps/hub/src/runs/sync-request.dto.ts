import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsObject, IsOptional } from 'class-validator';
import type { JsonObject } from '@syncline/connector-sdk';
import { IsTime } from '../http/iso-time.js';

/** What a manual run is asked to do. */
export class SyncRequestDto {
  @ApiPropertyOptional({ enum: ['incremental', 'full'], description: 'full: also what change lists never show.' })
  @IsOptional()
  @IsIn(['incremental', 'full'])
  mode?: 'incremental' | 'full';

  @ApiPropertyOptional({ format: 'date-time', description: 'Read again from here, whatever the checkpoints say.' })
  @IsOptional()
  @IsTime()
  since?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Parameters the connector takes. Runs asked for with other parameters wait beside each other.',
  })
  @IsOptional()
  @IsObject()
  params?: JsonObject;
}

/** Which run it became. */
export class TriggeredView {
  @ApiProperty({ format: 'uuid' })
  runId: string;
  @ApiProperty({
    description: 'Whether this run was asked for before with the same parameters, or follows a running one.',
  })
  coalesced: boolean;
}
