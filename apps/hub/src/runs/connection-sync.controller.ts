import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Actor } from '../auth/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { pathId } from '../http/query.js';
import { ManualRuns } from './manual-runs.js';
import { SyncRequestDto, TriggeredView } from './sync-request.dto.js';

@ApiTags('connections')
@ApiBearerAuth()
@Controller('api/connections/:id/sync')
export class ConnectionSyncController {
  constructor(private readonly runs: ManualRuns) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Run now. While one with the same parameters is queued, this is that one; while one runs, its follow-up.',
  })
  @ApiAcceptedResponse({ type: TriggeredView })
  @ApiProblems(400, 401, 404, 409, 422)
  sync(@Param('id') id: string, @Body() request: SyncRequestDto, @Actor() actor: string): Promise<TriggeredView> {
    return this.runs.trigger(pathId(id, 'connection'), request, actor);
  }
}
