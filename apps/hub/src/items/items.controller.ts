import { Body, Controller, Get, HttpCode, Param, Post, Query as QueryParams } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Actor } from '../auth/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { parsePage, toPage } from '../http/paging.js';
import { choicesOf, pathId, type Query } from '../http/query.js';
import { CapableConnections } from '../runs/capable-connections.js';
import { ITEM_STATES, ItemList, ItemRequestDto, RequestedView } from './item-view.js';
import { ItemsService } from './items.service.js';
import { toItemView, WaitingItems } from './waiting-items.js';

@ApiTags('items')
@ApiBearerAuth()
@Controller('api/connections/:id/items')
export class ItemsController {
  constructor(
    private readonly connections: CapableConnections,
    private readonly items: ItemsService,
    private readonly waiting: WaitingItems,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Items that wait: set aside with their cause and next try, or asked for' })
  @ApiQuery({ name: 'state', required: false, isArray: true, enum: ITEM_STATES })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiOkResponse({ type: ItemList })
  @ApiProblems(400, 401, 404)
  async list(@Param('id') id: string, @QueryParams() query: Query): Promise<ItemList> {
    const { limit, cursor } = parsePage(query, ['text', 'text', 'text']);
    const states = choicesOf(query, 'state', ITEM_STATES);
    const connection = await this.connections.get(pathId(id, 'connection'));
    const rows = await this.waiting.list(connection.id, states, { limit: limit + 1, after: cursor });
    return toPage(rows, limit, ({ state, stream, key }) => [state, stream, key], toItemView);
  }

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Bring one item over now, whatever the filters say, or try it again' })
  @ApiAcceptedResponse({ type: RequestedView })
  @ApiProblems(400, 401, 404, 409, 422)
  async bring(@Param('id') id: string, @Body() body: ItemRequestDto, @Actor() actor: string): Promise<RequestedView> {
    const connection = await this.connections.get(pathId(id, 'connection'));
    return { runId: await this.items.bring(connection, body, actor) };
  }
}
