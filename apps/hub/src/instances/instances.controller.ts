import { Body, Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Actor } from '../auth/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { parsePage } from '../http/paging.js';
import { pathId, type Query as QueryString, textOf } from '../http/query.js';
import { resourceRoutes } from '../http/resource-routes.js';
import { InstancePatchDto, NewInstanceDto } from './instance.dto.js';
import { CheckView, InstanceList, InstanceView } from './instance-view.js';
import { InstancesService } from './instances.service.js';

const routes = resourceRoutes({ one: InstanceView, list: InstanceList });

@ApiTags('instances')
@ApiBearerAuth()
@Controller('api/instances')
export class InstancesController {
  constructor(private readonly instances: InstancesService) {}

  @routes.list('The remote systems this hub knows, by name', { name: 'kind', required: false })
  async list(@Query() query: QueryString): Promise<InstanceList> {
    const { limit, cursor } = parsePage(query, ['text', 'id']);
    return this.instances.list(limit, cursor, textOf(query, 'kind'));
  }

  @routes.create('Add a remote system')
  create(@Body() body: NewInstanceDto, @Actor() actor: string): Promise<InstanceView> {
    return this.instances.create(body, actor);
  }

  @routes.read('One remote system')
  get(@Param('id') id: string): Promise<InstanceView> {
    return this.instances.get(pathId(id, 'instance'));
  }

  @routes.update('Change it: a JSON merge patch; absent keeps, null removes')
  update(@Param('id') id: string, @Body() body: InstancePatchDto, @Actor() actor: string): Promise<InstanceView> {
    return this.instances.update(pathId(id, 'instance'), body, actor);
  }

  @routes.remove('Forget it; refused while a connection uses it', 409)
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
