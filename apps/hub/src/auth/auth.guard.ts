import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { Problem } from '../http/problem.js';
import { type Caller, PUBLIC, setCaller } from './actor.js';
import { ApiTokens } from './api-tokens.js';
import { refuseForeignChange } from './foreign-changes.js';
import { SessionCookies } from './session-cookies.js';

/** A remote has no token of ours: its deliveries are verified by the connector. */
const DELIVERIES = /^\/webhooks\//i;

/** Every route needs a bearer token or the console's cookie, unless it says `@Public()`. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: ApiTokens,
    private readonly sessions: SessionCookies,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()])) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    if (DELIVERIES.test(request.path)) return true;
    const { authorization } = request.headers;
    const caller =
      authorization === undefined
        ? await this.bySession(request, http.getResponse<Response>())
        : await this.byToken(authorization);
    setCaller(request, caller);
    return true;
  }

  private async byToken(authorization: string): Promise<Caller> {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (token === undefined) throw Problem.unauthorized('The Authorization header must be "Bearer <token>".');
    const known = await this.tokens.verify(token);
    if (known === undefined) throw Problem.unauthorized('This token is unknown or was revoked.');
    return { name: known.name, via: 'token' };
  }

  private async bySession(request: Request, response: Response): Promise<Caller> {
    const session = await this.sessions.find(request);
    if (session === undefined) {
      throw Problem.unauthorized('Send a token as "Authorization: Bearer <token>", or log in to the console.');
    }
    refuseForeignChange(request);
    if (session.renewable) await this.sessions.renew(request, response, session);
    return { name: session.token.name, via: 'session' };
  }
}
