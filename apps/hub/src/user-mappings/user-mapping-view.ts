import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { UserMappingRow } from './user-mapping-row.js';

/** A mapping as the API shows it. */
export class UserMappingView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  sourceInstanceId: string;

  @ApiProperty({ example: 'alice' })
  sourceUsername: string;

  @ApiProperty({ format: 'uuid' })
  targetInstanceId: string;

  @ApiProperty({ example: 'a.liddell' })
  targetUsername: string;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;

  @ApiPropertyOptional({
    type: [String],
    description: 'After a change: what could not be looked up at the remote, and why.',
  })
  warnings?: readonly string[];
}

export class UserMappingList {
  @ApiProperty({ type: [UserMappingView] })
  items: readonly UserMappingView[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor: string | null;
}

export class LineView {
  @ApiProperty({ description: 'Of the file, the header is line 1.' })
  line: number;

  @ApiProperty()
  message: string;
}

export class ImportView {
  @ApiProperty()
  created: number;

  @ApiProperty()
  updated: number;

  @ApiProperty({ description: 'Mappings that were as the file says already.' })
  unchanged: number;

  @ApiProperty({ type: [LineView], description: 'Lines that were refused; all others are stored.' })
  errors: readonly LineView[];

  @ApiProperty({ type: [String], description: 'What could not be looked up at the remotes, and why.' })
  warnings: readonly string[];
}

export class SuggestionView {
  @ApiProperty()
  sourceUsername: string;

  @ApiProperty()
  sourceName: string;

  @ApiProperty()
  targetUsername: string;

  @ApiProperty()
  targetName: string;

  @ApiProperty({ enum: ['username', 'name'], description: 'What is equal on both sides.' })
  equal: 'username' | 'name';
}

export class SuggestionList {
  @ApiProperty({ type: [SuggestionView], description: 'People that no mapping names yet. Nothing is stored.' })
  items: readonly SuggestionView[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor: string | null;

  @ApiProperty({ type: [String], description: 'What was not looked at, and why.' })
  warnings: readonly string[];
}

export function toUserMappingView(row: UserMappingRow, warnings: readonly string[] = []): UserMappingView {
  return {
    id: row.id,
    sourceInstanceId: row.source_instance_id,
    sourceUsername: row.source_username,
    targetInstanceId: row.target_instance_id,
    targetUsername: row.target_username,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}
