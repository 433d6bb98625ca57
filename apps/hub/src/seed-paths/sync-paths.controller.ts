import { Body, Controller, Get, HttpCode, Param, Post, Query as QueryParams } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiPropertyOptional,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { Actor } from '../auth/actor.js';
import { ConflictQueries } from '../conflicts/conflict-queries.js';
import { ConflictList, ConflictView, toConflictView } from '../conflicts/conflict-view.js';
import { ConflictsService } from '../conflicts/conflicts.service.js';
import { ApiProblems } from '../http/api-problems.js';
import { parsePage, toPage } from '../http/paging.js';
import { choicesOf, idsOf, pathId, type Query } from '../http/query.js';
import { Removable } from '../http/validation.js';
import { ManualRuns } from '../runs/manual-runs.js';
import { RunQueries } from '../runs/run-queries.js';
import { LEVELS, LogList, toLogView } from '../runs/run-view.js';
import { TriggeredView } from '../runs/sync-request.dto.js';

class ResolutionNotesDto {
  @ApiPropertyOptional({ nullable: true, type: String, description: 'Taken and not kept: the audit log says who.' })
  @Removable()
  @IsString()
  @MaxLength(10_000)
  resolution_notes?: string | null;
}

/** For people who come from GitLab Issue Transfer Buddy: its paths, on the same services; answers as everywhere here. */
@ApiTags('paths of other tools')
@ApiBearerAuth()
@Controller('api/sync')
export class SyncPathsController {
  constructor(
    private readonly runs: ManualRuns,
    private readonly runQueries: RunQueries,
    private readonly conflictQueries: ConflictQueries,
    private readonly conflicts: ConflictsService,
  ) {}

  @Get('logs')
  @ApiOperation({ summary: 'As /api/logs' })
  @ApiQuery({ name: 'project_pair_id', required: false, isArray: true, type: String })
  @ApiQuery({ name: 'level', required: false, isArray: true, enum: LEVELS })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiOkResponse({ type: LogList })
  @ApiProblems(400, 401)
  async logs(@QueryParams() query: Query): Promise<LogList> {
    const { limit, cursor } = parsePage(query, ['number']);
    const filter = { connectionIds: idsOf(query, 'project_pair_id'), levels: choicesOf(query, 'level', LEVELS) };
    const rows = await this.runQueries.logs(filter, { limit: limit + 1, before: cursor?.[0] });
    return toPage(rows, limit, (row) => [row.id], toLogView);
  }

  @Get('conflicts')
  @ApiOperation({ summary: 'As /api/conflicts; resolved=false: those that are open' })
  @ApiQuery({ name: 'project_pair_id', required: false, isArray: true, type: String })
  @ApiQuery({ name: 'resolved', required: false, enum: ['true', 'false'] })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiOkResponse({ type: ConflictList })
  @ApiProblems(400, 401)
  async listConflicts(@QueryParams() query: Query): Promise<ConflictList> {
    const { limit, cursor } = parsePage(query, ['number', 'id']);
    const resolved = choicesOf(query, 'resolved', ['true', 'false']);
    const states = resolved.flatMap((value) => (value === 'true' ? ['resolved', 'closed'] : ['open']));
    const filter = { connectionIds: idsOf(query, 'project_pair_id'), states, linkIds: [], fields: [] };
    const rows = await this.conflictQueries.list(filter, { limit: limit + 1, after: cursor });
    return toPage(rows, limit, (row) => [row.place_at, row.id], toConflictView);
  }

  @Post('conflicts/:id/resolve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Say that it was fixed in GitLab: both sides are read again' })
  @ApiOkResponse({ type: ConflictView })
  @ApiProblems(400, 401, 404, 409, 422, 429, 502)
  async resolve(
    @Param('id') id: string,
    @Body() _body: ResolutionNotesDto,
    @Actor() actor: string,
  ): Promise<ConflictView> {
    return toConflictView(await this.conflicts.resolve(pathId(id, 'conflict'), { choice: 'fixed' }, actor));
  }

  @Post(':id/trigger')
  @HttpCode(202)
  @ApiOperation({ summary: 'Run it now, as /api/connections/{id}/sync' })
  @ApiAcceptedResponse({ type: TriggeredView })
  @ApiProblems(401, 404, 409)
  trigger(@Param('id') id: string, @Actor() actor: string): Promise<TriggeredView> {
    return this.runs.trigger(pathId(id, 'project pair'), {}, actor);
  }
}
