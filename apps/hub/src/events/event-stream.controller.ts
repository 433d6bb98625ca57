import {
  type BeforeApplicationShutdown,
  Controller,
  Get,
  Headers,
  Query as QueryParams,
  Req,
  Res,
} from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ApiProblems } from '../http/api-problems.js';
import type { Query } from '../http/query.js';
import { ApiEventFilter } from './api-event-filter.js';
import { EventFeed } from './event-feed.js';
import { parseEventFilter } from './event-filter.js';
import { EventStream } from './event-stream.js';
import { parsePosition } from './feed-position.js';

/** The timeline as it happens. */
@ApiTags('events')
@ApiBearerAuth()
@Controller('api/events/stream')
export class EventStreamController implements BeforeApplicationShutdown {
  private readonly open = new Set<EventStream>();

  constructor(private readonly feed: EventFeed) {}

  @Get()
  @ApiOperation({
    summary: 'Server-sent events: each stored or changed event that the filter wants; resumes after Last-Event-ID.',
  })
  @ApiOkResponse({
    description: 'Each event as GET answers it.',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  @ApiEventFilter()
  @ApiProblems(400, 401)
  async stream(
    @QueryParams() query: Query,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const stream = new EventStream(response, parseEventFilter(query));
    this.open.add(stream);
    stream.signal.addEventListener('abort', () => this.open.delete(stream), { once: true });
    request.once('close', () => stream.end());
    try {
      await this.feed.listen(stream, parsePosition(lastEventId), stream.signal);
    } catch (error) {
      stream.end();
      // Once the stream has begun there is nobody to tell; the client comes back with its last id.
      if (!response.headersSent) throw error;
    }
  }

  /** Before the server waits for its connections to end: these would not by themselves. */
  beforeApplicationShutdown(): void {
    for (const stream of this.open) stream.end();
  }
}
