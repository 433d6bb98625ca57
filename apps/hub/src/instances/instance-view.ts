import { ApiProperty } from '@nestjs/swagger';
import type { MaskedSecret } from '../secrets/masked.js';

export class InstanceView {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty()
  name: string;
  @ApiProperty({ example: 'gitlab' })
  kind: string;
  @ApiProperty({ example: 'https://gitlab.com' })
  baseUrl: string;
  @ApiProperty({ nullable: true, type: String })
  description: string | null;
  @ApiProperty({ type: Object, example: { token: { set: true, hint: '...f3a9' } } })
  credentials: Readonly<Record<string, MaskedSecret | string>>;
  @ApiProperty({ nullable: true, type: String })
  caCertificate: string | null;
  @ApiProperty({ nullable: true, type: String, description: 'A password in it reads as ***.' })
  proxyUrl: string | null;
  @ApiProperty({ type: Object })
  limits: { readonly requestsPerMinute?: number; readonly maxBackoffMinutes?: number };
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  expiresAt: Date | null;
  @ApiProperty({ nullable: true, type: Object, description: 'Who the credentials are at the remote, once tested.' })
  account: { readonly id: string; readonly username: string } | null;
  @ApiProperty({ format: 'date-time' })
  createdAt: Date;
  @ApiProperty({ format: 'date-time' })
  updatedAt: Date;
}

export class InstanceList {
  @ApiProperty({ type: [InstanceView] })
  items: readonly InstanceView[];
  @ApiProperty({ nullable: true, type: String })
  nextCursor: string | null;
}

class CheckStepView {
  @ApiProperty({ example: 'auth' })
  id: string;
  @ApiProperty({ example: 'The token is accepted' })
  label: string;
  @ApiProperty()
  ok: boolean;
  @ApiProperty({ required: false, description: 'What to fix, or a warning.' })
  hint?: string;
}

export class CheckView {
  @ApiProperty({ description: 'Every step succeeded.' })
  ok: boolean;
  @ApiProperty({ type: [CheckStepView] })
  steps: readonly CheckStepView[];
  @ApiProperty({ required: false, type: Object, description: '{id, username}' })
  account?: { readonly id: string; readonly username: string };
  @ApiProperty({ required: false, type: String, format: 'date-time' })
  expiresAt?: Date;
}
