import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Query as QueryParams,
  Req,
  StreamableFile,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { Request } from 'express';
import { Actor } from '../auth/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { parsePage, toPage } from '../http/paging.js';
import { Problem } from '../http/problem.js';
import { idsOf, pathId, type Query, textOf } from '../http/query.js';
import { resourceRoutes } from '../http/resource-routes.js';
import { readCsvBody } from './csv-body.js';
import { toMappingCsv } from './mapping-export.js';
import { MappingImport } from './mapping-import.js';
import { MappingStore } from './mapping-store.js';
import { MappingSuggestions } from './mapping-suggestions.js';
import { NewUserMappingDto, UserMappingPatchDto } from './user-mapping.dto.js';
import {
  ImportView,
  SuggestionList,
  toUserMappingView,
  UserMappingList,
  UserMappingView,
} from './user-mapping-view.js';
import { UserMappingsService } from './user-mappings.service.js';

const routes = resourceRoutes({ one: UserMappingView, list: UserMappingList });

@ApiTags('user mappings')
@ApiBearerAuth()
@Controller('api/user-mappings')
export class UserMappingsController {
  constructor(
    private readonly mappings: UserMappingsService,
    private readonly store: MappingStore,
    private readonly files: MappingImport,
    private readonly suggestions: MappingSuggestions,
  ) {}

  @routes.list(
    'Who somebody of one instance is on another, newest first; a key repeated means OR',
    { name: 'sourceInstanceId', required: false, isArray: true, type: String },
    { name: 'targetInstanceId', required: false, isArray: true, type: String },
    { name: 'instanceId', required: false, isArray: true, type: String, description: 'On either side.' },
    { name: 'q', required: false, description: 'Part of either username.' },
  )
  async list(@QueryParams() query: Query): Promise<UserMappingList> {
    const { limit, cursor } = parsePage(query, ['number', 'id']);
    const filter = {
      sourceInstanceIds: idsOf(query, 'sourceInstanceId'),
      targetInstanceIds: idsOf(query, 'targetInstanceId'),
      instanceIds: idsOf(query, 'instanceId'),
      q: textOf(query, 'q'),
    };
    const rows = await this.store.list(filter, cursor && { at: cursor[0], id: cursor[1] }, limit + 1);
    return toPage(
      rows,
      limit,
      (row) => [row.place_at, row.id],
      (row) => toUserMappingView(row),
    );
  }

  @Get('export')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="user-mappings.csv"')
  @ApiOperation({ summary: 'All mappings as the table that the import reads, instances by name' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiProblems(401)
  async export(): Promise<StreamableFile> {
    return new StreamableFile(Buffer.from(toMappingCsv(await this.store.all())));
  }

  @Get('suggestions')
  @ApiOperation({
    summary:
      'People with an equal username or name among the members of projects that are connected; nothing is stored',
  })
  @ApiQuery({ name: 'sourceInstanceId' })
  @ApiQuery({ name: 'targetInstanceId' })
  @ApiQuery({ name: 'connectionId', required: false, isArray: true, type: String, description: 'Only of these.' })
  @ApiOkResponse({ type: SuggestionList })
  @ApiProblems(400, 401, 422)
  suggest(@QueryParams() query: Query): Promise<SuggestionList> {
    const source = requiredId(query, 'sourceInstanceId');
    const target = requiredId(query, 'targetInstanceId');
    return this.suggestions.find(source, target, idsOf(query, 'connectionId'));
  }

  @routes.create('Map a user. One who does not exist is refused; where the remote cannot be asked, `warnings` say so')
  create(@Body() body: NewUserMappingDto, @Actor() actor: string): Promise<UserMappingView> {
    return this.mappings.create(body, actor);
  }

  @Post('import')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Import a table: the four names as header, instances by id or name; each line stands for itself',
  })
  @ApiConsumes('text/csv')
  @ApiBody({
    schema: {
      type: 'string',
      example: 'sourceInstanceId,sourceUsername,targetInstanceId,targetUsername\nProduction,alice,Mirror,a.liddell\n',
    },
  })
  @ApiOkResponse({ type: ImportView })
  @ApiProblems(400, 401, 413, 415, 422)
  async import(@Req() request: Request, @Actor() actor: string): Promise<ImportView> {
    return this.files.run(await readCsvBody(request), actor);
  }

  @routes.read('One mapping')
  async get(@Param('id') id: string): Promise<UserMappingView> {
    return toUserMappingView(await this.mappings.get(pathId(id, 'user mapping')));
  }

  @routes.update('Change it: a JSON merge patch')
  update(@Param('id') id: string, @Body() body: UserMappingPatchDto, @Actor() actor: string): Promise<UserMappingView> {
    return this.mappings.update(pathId(id, 'user mapping'), body, actor);
  }

  @routes.remove('Remove it; what was synced stays as it is until it changes')
  async remove(@Param('id') id: string, @Actor() actor: string): Promise<void> {
    await this.mappings.remove(pathId(id, 'user mapping'), actor);
  }
}

function requiredId(query: Query, key: string): string {
  const [id, ...more] = idsOf(query, key);
  if (id !== undefined && more.length === 0) return id.toLowerCase();
  const message = id === undefined ? 'is required' : 'may be given once';
  throw Problem.badRequest(`${key} ${message}.`, [{ path: `?${key}`, message }]);
}
