import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query as QueryParams } from '@nestjs/common';
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
import { pathId, type Query } from '../http/query.js';
import { NewProjectPairDto, ProjectPairList, ProjectPairPatchDto, ProjectPairView } from './project-pair.js';
import { ProjectPairs } from './project-pairs.js';

/** For people who come from GitLab Issue Transfer Buddy: its paths and keys, on the connections of this hub. */
@ApiTags('paths of other tools')
@ApiBearerAuth()
@Controller('api/project-pairs')
export class ProjectPairsController {
  constructor(private readonly pairs: ProjectPairs) {}

  @Get()
  @ApiOperation({ summary: 'Connections of gitlab-issues, by name' })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiOkResponse({ type: ProjectPairList })
  @ApiProblems(400, 401)
  list(@QueryParams() query: Query): Promise<ProjectPairList> {
    const { limit, cursor } = parsePage(query, ['text', 'id']);
    return this.pairs.list(limit, cursor);
  }

  @Post()
  @ApiOperation({ summary: 'Make one; it runs at once, unless sync_enabled is false' })
  @ApiCreatedResponse({ type: ProjectPairView })
  @ApiProblems(400, 401, 409, 413, 422)
  create(@Body() body: NewProjectPairDto, @Actor() actor: string): Promise<ProjectPairView> {
    return this.pairs.create(body, actor);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One project pair' })
  @ApiOkResponse({ type: ProjectPairView })
  @ApiProblems(401, 404)
  get(@Param('id') id: string): Promise<ProjectPairView> {
    return this.pairs.get(pathId(id, 'project pair'));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change what is given' })
  @ApiOkResponse({ type: ProjectPairView })
  @ApiProblems(400, 401, 404, 409, 413, 422)
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

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete it; remote systems are not touched' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(401, 404)
  async remove(@Param('id') id: string, @Actor() actor: string): Promise<void> {
    await this.pairs.remove(pathId(id, 'project pair'), actor);
  }
}
