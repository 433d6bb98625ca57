import { Body, Controller, HttpCode, Param, Post, Put, Query as QueryParams } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Actor } from '../auth/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { parsePage } from '../http/paging.js';
import { pathId, type Query } from '../http/query.js';
import { resourceRoutes } from '../http/resource-routes.js';
import { NewProjectPairDto, ProjectPairList, ProjectPairPatchDto, ProjectPairView } from './project-pair.js';
import { ProjectPairs } from './project-pairs.js';

const routes = resourceRoutes({ one: ProjectPairView, list: ProjectPairList });

/** For people who come from GitLab Issue Transfer Buddy: its paths and keys, on the connections of this hub. */
@ApiTags('paths of other tools')
@ApiBearerAuth()
@Controller('api/project-pairs')
export class ProjectPairsController {
  constructor(private readonly pairs: ProjectPairs) {}

  @routes.list('Connections of gitlab-issues, by name')
  list(@QueryParams() query: Query): Promise<ProjectPairList> {
    const { limit, cursor } = parsePage(query, ['text', 'id']);
    return this.pairs.list(limit, cursor);
  }

  @routes.create('Make one; it runs at once, unless sync_enabled is false')
  create(@Body() body: NewProjectPairDto, @Actor() actor: string): Promise<ProjectPairView> {
    return this.pairs.create(body, actor);
  }

  @routes.read('One project pair')
  get(@Param('id') id: string): Promise<ProjectPairView> {
    return this.pairs.get(pathId(id, 'project pair'));
  }

  @routes.update('Change what is given')
  update(@Param('id') id: string, @Body() body: ProjectPairPatchDto, @Actor() actor: string): Promise<ProjectPairView> {
    return this.pairs.update(pathId(id, 'project pair'), body, actor);
  }

  @Put(':id')
  @ApiOperation({ summary: 'The same as PATCH' })
  @ApiOkResponse({ type: ProjectPairView })
  @ApiProblems(400, 401, 404, 409, 413, 422)
  replace(
    @Param('id') id: string,
    @Body() body: ProjectPairPatchDto,
    @Actor() actor: string,
  ): Promise<ProjectPairView> {
    return this.update(id, body, actor);
  }

  @Post(':id/toggle')
  @HttpCode(200)
  @ApiOperation({ summary: 'Pause it, or let it go on' })
  @ApiOkResponse({ type: ProjectPairView })
  @ApiProblems(401, 404)
  toggle(@Param('id') id: string, @Actor() actor: string): Promise<ProjectPairView> {
    return this.pairs.toggle(pathId(id, 'project pair'), actor);
  }

  @routes.remove('Delete it; remote systems are not touched')
  async remove(@Param('id') id: string, @Actor() actor: string): Promise<void> {
    await this.pairs.remove(pathId(id, 'project pair'), actor);
  }
}
