import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { rateLimit, type RateLimitRequestHandler } from 'express-rate-limit';
import { Problem } from '../http/problem.js';

const WINDOW_MS = 60_000;
const FAILURES_PER_WINDOW = 10;

/** Guessing a token is slow: ten failed logins a minute from one address. */
@Injectable()
export class LoginLimit implements NestMiddleware {
  private readonly limit: RateLimitRequestHandler = rateLimit({
    windowMs: WINDOW_MS,
    limit: FAILURES_PER_WINDOW,
    skipSuccessfulRequests: true,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    // A misconfigured proxy header is no reason to refuse a login; TRUST_PROXY says whom to believe.
    validate: false,
    handler: (_request, _response, next) => {
      const headers = { 'retry-after': String(WINDOW_MS / 1_000) };
      next(new Problem(429, 'Too many failed logins from this address; try again in a minute.', { headers }));
    },
  });

  use(request: Request, response: Response, next: NextFunction): void {
    if (request.method !== 'POST') next();
    else void this.limit(request, response, next);
  }
}
