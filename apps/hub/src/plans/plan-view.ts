import type { PlanItem } from '@syncline/connector-sdk';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { Absent } from '../http/validation.js';
import { LINK_KINDS, LinkRefView } from '../links/link-view.js';
import { PLAN_OPS, type PlanItemRow, type PlanRow } from './plan-store.js';

export class PlanRequestDto {
  @ApiPropertyOptional({ enum: ['incremental', 'full'], description: 'full: also what change lists never show.' })
  @Absent()
  @IsIn(['incremental', 'full'])
  mode?: 'incremental' | 'full';
}

export class PlannedView {
  @ApiProperty({ format: 'uuid', description: 'The run that plans. Its plan is at /api/runs/{runId}/plan.' })
  runId: string;
}

class PlanSummaryView {
  @ApiProperty({ description: 'All items, also those that are not kept.' })
  total: number;

  @ApiProperty({ type: Object, description: 'By op; all keys always.', example: { create: 3, update: 0 } })
  byOp: Readonly<Record<string, number>>;

  @ApiProperty({ type: Object, description: 'By kind of item.', example: { issue: 3, comment: 9 } })
  byKind: Readonly<Record<string, number>>;

  @ApiProperty({ description: 'Items that would write to a remote.' })
  writes: number;

  @ApiProperty({ description: 'Whether there were more items than are kept; `total` counts them all.' })
  truncated: boolean;
}

class PlanItemView {
  @ApiProperty({ enum: PLAN_OPS })
  op: PlanItem['op'];

  @ApiProperty({ enum: LINK_KINDS })
  kind: PlanItem['kind'];

  @ApiProperty({
    enum: ['left', 'right'],
    description: 'The side that would be written; of a skip where it was found.',
  })
  side: PlanItem['side'];

  @ApiPropertyOptional({ type: LinkRefView, description: 'The item as it was found.' })
  ref?: LinkRefView;

  @ApiPropertyOptional()
  title?: string;

  @ApiPropertyOptional({ type: [String] })
  fields?: readonly string[];

  @ApiProperty()
  reason: string;
}

export class PlanView {
  @ApiProperty({ type: PlanSummaryView })
  summary: PlanSummaryView;

  @ApiProperty({ type: [PlanItemView], description: 'In the order in which they would happen.' })
  items: readonly PlanItemView[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor: string | null;
}

const WRITES: readonly string[] = ['create', 'update', 'close', 'reopen', 'delete'];

/** A plan that found nothing to do has no row. */
export function toSummary(plan: PlanRow | undefined): PlanSummaryView {
  const byOp: Record<string, number> = Object.fromEntries(PLAN_OPS.map((op) => [op, 0]));
  const byKind: Record<string, number> = {};
  let total = 0;
  for (const [name, count] of Object.entries(plan?.counts ?? {})) {
    const [op = '', kind = ''] = name.split(' ');
    byOp[op] = (byOp[op] ?? 0) + count;
    byKind[kind] = (byKind[kind] ?? 0) + count;
    total += count;
  }
  const writes = WRITES.reduce((sum, op) => sum + (byOp[op] ?? 0), 0);
  return { total, byOp, byKind, writes, truncated: total > (plan?.items ?? 0) };
}

export function toPlanItemView({ op, kind, side, ref, title, fields, reason }: PlanItemRow): PlanItemView {
  return {
    op,
    kind,
    side,
    ...(ref === null || ref === undefined ? {} : { ref }),
    ...(title === null ? {} : { title }),
    ...(fields === null ? {} : { fields }),
    reason,
  };
}
