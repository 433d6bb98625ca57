import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { buildMessage, IsString, IsUUID, ValidateBy } from 'class-validator';
import { Absent } from '../http/validation.js';
import { cleanUsername, usernameFault } from './user-mapping-row.js';

const IsUsername = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? cleanUsername(value) : value)),
    ValidateBy({
      name: 'isUsername',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && usernameFault(value) === undefined,
        defaultMessage: buildMessage((prefix, where) => {
          const value: unknown = where?.value;
          return `${prefix}${(typeof value === 'string' && usernameFault(value)) || 'must be a username'}`;
        }),
      },
    }),
    // As if stacked: the last one is looked at first.
    IsString(),
  );

export class NewUserMappingDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  sourceInstanceId: string;

  @ApiProperty({ example: 'alice', description: 'Any case; a leading @ is left out.' })
  @IsUsername()
  sourceUsername: string;

  @ApiProperty({ format: 'uuid', description: 'Another instance.' })
  @IsUUID()
  targetInstanceId: string;

  @ApiProperty({ example: 'a.liddell' })
  @IsUsername()
  targetUsername: string;
}

export class UserMappingPatchDto {
  @ApiPropertyOptional({ format: 'uuid' })
  @Absent()
  @IsUUID()
  sourceInstanceId?: string;

  @ApiPropertyOptional()
  @Absent()
  @IsUsername()
  sourceUsername?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @Absent()
  @IsUUID()
  targetInstanceId?: string;

  @ApiPropertyOptional()
  @Absent()
  @IsUsername()
  targetUsername?: string;
}
