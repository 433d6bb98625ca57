import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { Actor } from '../auth/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { parsePage } from '../http/paging.js';
import { choicesOf, listOf, pathId, type Query as QueryString, textOf } from '../http/query.js';
import { CheckView } from '../instances/instance-view.js';
import { ConnectionQueries } from './connection-queries.js';
import { ConnectionTests } from './connection-tests.js';
import { ConnectionList, ConnectionView, DiscoveryView } from './connection-view.js';
import { ConnectionPatchDto, ConnectionTestDto, DiscoverDto, NewConnectionDto } from './connection.dto.js';
import { ConnectionsService } from './connections.service.js';

@ApiTags('connections')
@ApiBearerAuth()
@Controller('api/connections')
export class ConnectionsController {
  constructor(
    private readonly connections: ConnectionsService,
    private readonly queries: ConnectionQueries,
    private readonly tests: ConnectionTests,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The connections, by name; a key repeated means OR' })
  @ApiQuery({ name: 'connectorId', required: false, isArray: true, type: String })
  @ApiQuery({ name: 'tag', required: false, isArray: true, type: String })
  @ApiQuery({ name: 'enabled', required: false, enum: ['true', 'false'] })
  @ApiQuery({ name: 'q', required: false, description: 'Part of the name.' })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiOkResponse({ type: ConnectionList })
  @ApiProblems(400, 401)
  async list(@Query() query: QueryString): Promise<ConnectionList> {
    const { limit, cursor } = parsePage(query, ['text', 'id']);
    const [enabled] = choicesOf(query, 'enabled', ['true', 'false']);
    const filter = {
      connectorIds: listOf(query, 'connectorId'),
      tags: listOf(query, 'tag'),
      enabled: enabled === undefined ? undefined : enabled === 'true',
      q: textOf(query, 'q'),
    };
    return this.queries.list(filter, limit, cursor);
  }

  @Post()
  @ApiOperation({ summary: 'Make a connection; one with a schedule runs at once' })
  @ApiCreatedResponse({ type: ConnectionView })
  @ApiProblems(400, 401, 409, 413, 422)
  async create(@Body() body: NewConnectionDto, @Actor() actor: string): Promise<ConnectionView> {
    return this.queries.get(await this.connections.create(body, actor));
  }

  @Post('test')
  @HttpCode(200)
  @ApiOperation({ summary: 'Test a config before saving it' })
  @ApiOkResponse({ type: CheckView })
  @ApiProblems(400, 401, 422)
  testDraft(@Body() body: ConnectionTestDto): Promise<CheckView> {
    return this.tests.testDraft(body.connectorId, body.config);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One connection with its health' })
  @ApiOkResponse({ type: ConnectionView })
  @ApiProblems(401, 404)
  get(@Param('id') id: string): Promise<ConnectionView> {
    return this.queries.get(pathId(id, 'connection'));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change it: a JSON merge patch, also inside config. Disabling cancels its runs' })
  @ApiOkResponse({ type: ConnectionView })
  @ApiProblems(400, 401, 404, 409, 413, 422)
  async update(
    @Param('id') id: string,
    @Body() body: ConnectionPatchDto,
    @Actor() actor: string,
  ): Promise<ConnectionView> {
    await this.connections.update(pathId(id, 'connection'), body, actor);
    return this.queries.get(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete it; remote systems are not touched' })
  @ApiQuery({ name: 'purge', required: false, enum: ['true', 'false'], description: 'Also drop its events and links.' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(400, 401, 404)
  async remove(@Param('id') id: string, @Query() query: QueryString, @Actor() actor: string): Promise<void> {
    const [purge] = choicesOf(query, 'purge', ['true', 'false']);
    await this.connections.remove(pathId(id, 'connection'), purge === 'true', actor);
  }

  @Post(':id/test')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ask the remote whether it would work, one step each' })
  @ApiOkResponse({ type: CheckView })
  @ApiProblems(401, 404)
  test(@Param('id') id: string): Promise<CheckView> {
    return this.tests.test(pathId(id, 'connection'));
  }

  @Post(':id/discover')
  @HttpCode(200)
  @ApiOperation({ summary: 'Remote choices for a config field, e.g. projects' })
  @ApiOkResponse({ type: DiscoveryView })
  @ApiProblems(401, 404, 422, 429, 502)
  discover(@Param('id') id: string, @Body() body: DiscoverDto): Promise<DiscoveryView> {
    return this.tests.discover(pathId(id, 'connection'), body);
  }
}
