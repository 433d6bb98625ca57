import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { RefUpdate } from './receive-pack.js';

export type GitService = 'git-upload-pack' | 'git-receive-pack';

/** Who the client says it is. */
export type GitCredentials =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** A request of git's smart protocol, before anybody decided about it. */
export interface GitRequest {
  /** Decoded, without what git adds to it: `/acme/web.git`. */
  readonly repositoryPath: string;
  readonly service: GitService;
  readonly phase: 'advertise' | 'exchange';
  readonly credentials: GitCredentials | undefined;
}

/** What a client asked for and what became of it. Secrets are kept as the beginning of a hash only. */
export interface LoggedGitRequest extends Omit<GitRequest, 'credentials'> {
  readonly method: string;
  /** 0 where the connection was cut instead of an answer. */
  readonly status: number;
  /** The first 12 hex digits of the SHA-256 of the presented secret. */
  readonly secretHash: string | undefined;
  readonly username: string | undefined;
  readonly updates: readonly RefUpdate[];
  readonly bytesIn: number;
}

/** The path and service of a request, or undefined where the URL is not git's. */
export function parseGitUrl(url: string): (Omit<GitRequest, 'credentials'> & GitRoute) | undefined {
  const [path = '', query = ''] = url.split(/\?(.*)/s, 2);
  const found = /^(.+)(\/info\/refs|\/git-upload-pack|\/git-receive-pack)$/.exec(path);
  if (found === null) return undefined;
  const [, raw = '', route = ''] = found;
  const named = route === '/info/refs' ? new URLSearchParams(query).get('service') : route.slice(1);
  if (named !== 'git-upload-pack' && named !== 'git-receive-pack') return undefined;
  const phase = route === '/info/refs' ? 'advertise' : 'exchange';
  return { repositoryPath: decoded(raw), service: named, phase, route, query };
}

export interface GitRoute {
  readonly route: string;
  readonly query: string;
}

export function credentialsOf(headers: IncomingHttpHeaders): GitCredentials | undefined {
  const [, scheme = '', value = ''] = /^(\w+)\s+(.+)$/.exec(headers.authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return { kind: 'bearer', token: value };
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  return { kind: 'basic', username: text.slice(0, colon), password: text.slice(colon + 1) };
}

export function secretHash(credentials: GitCredentials | undefined): string | undefined {
  if (credentials === undefined) return undefined;
  const secret = credentials.kind === 'basic' ? credentials.password : credentials.token;
  return createHash('sha256').update(secret).digest('hex').slice(0, 12);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
