import { Controller, Get, HttpCode, Param, Post, Query as QueryParams } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Audit } from '../audit/audit.js';
import { Actor } from '../auth/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { parsePage, toPage } from '../http/paging.js';
import { Problem } from '../http/problem.js';
import { choicesOf, idsOf, pathId, type Query } from '../http/query.js';
import { RunTriggers } from '../runs/run-triggers.js';
import { DeliveryStore } from './delivery-store.js';
import { DeliveryList, ReplayView, STATES, toDeliveryView } from './delivery-view.js';

@ApiTags('deliveries')
@ApiBearerAuth()
@Controller('api/deliveries')
export class DeliveriesController {
  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly triggers: RunTriggers,
    private readonly audit: Audit,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Webhook deliveries, newest first.' })
  @ApiQuery({ name: 'connectionId', required: false, isArray: true })
  @ApiQuery({ name: 'state', required: false, isArray: true, enum: STATES })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiOkResponse({ type: DeliveryList })
  @ApiProblems(400, 401)
  async list(@QueryParams() query: Query): Promise<DeliveryList> {
    const { limit, cursor } = parsePage(query, ['number', 'id']);
    const filter = { connectionIds: idsOf(query, 'connectionId'), states: choicesOf(query, 'state', STATES) };
    const rows = await this.deliveries.list(filter, { limit: limit + 1, before: cursor });
    return toPage(rows, limit, (row) => [row.at_key, row.id], toDeliveryView);
  }

  @Post(':id/replay')
  @HttpCode(202)
  @ApiOperation({ summary: 'Read again what a delivery named. Any number of times: nothing doubles.' })
  @ApiAcceptedResponse({ type: ReplayView })
  @ApiProblems(401, 404, 409)
  async replay(@Param('id') id: string, @Actor() actor: string): Promise<ReplayView> {
    const delivery = await this.deliveries.find(pathId(id, 'delivery'));
    if (delivery === undefined) throw Problem.notFound(`delivery ${id}`);
    if (delivery.wakes.length === 0) {
      throw Problem.conflict(`This delivery names nothing to read: ${delivery.error?.message ?? delivery.event}.`);
    }
    await this.deliveries.reopen(delivery.id);
    const { runId } = await this.triggers.trigger(delivery.connection_id, { trigger: 'replay', mode: 'wake' });
    await this.audit.record(actor, 'delivery.replay', { kind: 'delivery', id: delivery.id }, { runId });
    return { runId };
  }
}
