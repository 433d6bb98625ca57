import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query as QueryParams } from '@nestjs/common';
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
import { parsePage, toPage } from '../http/paging.js';
import { Problem } from '../http/problem.js';
import { choicesOf, idsOf, pathId, type Query, textOf } from '../http/query.js';
import { LinkQueries } from './link-queries.js';
import { LINK_KINDS, LINK_STATES, LinkDetailView, LinkList, LinkView, toLinkView } from './link-view.js';
import { NewLinkDto } from './link.dto.js';
import { LinksService } from './links.service.js';

@ApiTags('links')
@ApiBearerAuth()
@Controller('api/links')
export class LinksController {
  constructor(
    private readonly links: LinksService,
    private readonly queries: LinkQueries,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Pairs of items that are kept in step, newest first; a key repeated means OR' })
  @ApiQuery({ name: 'connectionId', required: false, isArray: true, type: String })
  @ApiQuery({ name: 'kind', required: false, isArray: true, enum: LINK_KINDS })
  @ApiQuery({ name: 'state', required: false, isArray: true, enum: LINK_STATES })
  @ApiQuery({ name: 'q', required: false, description: 'Part of a title or a key.' })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiOkResponse({ type: LinkList })
  @ApiProblems(400, 401)
  async list(@QueryParams() query: Query): Promise<LinkList> {
    const { limit, cursor } = parsePage(query, ['number', 'id']);
    const filter = {
      connectionIds: idsOf(query, 'connectionId'),
      kinds: choicesOf(query, 'kind', LINK_KINDS),
      states: choicesOf(query, 'state', LINK_STATES),
      q: textOf(query, 'q'),
    };
    const place = cursor && { at: cursor[0], id: cursor[1] };
    const rows = await this.queries.list(filter, place, limit + 1);
    return toPage(rows, limit, (row) => [row.place_at, row.id], toLinkView);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One link with its history' })
  @ApiOkResponse({ type: LinkDetailView })
  @ApiProblems(401, 404)
  async get(@Param('id') id: string): Promise<LinkDetailView> {
    const link = await this.queries.find(pathId(id, 'link'));
    if (link === undefined) throw Problem.notFound(`link ${id}`);
    return link;
  }

  @Post()
  @ApiOperation({ summary: 'Link two items that exist' })
  @ApiCreatedResponse({ type: LinkView })
  @ApiProblems(400, 401, 409, 422)
  async create(@Body() body: NewLinkDto, @Actor() actor: string): Promise<LinkView> {
    return this.get(await this.links.create(body, actor));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Sever it: both items stay, neither follows the other any more' })
  @ApiNoContentResponse()
  @ApiProblems(401, 404)
  async sever(@Param('id') id: string, @Actor() actor: string): Promise<void> {
    if (!(await this.links.sever(pathId(id, 'link'), actor))) throw Problem.notFound(`link ${id}`);
  }
}
