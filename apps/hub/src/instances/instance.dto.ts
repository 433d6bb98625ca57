import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsObject, IsString, Length, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { IsTime } from '../http/iso-time.js';
import { Absent, IsName, Removable } from '../http/validation.js';

export class LimitsDto {
  @ApiPropertyOptional({
    nullable: true,
    type: Number,
    description: 'Our own ceiling; the remote may slow us down further.',
  })
  @Removable()
  @IsInt()
  @Min(1)
  @Max(100_000)
  requestsPerMinute?: number | null;

  @ApiPropertyOptional({ nullable: true, type: Number, description: 'The longest wait for the remote inside one run.' })
  @Removable()
  @IsInt()
  @Min(1)
  @Max(1_440)
  maxBackoffMinutes?: number | null;
}

const credentials =
  'Values by the names the kind declares: token, username, password, apiKey. Read as {set, hint}; null removes one.';

class InstanceFields {
  @ApiPropertyOptional({ nullable: true, type: String })
  @Removable()
  @IsString()
  @MaxLength(2_000)
  description?: string | null;

  @ApiPropertyOptional({ nullable: true, type: String, description: 'PEM; trusted in addition to the system.' })
  @Removable()
  @IsString()
  @MaxLength(200_000)
  caCertificate?: string | null;

  @ApiPropertyOptional({ nullable: true, type: String, example: 'http://proxy.example:3128' })
  @Removable()
  @IsString()
  @MaxLength(2_000)
  proxyUrl?: string | null;

  @ApiPropertyOptional({ nullable: true, type: LimitsDto })
  @Removable()
  @IsObject()
  @ValidateNested()
  @Type(() => LimitsDto)
  limits?: LimitsDto | null;

  @ApiPropertyOptional({ nullable: true, type: String, format: 'date-time', description: 'When the credentials end.' })
  @Removable()
  @IsTime()
  expiresAt?: string | null;
}

export class NewInstanceDto extends InstanceFields {
  @ApiProperty({ example: 'GitLab.com' })
  @IsName()
  name: string;

  @ApiProperty({ example: 'gitlab', description: "One of the instanceKinds in a connector's metadata." })
  @IsString()
  @Length(1, 100)
  kind: string;

  @ApiPropertyOptional({ example: 'https://gitlab.com', description: "Default: the kind's own, where it has one." })
  @Absent()
  @IsString()
  @Length(1, 2_000)
  baseUrl?: string;

  @ApiPropertyOptional({ type: Object, description: credentials, example: { token: 'glpat-...' } })
  @Absent()
  @IsObject()
  credentials?: Record<string, unknown>;
}

export class InstancePatchDto extends InstanceFields {
  @ApiPropertyOptional()
  @Absent()
  @IsName()
  name?: string;

  @ApiPropertyOptional({ description: 'May be repeated, but not changed.' })
  @Absent()
  @IsString()
  kind?: string;

  @ApiPropertyOptional({ nullable: true, type: String, description: "null: the kind's own." })
  @Removable()
  @IsString()
  @Length(1, 2_000)
  baseUrl?: string | null;

  @ApiPropertyOptional({ nullable: true, type: Object, description: credentials })
  @Removable()
  @IsObject()
  credentials?: Record<string, unknown> | null;
}
