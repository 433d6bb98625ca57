import { setTimeout } from 'node:timers/promises';
import { Controller, Headers, Param, Sse, type MessageEvent } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { from, type Observable } from 'rxjs';
import { ApiProblems } from '../http/api-problems.js';
import { Problem } from '../http/problem.js';
import { pathId } from '../http/query.js';
import { isFinished } from './run.js';
import { RunQueries } from './run-queries.js';
import { toLogView, toRunView } from './run-view.js';

const LOOK_EVERY_MS = 500;
const LINES_PER_LOOK = 200;

/** A run as it happens, for whoever watches, in whichever process it runs: read from the database while someone looks. */
@ApiTags('runs')
@ApiBearerAuth()
@Controller('api/runs/:id/stream')
export class RunStreamController {
  constructor(private readonly queries: RunQueries) {}

  @Sse()
  @ApiOperation({ summary: 'progress, log and done events of a run; resumes after Last-Event-ID.' })
  @ApiOkResponse({
    description: 'progress and done carry a run, log a line of its log.',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  @ApiProblems(401, 404)
  async stream(
    @Param('id') id: string,
    @Headers('last-event-id') lastEventId: string | undefined,
  ): Promise<Observable<MessageEvent>> {
    const run = await this.queries.find(pathId(id, 'run'));
    if (run === undefined) throw Problem.notFound(`run ${id}`);
    return from(this.follow(run.id, /^\d{1,17}$/.test(lastEventId ?? '') ? lastEventId : '0'));
  }

  private async *follow(runId: string, after: string | undefined): AsyncGenerator<MessageEvent> {
    let position = after;
    let shown = '';
    for (;;) {
      // The run first: lines that it wrote before it ended are then read after it.
      const run = await this.queries.find(runId);
      const lines = await this.queries.logs(
        { runId, connectionIds: [], levels: [] },
        { limit: LINES_PER_LOOK, after: position },
      );
      for (const line of lines) {
        position = line.id;
        yield { type: 'log', id: line.id, data: toLogView(line) };
      }
      if (run === undefined) return;
      const view = toRunView(run);
      const text = JSON.stringify(view);
      const done = isFinished(view.status) && lines.length < LINES_PER_LOOK;
      if (done) {
        yield { type: 'done', id: position, data: view };
        return;
      }
      if (text !== shown) yield { type: 'progress', id: position, data: view };
      shown = text;
      if (lines.length < LINES_PER_LOOK) await setTimeout(LOOK_EVERY_MS);
    }
  }
}
