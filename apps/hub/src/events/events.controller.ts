import { Controller, Get, Param, Query as QueryParams } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../http/api-problems.js';
import { parsePage, toPage } from '../http/paging.js';
import { Problem } from '../http/problem.js';
import { choicesOf, type Query, textOf } from '../http/query.js';
import { ApiEventFilter } from './api-event-filter.js';
import { parseEventFilter, refused } from './event-filter.js';
import { EventQueries } from './event-queries.js';
import { EventStats, StatsView } from './event-stats.js';
import { EventTimeline } from './event-timeline.js';
import { EventDetailView, EventList, toEventView } from './event-view.js';
import { FilterResolver } from './filter-resolver.js';
import type { Direction } from './timeline-order.js';

const DEFAULT_BINS = 60;
const MOST_BINS = 500;

/** The timeline. */
@ApiTags('events')
@ApiBearerAuth()
@Controller('api/events')
export class EventsController {
  constructor(
    private readonly resolver: FilterResolver,
    private readonly timeline: EventTimeline,
    private readonly stats: EventStats,
    private readonly queries: EventQueries,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Change events in order of occurredAt; a key repeated means OR.' })
  @ApiEventFilter()
  @ApiQuery({ name: 'order', required: false, enum: ['desc', 'asc'] })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiOkResponse({ type: EventList })
  @ApiProblems(400, 401)
  async list(@QueryParams() query: Query): Promise<EventList> {
    const { limit, cursor } = parsePage(query, ['number', 'number']);
    const request = {
      direction: parseDirection(query),
      after: cursor && { at: cursor[0], id: cursor[1] },
      limit: limit + 1,
    };
    const filter = await this.resolver.resolve(parseEventFilter(query));
    const rows = await this.timeline.read({ ...request, filter });
    return toPage(rows, limit, (row) => [row.place_at, row.id], toEventView);
  }

  @Get('stats')
  @ApiOperation({ summary: 'How many events, over time and by type and status.' })
  @ApiEventFilter()
  @ApiQuery({ name: 'bins', required: false, description: `1 to ${MOST_BINS}, ${DEFAULT_BINS} by default` })
  @ApiOkResponse({ type: StatsView })
  @ApiProblems(400, 401)
  async count(@QueryParams() query: Query): Promise<StatsView> {
    const bins = parseBins(query);
    return this.stats.count(await this.resolver.resolve(parseEventFilter(query)), bins);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One event with its transitions, oldest first.' })
  @ApiOkResponse({ type: EventDetailView })
  @ApiProblems(401, 404)
  async get(@Param('id') id: string): Promise<EventDetailView> {
    const found = /^\d{1,18}$/.test(id) ? await this.queries.find(id) : undefined;
    if (found === undefined) throw Problem.notFound(`event ${id.slice(0, 64)}`);
    return found;
  }
}

function parseDirection(query: Query): Direction {
  const [order, more] = choicesOf(query, 'order', ['asc', 'desc']);
  if (more !== undefined) throw refused('order', 'may be given once');
  return order === 'asc' ? 'asc' : 'desc';
}

function parseBins(query: Query): number {
  const text = textOf(query, 'bins');
  if (text === undefined) return DEFAULT_BINS;
  const bins = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (bins >= 1 && bins <= MOST_BINS) return bins;
  throw refused('bins', `must be a whole number from 1 to ${MOST_BINS}`);
}
