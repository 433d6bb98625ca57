import { Body, Controller, Get, HttpCode, Param, Post, Query as QueryParams } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Audit } from '../audit/audit.js';
import { Actor } from '../auth/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { parsePage, toPage } from '../http/paging.js';
import { Problem } from '../http/problem.js';
import { choicesOf, pathId, type Query } from '../http/query.js';
import { LINK_KINDS } from '../links/link-view.js';
import { CapableConnections } from '../runs/capable-connections.js';
import { RunQueries } from '../runs/run-queries.js';
import { RunTriggers } from '../runs/run-triggers.js';
import { PLAN_OPS, PlanStore } from './plan-store.js';
import { PlannedView, PlanRequestDto, PlanView, toPlanItemView, toSummary } from './plan-view.js';

@ApiTags('plans')
@ApiBearerAuth()
@Controller('api')
export class PlansController {
  constructor(
    private readonly connections: CapableConnections,
    private readonly triggers: RunTriggers,
    private readonly runs: RunQueries,
    private readonly plans: PlanStore,
    private readonly audit: Audit,
  ) {}

  @Post('connections/:id/plan')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Find out what a sync would do. Writes nothing, here or there; a paused connection can, too.',
  })
  @ApiAcceptedResponse({ type: PlannedView })
  @ApiProblems(400, 401, 404, 409, 422)
  async plan(@Param('id') id: string, @Body() { mode }: PlanRequestDto, @Actor() actor: string): Promise<PlannedView> {
    const connection = await this.connections.get(pathId(id, 'connection'));
    if (!connection.can('plan')) throw Problem.conflict('The connector of this connection makes no plans.');
    const { runId } = await this.triggers.trigger(connection.id, { trigger: 'manual', kind: 'plan', mode });
    const subject = { kind: 'connection', id: connection.id, name: connection.name };
    await this.audit.record(actor, 'connection.plan', subject, { runId });
    return { runId };
  }

  @Get('runs/:id/plan')
  @ApiOperation({ summary: 'What a plan found, as far as it has come; a key repeated means OR' })
  @ApiQuery({ name: 'op', required: false, isArray: true, enum: PLAN_OPS })
  @ApiQuery({ name: 'kind', required: false, isArray: true, enum: LINK_KINDS })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiOkResponse({ type: PlanView })
  @ApiProblems(400, 401, 404)
  async get(@Param('id') id: string, @QueryParams() query: Query): Promise<PlanView> {
    const { limit, cursor } = parsePage(query, ['number']);
    const filter = { ops: choicesOf(query, 'op', PLAN_OPS), kinds: choicesOf(query, 'kind', LINK_KINDS) };
    const run = await this.runs.find(pathId(id, 'run'));
    if (run === undefined) throw Problem.notFound(`run ${id}`);
    if (run.kind !== 'plan') throw Problem.notFound(`plan of run ${id}: it is no plan`);
    const rows = await this.plans.items(run.id, filter, { limit: limit + 1, after: cursor?.[0] });
    const summary = toSummary(await this.plans.find(run.id));
    return { summary, ...toPage(rows, limit, ({ position }) => [String(position)], toPlanItemView) };
  }
}
