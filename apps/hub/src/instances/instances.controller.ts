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
import { pathId, type Query as QueryString, textOf } from '../http/query.js';
import { InstancePatchDto, NewInstanceDto } from './instance.dto.js';
import { CheckView, InstanceList, InstanceView } from './instance-view.js';
import { InstancesService } from './instances.service.js';

@ApiTags('instances')
@ApiBearerAuth()
@Controller('api/instances')
export class InstancesController {
  constructor(private readonly instances: InstancesService) {}

  @Get()
  @ApiOperation({ summary: 'The remote systems this hub knows, by name' })
  @ApiQuery({ name: 'kind', required: false })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiOkResponse({ type: InstanceList })
  @ApiProblems(400, 401)
  async list(@Query() query: QueryString): Promise<InstanceList> {
    const { limit, cursor } = parsePage(query, ['text', 'id']);
    return this.instances.list(limit, cursor, textOf(query, 'kind'));
  }

  @Post()
  @ApiOperation({ summary: 'Add a remote system' })
  @ApiCreatedResponse({ type: InstanceView })
  @ApiProblems(400, 401, 409, 413, 422)
  create(@Body() body: NewInstanceDto, @Actor() actor: string): Promise<InstanceView> {
    return this.instances.create(body, actor);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One remote system' })
  @ApiOkResponse({ type: InstanceView })
  @ApiProblems(401, 404)
  get(@Param('id') id: string): Promise<InstanceView> {
    return this.instances.get(pathId(id, 'instance'));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change it: a JSON merge patch; absent keeps, null removes' })
  @ApiOkResponse({ type: InstanceView })
  @ApiProblems(400, 401, 404, 409, 413, 422)
  update(@Param('id') id: string, @Body() body: InstancePatchDto, @Actor() actor: string): Promise<InstanceView> {
    return this.instances.update(pathId(id, 'instance'), body, actor);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Forget it; refused while a connection uses it' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(401, 404, 409)
  async remove(@Param('id') id: string, @Actor() actor: string): Promise<void> {
    await this.instances.remove(pathId(id, 'instance'), actor);
  }

  @Post(':id/test')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ask the remote: name, TLS, token, scope, one step each' })
  @ApiOkResponse({ type: CheckView })
  @ApiProblems(401, 404)
  test(@Param('id') id: string): Promise<CheckView> {
    return this.instances.test(pathId(id, 'instance'));
  }
}
