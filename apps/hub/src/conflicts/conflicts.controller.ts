import { Body, Controller, Get, HttpCode, Param, Post, Query as QueryParams } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Actor } from '../auth/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { parsePage, toPage } from '../http/paging.js';
import { choicesOf, idsOf, listOf, pathId, type Query } from '../http/query.js';
import { ConflictQueries } from './conflict-queries.js';
import { CONFLICT_STATES, ConflictList, ConflictView, ResolveDto, toConflictView } from './conflict-view.js';
import { ConflictsService } from './conflicts.service.js';

@ApiTags('conflicts')
@ApiBearerAuth()
@Controller('api/conflicts')
export class ConflictsController {
  constructor(
    private readonly queries: ConflictQueries,
    private readonly conflicts: ConflictsService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Fields that both sides changed, newest first; a key repeated means OR' })
  @ApiQuery({ name: 'connectionId', required: false, isArray: true, type: String })
  @ApiQuery({ name: 'state', required: false, isArray: true, enum: CONFLICT_STATES })
  @ApiQuery({ name: 'linkId', required: false, isArray: true, type: String })
  @ApiQuery({ name: 'field', required: false, isArray: true, type: String })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiOkResponse({ type: ConflictList })
  @ApiProblems(400, 401)
  async list(@QueryParams() query: Query): Promise<ConflictList> {
    const { limit, cursor } = parsePage(query, ['number', 'id']);
    const filter = {
      connectionIds: idsOf(query, 'connectionId'),
      states: choicesOf(query, 'state', CONFLICT_STATES),
      linkIds: idsOf(query, 'linkId'),
      fields: listOf(query, 'field'),
    };
    const rows = await this.queries.list(filter, { limit: limit + 1, after: cursor });
    return toPage(rows, limit, (row) => [row.place_at, row.id], toConflictView);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One conflict' })
  @ApiOkResponse({ type: ConflictView })
  @ApiProblems(401, 404)
  async get(@Param('id') id: string): Promise<ConflictView> {
    return toConflictView(await this.conflicts.get(pathId(id, 'conflict')));
  }

  @Post(':id/resolve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Decide it. The next run writes it; `fixed` reads both sides again, now' })
  @ApiOkResponse({ type: ConflictView })
  @ApiProblems(400, 401, 404, 409, 422, 429, 502)
  async resolve(@Param('id') id: string, @Body() body: ResolveDto, @Actor() actor: string): Promise<ConflictView> {
    return toConflictView(await this.conflicts.resolve(pathId(id, 'conflict'), body, actor));
  }
}
