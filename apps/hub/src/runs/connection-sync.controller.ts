import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Audit } from '../audit/audit.js';
import { Actor } from '../auth/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { Problem } from '../http/problem.js';
import { pathId } from '../http/query.js';
import { RunTriggers } from './run-triggers.js';
import { SyncRequestDto, TriggeredView } from './sync-request.dto.js';

@ApiTags('connections')
@ApiBearerAuth()
@Controller('api/connections/:id/sync')
export class ConnectionSyncController {
  constructor(
    private readonly database: DataSource,
    private readonly triggers: RunTriggers,
    private readonly audit: Audit,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Run now. While one is queued or running, this is its one follow-up.' })
  @ApiAcceptedResponse({ type: TriggeredView })
  @ApiProblems(400, 401, 404, 409, 422)
  async sync(@Param('id') id: string, @Body() request: SyncRequestDto, @Actor() actor: string): Promise<TriggeredView> {
    const rows: { enabled: boolean }[] = await this.database.query(
      'select enabled from connection where id = $1 and deleted_at is null',
      [pathId(id, 'connection')],
    );
    if (rows[0] === undefined) throw Problem.notFound(`connection ${id}`);
    if (!rows[0].enabled) throw Problem.conflict('The connection is paused. Enable it to run it.');
    const since = request.since === undefined ? undefined : new Date(request.since);
    const { mode, params } = request;
    const triggered = await this.triggers.trigger(id, { trigger: 'manual', mode, since, params });
    await this.audit.record(actor, 'connection.sync', { kind: 'connection', id }, { runId: triggered.runId, mode });
    return triggered;
  }
}
