import { Controller, Get, Query } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { JsonObject } from '@syncline/connector-sdk';
import { LessThan, Repository } from 'typeorm';
import { ApiProblems } from '../http/api-problems.js';
import { parsePage, toPage } from '../http/paging.js';
import { type Query as QueryString, textOf } from '../http/query.js';
import { AuditEntry } from './audit-entry.entity.js';

class AuditView {
  @ApiProperty()
  id: string;
  @ApiProperty({ format: 'date-time' })
  at: Date;
  @ApiProperty({ description: 'The name of the token that was used.' })
  actor: string;
  @ApiProperty({ example: 'connection.update' })
  action: string;
  @ApiProperty({ description: '{kind, id, name}', type: Object })
  subject: { readonly kind: string; readonly id: string | null; readonly name: string | null };
  @ApiProperty({ type: Object, description: 'Names of what changed; never values of secrets.' })
  data: JsonObject;
}

class AuditPage {
  @ApiProperty({ type: [AuditView] })
  items: readonly AuditView[];
  @ApiProperty({ nullable: true, type: String })
  nextCursor: string | null;
}

@ApiTags('operations')
@ApiBearerAuth()
@Controller('api/audit')
export class AuditController {
  constructor(@InjectRepository(AuditEntry) private readonly entries: Repository<AuditEntry>) {}

  @Get()
  @ApiOperation({ summary: 'Who changed what, newest first' })
  @ApiQuery({ name: 'subjectKind', required: false })
  @ApiQuery({ name: 'subjectId', required: false })
  @ApiQuery({ name: 'actor', required: false })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiOkResponse({ type: AuditPage })
  @ApiProblems(400, 401)
  async list(@Query() query: QueryString): Promise<AuditPage> {
    const { limit, cursor } = parsePage(query, ['number']);
    const [subjectKind, subjectId, actor] = ['subjectKind', 'subjectId', 'actor'].map((key) => textOf(query, key));
    const rows = await this.entries.find({
      where: {
        ...(subjectKind === undefined ? {} : { subjectKind }),
        ...(subjectId === undefined ? {} : { subjectId }),
        ...(actor === undefined ? {} : { actor }),
        ...(cursor ? { id: LessThan(cursor[0]) } : {}),
      },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return toPage(rows, limit, (row) => [row.id], view);
  }
}

function view(row: AuditEntry): AuditView {
  const subject = { kind: row.subjectKind, id: row.subjectId, name: row.subjectName };
  return { id: row.id, at: row.at, actor: row.actor, action: row.action, subject, data: row.data };
}
