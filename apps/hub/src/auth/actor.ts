import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Request } from 'express';
import { Problem } from '../http/problem.js';

/** Who is behind a request. */
export interface Caller {
  /** The token's name; it stands in the audit log. */
  readonly name: string;
  readonly via: 'token' | 'session';
}

const callers = new WeakMap<Request, Caller>();

export const setCaller = (request: Request, caller: Caller): void => void callers.set(request, caller);

/** The caller's name as a controller's parameter. */
export const Actor = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const caller = callers.get(context.switchToHttp().getRequest<Request>());
  if (caller === undefined) throw Problem.unauthorized('This needs a token.');
  return caller.name;
});

export const PUBLIC = 'syncline:public';

/** A route without a token: health, webhooks, logos. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);
