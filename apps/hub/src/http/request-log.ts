import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { HubLog } from '../logging/hub-log.js';
import type { Metrics } from '../metrics/metrics.js';

const QUIET = /^\/(health|metrics|assets\/)/;

/** One line a request with its id, and its time in the metrics. Queries are left out: they may hold what people seek. */
export function requestLog(log: HubLog, metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const startedAt = process.hrtime.bigint();
    const requestId = givenId(request.headers['x-request-id']) ?? randomUUID();
    const { method, path } = request;
    response.setHeader('x-request-id', requestId);
    response.once('close', () => {
      const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
      const status = response.writableFinished ? response.statusCode : 499;
      metrics.httpRequest(method, routeOf(request.route), status, seconds);
      const level = QUIET.test(path) ? 'debug' : status >= 500 ? 'error' : 'info';
      log[level](
        { requestId, method, path, status, ms: Math.round(seconds * 1e4) / 10 },
        `${method} ${path} ${status}`,
      );
    });
    next();
  };
}

/** A proxy's id is kept, so that its log and ours can be laid side by side. */
function givenId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:-]{1,100}$/.test(header) ? header : undefined;
}

/** The pattern, not the path: a label for each id would have no bound. */
function routeOf(route: unknown): string {
  const path: unknown = typeof route === 'object' && route !== null ? Reflect.get(route, 'path') : undefined;
  return typeof path === 'string' ? path : 'other';
}
