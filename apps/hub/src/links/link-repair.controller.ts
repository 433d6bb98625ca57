import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Audit } from '../audit/audit.js';
import { Actor } from '../auth/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { Problem } from '../http/problem.js';
import { pathId } from '../http/query.js';
import { CapableConnections, requireEnabled } from '../runs/capable-connections.js';
import { RunTriggers } from '../runs/run-triggers.js';
import { TriggeredView } from '../runs/sync-request.dto.js';
import { REPAIR_RUN } from './repair-run.js';

@ApiTags('links')
@ApiBearerAuth()
@Controller('api/connections/:id/repair-links')
export class LinkRepairController {
  constructor(
    private readonly connections: CapableConnections,
    private readonly triggers: RunTriggers,
    private readonly audit: Audit,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Rebuild links from the markers in the items, e.g. after the database was lost' })
  @ApiAcceptedResponse({ type: TriggeredView })
  @ApiProblems(401, 404, 409)
  async repair(@Param('id') id: string, @Actor() actor: string): Promise<TriggeredView> {
    const connection = await this.connections.get(pathId(id, 'connection'));
    if (!connection.can('links')) throw Problem.conflict('The connector of this connection keeps no links.');
    requireEnabled(connection);
    const triggered = await this.triggers.trigger(connection.id, REPAIR_RUN);
    const subject = { kind: 'connection', id: connection.id, name: connection.name };
    await this.audit.record(actor, 'connection.repair_links', subject, { runId: triggered.runId });
    return triggered;
  }
}
