import { Controller, Get, HttpCode, Param, Post, Query as QueryParams } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Audit } from '../audit/audit.js';
import { Actor } from '../auth/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { parsePage, toPage } from '../http/paging.js';
import { Problem } from '../http/problem.js';
import { choicesOf, idsOf, pathId, type Query, textOf, timeOf } from '../http/query.js';
import { RunCancellation } from './run-cancellation.js';
import { RunQueries } from './run-queries.js';
import { LEVELS, LogList, RUN_KINDS, RunList, RunView, STATUSES, toLogView, toRunView, TRIGGERS } from './run-view.js';

@ApiTags('runs')
@ApiBearerAuth()
@Controller('api')
export class RunsController {
  constructor(
    private readonly queries: RunQueries,
    private readonly cancellation: RunCancellation,
    private readonly audit: Audit,
  ) {}

  @Get('runs')
  @ApiOperation({ summary: 'Runs, newest first.' })
  @ApiQuery({ name: 'connectionId', required: false, isArray: true })
  @ApiQuery({ name: 'status', required: false, isArray: true, enum: STATUSES })
  @ApiQuery({ name: 'trigger', required: false, isArray: true, enum: TRIGGERS })
  @ApiQuery({ name: 'kind', required: false, isArray: true, enum: RUN_KINDS })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiOkResponse({ type: RunList })
  @ApiProblems(400, 401)
  async list(@QueryParams() query: Query): Promise<RunList> {
    const { limit, cursor } = parsePage(query, ['number', 'id']);
    const filter = {
      connectionIds: idsOf(query, 'connectionId'),
      statuses: choicesOf(query, 'status', STATUSES),
      triggers: choicesOf(query, 'trigger', TRIGGERS),
      kinds: choicesOf(query, 'kind', RUN_KINDS),
    };
    const rows = await this.queries.list(filter, { limit: limit + 1, before: cursor });
    return toPage(rows, limit, (row) => [row.at_key, row.id], toRunView);
  }

  @Get('runs/:id')
  @ApiOperation({ summary: 'One run.' })
  @ApiOkResponse({ type: RunView })
  @ApiProblems(401, 404)
  async get(@Param('id') id: string): Promise<RunView> {
    return toRunView(await this.find(id));
  }

  @Post('runs/:id/cancel')
  @HttpCode(202)
  @ApiOperation({ summary: 'Stop a run: a queued one at once, a running one at its next page.' })
  @ApiAcceptedResponse({ type: RunView })
  @ApiProblems(401, 404, 409)
  async cancel(@Param('id') id: string, @Actor() actor: string): Promise<RunView> {
    const run = await this.find(id);
    const cancelled = await this.cancellation.cancel(run.id);
    if (cancelled === undefined) throw Problem.conflict(`The run has ended already: ${run.status}.`);
    await this.audit.record(actor, 'run.cancel', { kind: 'run', id: run.id }, { connectionId: run.connection_id });
    return toRunView(cancelled);
  }

  @Get('runs/:id/logs')
  @ApiOperation({ summary: 'The log of a run, oldest first.' })
  @ApiQuery({ name: 'level', required: false, isArray: true, enum: LEVELS })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiOkResponse({ type: LogList })
  @ApiProblems(400, 401, 404)
  async runLogs(@Param('id') id: string, @QueryParams() query: Query): Promise<LogList> {
    const run = await this.find(id);
    const { limit, cursor } = parsePage(query, ['number']);
    const filter = { runId: run.id, connectionIds: [], levels: choicesOf(query, 'level', LEVELS) };
    const rows = await this.queries.logs(filter, { limit: limit + 1, after: cursor?.[0] });
    return toPage(rows, limit, (row) => [row.id], toLogView);
  }

  @Get('logs')
  @ApiOperation({ summary: 'Logs across runs, newest first.' })
  @ApiQuery({ name: 'connectionId', required: false, isArray: true })
  @ApiQuery({ name: 'level', required: false, isArray: true, enum: LEVELS })
  @ApiQuery({ name: 'item', required: false })
  @ApiQuery({ name: 'q', required: false })
  @ApiQuery({ name: 'from', required: false })
  @ApiQuery({ name: 'to', required: false })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiOkResponse({ type: LogList })
  @ApiProblems(400, 401)
  async logs(@QueryParams() query: Query): Promise<LogList> {
    const { limit, cursor } = parsePage(query, ['number']);
    const filter = {
      connectionIds: idsOf(query, 'connectionId'),
      levels: choicesOf(query, 'level', LEVELS),
      item: textOf(query, 'item'),
      q: textOf(query, 'q'),
      from: timeOf(query, 'from'),
      to: timeOf(query, 'to'),
    };
    const rows = await this.queries.logs(filter, { limit: limit + 1, before: cursor?.[0] });
    return toPage(rows, limit, (row) => [row.id], toLogView);
  }

  private async find(id: string) {
    const run = await this.queries.find(pathId(id, 'run'));
    if (run === undefined) throw Problem.notFound(`run ${id}`);
    return run;
  }
}
