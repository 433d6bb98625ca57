import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { HubLog } from '../logging/hub-log.js';
import { Problem } from './problem.js';
import { toProblem } from './to-problem.js';

/** Turns whatever is thrown into application/problem+json. What nobody foresaw is logged and told without details. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: HubLog) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const requestId = String(response.getHeader('x-request-id') ?? '');
    const problem = toProblem(error);
    if (problem === undefined) {
      this.log.error(
        { err: error, requestId, method: request.method, path: request.path },
        'a request failed unexpectedly',
      );
    }
    // A stream that has begun can only end.
    if (response.headersSent) response.end();
    else sendProblem(response, problem ?? unexpected(requestId));
  }
}

export function sendProblem(response: Response, problem: Problem): void {
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  response.status(problem.getStatus()).type('application/problem+json').send(JSON.stringify(problem.body));
}

const unexpected = (requestId: string): Problem =>
  new Problem(500, `Something failed that should not. The hub's log tells more; look for the request ${requestId}.`);
