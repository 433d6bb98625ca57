import type { ErrorKind, LinkSide } from '@syncline/connector-sdk';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, Length } from 'class-validator';
import { Absent } from '../http/validation.js';
import { RunErrorView } from '../runs/run-view.js';

export const ITEM_STATES = ['set_aside', 'requested'];

export class ItemRequestDto {
  @ApiProperty({ example: '42', description: 'As the remote names it; or the key of an item that is set aside.' })
  @IsString()
  @Length(1, 500)
  key: string;

  @ApiPropertyOptional({ enum: ['left', 'right'], default: 'left', description: 'The side it is on.' })
  @Absent()
  @IsIn(['left', 'right'])
  side?: LinkSide;
}

export class RequestedView {
  @ApiProperty({ format: 'uuid' })
  runId: string;
}

/** An item that waits: set aside after a failure, or asked for by somebody. */
export class ItemView {
  @ApiProperty()
  key: string;

  @ApiProperty({ enum: ITEM_STATES })
  state: 'set_aside' | 'requested';

  @ApiProperty({ description: 'The feed it belongs to; of a pair the side.' })
  stream: string;

  @ApiPropertyOptional({ type: RunErrorView, description: 'Why it is set aside.' })
  error?: { readonly kind: ErrorKind; readonly message: string; readonly hint?: string };

  @ApiProperty({ description: 'How often it failed.' })
  attempts: number;

  @ApiProperty({ format: 'date-time' })
  since: string;

  @ApiProperty({ format: 'date-time', description: 'Not before.' })
  nextTryAt: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Its link, where it has one.' })
  linkId?: string;

  @ApiPropertyOptional({ description: 'As last seen; of an item with a link.' })
  title?: string;

  @ApiPropertyOptional()
  url?: string;
}

export class ItemList {
  @ApiProperty({ type: [ItemView] })
  items: readonly ItemView[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor: string | null;
}
