import type { JsonValue, LinkKind } from '@syncline/connector-sdk';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, IsIn } from 'class-validator';
import { IsTime } from '../http/iso-time.js';
import { Absent } from '../http/validation.js';
import { definedRefs, type LinkSidesRow } from '../links/link-row.js';
import { LinkRefView } from '../links/link-view.js';
import { MOST_LISTED, type ConflictRow, type ConflictState, type Resolution } from './conflict-row.js';

export const CONFLICT_STATES: readonly ConflictState[] = ['open', 'resolved', 'closed'];
export const CHOICES = ['left', 'right', 'value', 'fixed'] as const;

const CUTTABLE = ['base', 'left', 'right'] as const;
type Cuttable = (typeof CUTTABLE)[number];

/** A value of a field: sets are sorted names, cleared is null. */
const value = {
  nullable: true,
  oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'array', items: { type: 'string' } }],
};

class ResolutionView implements Resolution {
  @ApiProperty({ enum: [...CHOICES, 'policy'], description: 'policy: the connection decided, by its policy.' })
  choice: Resolution['choice'];

  @ApiPropertyOptional({ ...value, description: 'With the choice value.' })
  value?: JsonValue;

  @ApiPropertyOptional({ description: 'The name of the token that was used.' })
  by?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  at?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'When it was written to the remotes.' })
  appliedAt?: string;
}

/** One field of two linked items that both sides changed. left is the source. */
export class ConflictView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  connectionId: string;

  @ApiProperty({ format: 'uuid' })
  linkId: string;

  @ApiProperty({ example: 'title' })
  field: string;

  @ApiProperty({
    ...value,
    description: 'What both sides last agreed on; null: that it was empty, or they never agreed.',
  })
  base: JsonValue;

  @ApiProperty(value)
  left: JsonValue;

  @ApiProperty(value)
  right: JsonValue;

  @ApiProperty({ enum: CONFLICT_STATES, description: 'closed: the sides agreed by themselves.' })
  state: ConflictState;

  @ApiProperty({ format: 'date-time' })
  detectedAt: string;

  @ApiProperty({ format: 'date-time', description: 'When its values or its state last changed.' })
  updatedAt: string;

  @ApiPropertyOptional({ type: ResolutionView })
  resolution?: Resolution;

  @ApiPropertyOptional({
    enum: CUTTABLE,
    isArray: true,
    description: `In lists: texts of more than ${MOST_LISTED} characters, of which only the beginning is shown. One conflict has them whole.`,
  })
  cut?: readonly Cuttable[];

  @ApiPropertyOptional({ type: LinkRefView })
  leftRef?: LinkRefView;

  @ApiPropertyOptional({ type: LinkRefView })
  rightRef?: LinkRefView;
}

export class ConflictList {
  @ApiProperty({ type: [ConflictView] })
  items: readonly ConflictView[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor: string | null;
}

export class ResolveDto {
  @ApiProperty({
    enum: CHOICES,
    description: 'left, right: that side wins. value: both get `value`. fixed: somebody made them agree; look again.',
  })
  @IsIn([...CHOICES])
  choice: (typeof CHOICES)[number];

  /** Checked by field. */
  @ApiPropertyOptional({ ...value, description: 'With the choice value; in the words of the left side.' })
  @Allow()
  value?: unknown;

  @ApiPropertyOptional({
    format: 'date-time',
    description: "The conflict's updatedAt as it was seen: 409 where its values have changed since.",
  })
  @Absent()
  @IsTime()
  updatedAt?: string;
}

export type ConflictWithLink = ConflictRow & LinkSidesRow & { readonly kind: LinkKind };

/** `cut`: of which values only the beginning was read. */
export type ListedConflict = ConflictWithLink & { readonly cut?: readonly Cuttable[] };

export function toConflictView(row: ListedConflict): ConflictView {
  const { left, right } = definedRefs(row);
  const { cut = [] } = row;
  return {
    id: row.id,
    connectionId: row.connection_id,
    linkId: row.link_id,
    field: row.field,
    base: row.base,
    left: row.left_value,
    right: row.right_value,
    state: row.state,
    detectedAt: row.detected_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    ...(row.resolution === null ? {} : { resolution: row.resolution }),
    ...(cut.length === 0 ? {} : { cut }),
    ...(left === undefined ? {} : { leftRef: left }),
    ...(right === undefined ? {} : { rightRef: right }),
  };
}
