import type { LinkKind } from '@syncline/connector-sdk';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsString, IsUUID, Length, ValidateNested } from 'class-validator';
import { Absent } from '../http/validation.js';
import { LINK_KINDS } from './link-view.js';

export class NewLinkRefDto {
  @ApiProperty({ example: '42' })
  @IsString()
  @Length(1, 500)
  key: string;

  @ApiPropertyOptional({
    description: 'An instance of this hub; needed only where the connector cannot look the item up.',
  })
  @Absent()
  @IsUUID()
  instanceId?: string;

  @ApiPropertyOptional({ description: 'The project there, as the connector names it; needed likewise.' })
  @Absent()
  @IsString()
  @Length(1, 500)
  projectId?: string;
}

export class NewLinkDto {
  @ApiProperty()
  @IsUUID()
  connectionId: string;

  @ApiProperty({ enum: LINK_KINDS })
  @IsIn([...LINK_KINDS])
  kind: LinkKind;

  @ApiProperty({ type: NewLinkRefDto })
  @IsDefined({ message: 'is required' })
  @ValidateNested()
  @Type(() => NewLinkRefDto)
  left: NewLinkRefDto;

  @ApiProperty({ type: NewLinkRefDto })
  @IsDefined({ message: 'is required' })
  @ValidateNested()
  @Type(() => NewLinkRefDto)
  right: NewLinkRefDto;
}
