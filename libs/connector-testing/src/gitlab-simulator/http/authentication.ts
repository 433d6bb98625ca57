import type { IncomingHttpHeaders } from 'node:http';
import type { AccessToken, User } from '../model/people.js';
import type { World } from '../world/world.js';
import { forbidden, jsonReply, Refusal, unauthorized } from './reply.js';
import type { Route } from './router.js';

export interface Credentials {
  readonly value: string;
  readonly jobHeader: boolean;
}

/** The presented secret, from any of the places GitLab looks at. */
export function credentialsOf(headers: IncomingHttpHeaders, query: URLSearchParams): Credentials | undefined {
  const job = headers['job-token'] ?? query.get('job_token');
  if (typeof job === 'string') return { value: job, jobHeader: true };
  const own = headers['private-token'] ?? query.get('private_token') ?? query.get('access_token');
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1];
  const value = typeof own === 'string' ? own : bearer;
  return value === undefined ? undefined : { value, jobHeader: false };
}

/** Who calls, or the refusal GitLab would answer with. */
export function authenticate(
  world: World,
  credentials: Credentials | undefined,
  route: Route,
): { token: AccessToken; user: User } {
  const token = credentials === undefined ? undefined : world.tokens.find(credentials.value);
  if (credentials === undefined || token === undefined) throw unauthorized();
  if (token.user === undefined) throw unauthorized(); // A deploy token.
  if ((token.kind === 'job') !== credentials.jobHeader) throw unauthorized();
  if (token.kind === 'job' && !route.jobTokens) throw unauthorized();
  if (token.revoked) throw invalidToken('Token was revoked. You have to re-authorize from the user.');
  if (world.tokens.expired(token))
    throw invalidToken('Token is expired. You can either do re-authorization or token refresh.');
  if (token.user.state === 'blocked') throw forbidden();
  if (token.kind !== 'job') requireScope(token, route);
  token.lastUsedAt = world.core.clock.read();
  return { token, user: token.user };
}

function requireScope(token: AccessToken, route: Route): void {
  const reads = route.method === 'GET';
  const enough = token.scopes.some(
    (scope) => scope === 'api' || (reads && (scope === 'read_api' || (scope === 'read_user' && route.readUser))),
  );
  if (enough) return;
  const body = {
    error: 'insufficient_scope',
    error_description: 'The request requires higher privileges than provided by the access token.',
    scope: reads ? `api read_api${route.readUser ? ' read_user' : ''}` : 'api',
  };
  throw new Refusal(jsonReply(body, 403));
}

function invalidToken(description: string): Refusal {
  return new Refusal(jsonReply({ error: 'invalid_token', error_description: description }, 401));
}
