import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Problem } from '../http/problem.js';
import { pathId } from '../http/query.js';
import { RunTriggers } from './run-triggers.js';
import { SyncRequestDto } from './sync-request.dto.js';

@ApiTags('connections')
@Controller('api/connections/:id/sync')
export class ConnectionSyncController {
  constructor(
    private readonly database: DataSource,
    private readonly triggers: RunTriggers,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Run now. While one is queued or running, this is its one follow-up.' })
  async sync(@Param('id') id: string, @Body() request: SyncRequestDto): Promise<{ runId: string; coalesced: boolean }> {
    const rows: { enabled: boolean }[] = await this.database.query('select enabled from connection where id = $1', [
      pathId(id, 'connection'),
    ]);
    if (rows[0] === undefined) throw Problem.notFound(`connection ${id}`);
    if (!rows[0].enabled) throw Problem.conflict('The connection is paused. Enable it to run it.');
    const since = request.since === undefined ? undefined : new Date(request.since);
    return this.triggers.trigger(id, { trigger: 'manual', mode: request.mode, since, params: request.params });
  }
}
