import { Body, Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Actor } from '../auth/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { parsePage } from '../http/paging.js';
import { choicesOf, listOf, pathId, type Query as QueryString, textOf } from '../http/query.js';
import { resourceRoutes } from '../http/resource-routes.js';
import { CheckView } from '../instances/instance-view.js';
import { ConnectionQueries } from './connection-queries.js';
import { ConnectionTests } from './connection-tests.js';
import { ConnectionList, ConnectionView, DiscoveryView } from './connection-view.js';
import { ConnectionPatchDto, ConnectionTestDto, DiscoverDto, NewConnectionDto } from './connection.dto.js';
import { ConnectionsService } from './connections.service.js';

const routes = resourceRoutes({ one: ConnectionView, list: ConnectionList });

@ApiTags('connections')
@ApiBearerAuth()
@Controller('api/connections')
export class ConnectionsController {
  constructor(
    private readonly connections: ConnectionsService,
    private readonly queries: ConnectionQueries,
    private readonly tests: ConnectionTests,
  ) {}

  @routes.list(
    'The connections, by name; a key repeated means OR',
    { name: 'connectorId', required: false, isArray: true, type: String },
    { name: 'tag', required: false, isArray: true, type: String },
    { name: 'enabled', required: false, enum: ['true', 'false'] },
    { name: 'q', required: false, description: 'Part of the name.' },
  )
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

  @routes.create('Make a connection; one with a schedule runs at once')
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

  @routes.read('One connection with its health')
  get(@Param('id') id: string): Promise<ConnectionView> {
    return this.queries.get(pathId(id, 'connection'));
  }

  @routes.update('Change it: a JSON merge patch, also inside config. Disabling cancels its runs')
  async update(
    @Param('id') id: string,
    @Body() body: ConnectionPatchDto,
    @Actor() actor: string,
  ): Promise<ConnectionView> {
    await this.connections.update(pathId(id, 'connection'), body, actor);
    return this.queries.get(id);
  }

  @routes.remove('Delete it; remote systems are not touched', 400)
  @ApiQuery({ name: 'purge', required: false, enum: ['true', 'false'], description: 'Also drop its events and links.' })
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
