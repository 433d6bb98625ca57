import { Random } from '../world/random.js';
import { htmlReply, jsonReply, noRoute, type Reply } from './reply.js';
import { throttled } from './throttle.js';

/**
 * What can go wrong. `_before` means that the request never reached GitLab, `_after` that it took effect and only the
 * answer was lost.
 */
export type HttpFaultKind =
  | 'error500'
  | 'error500_after'
  | 'bad_gateway_before'
  | 'bad_gateway_after'
  | 'unavailable'
  | 'gateway_timeout'
  | 'gitaly_overloaded'
  | 'rate_limited'
  | 'rate_limited_app'
  | 'reset_before'
  | 'reset_after'
  | 'truncated_json'
  | 'cut_body'
  | 'html'
  | 'slow'
  /** Is under way until the fault is removed. */
  | 'held'
  | 'repeated_page'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'resource_lock'
  | 'too_large'
  | 'unprocessable'
  | 'no_route';

export interface HttpFaultMatch {
  readonly method?: string;
  /** Tested against the path below `/api/v4`, as sent; of GraphQL it is `/api/graphql`. */
  readonly path?: RegExp;
  /** Of GraphQL requests `operationName=<name>` is tested. */
  readonly query?: RegExp;
  /** Only the nth request that matches otherwise, counted from 1. */
  readonly nth?: number;
  /** 0..1, by a seeded random. */
  readonly probability?: number;
}

export interface HttpFaultOptions {
  readonly kind: HttpFaultKind;
  /** Default: every request. */
  readonly match?: HttpFaultMatch;
  /** How often it strikes at most. Default: as often as it matches. */
  readonly times?: number;
  /** For `slow`. */
  readonly delayMs?: number;
  /** For `rate_limited` and `gitaly_overloaded`; default 1. */
  readonly retryAfterSeconds?: number;
  /** Called at the moment it strikes: with the kinds that end in `_after` once the effect is there, else before it. */
  readonly struck?: () => void;
}

export interface HttpFault extends HttpFaultOptions {
  /** How often it struck. */
  readonly hits: number;
  readonly removed: Promise<void>;
  remove(): void;
}

class ActiveFault implements HttpFault {
  readonly kind: HttpFaultKind;
  readonly match: HttpFaultMatch;
  readonly times: number;
  readonly delayMs: number;
  readonly retryAfterSeconds: number;
  readonly struck: () => void;
  hits = 0;
  readonly removed: Promise<void>;
  private letGo = (): void => undefined;
  private seen = 0;

  constructor(
    options: HttpFaultOptions,
    private readonly random: Random,
    private readonly faults: Set<ActiveFault>,
  ) {
    this.kind = options.kind;
    this.match = options.match ?? {};
    this.times = options.times ?? Number.POSITIVE_INFINITY;
    this.delayMs = options.delayMs ?? 0;
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1;
    this.struck = options.struck ?? (() => undefined);
    this.removed = new Promise((resolve) => {
      this.letGo = resolve;
    });
  }

  remove(): void {
    this.faults.delete(this);
    this.letGo();
  }

  strikes(method: string, path: string, query: string): boolean {
    const { match } = this;
    if (this.hits >= this.times || (match.method !== undefined && match.method !== method)) return false;
    if (match.path?.test(path) === false || match.query?.test(query) === false) return false;
    this.seen += 1;
    if (match.nth !== undefined && match.nth !== this.seen) return false;
    if (match.probability !== undefined && !this.random.chance(match.probability)) return false;
    this.hits += 1;
    return true;
  }
}

/** Misbehaviour on request. */
export class HttpFaults {
  private readonly active = new Set<ActiveFault>();
  private random: Random;

  constructor(seed: number | string) {
    this.random = new Random(`${seed}/faults`);
  }

  /** Regular expressions must not be sticky or global, or they would remember where they were. */
  add(options: HttpFaultOptions): HttpFault {
    const fault = new ActiveFault(options, this.random, this.active);
    this.active.add(fault);
    return fault;
  }

  clear(): void {
    for (const fault of this.active) fault.remove();
  }

  /** The first fault that strikes this request. */
  strike(method: string, path: string, query: string): HttpFault | undefined {
    for (const fault of this.active) if (fault.strikes(method, path, query)) return fault;
    return undefined;
  }
}

/** The answer of a fault that needs nothing from GitLab, or undefined where the request is worked on. */
export function faultReply(fault: HttpFault, nowMs: number): Reply | undefined {
  const retryAfter = fault.retryAfterSeconds ?? 1;
  switch (fault.kind) {
    case 'error500':
      return jsonReply({ message: '500 Internal Server Error' }, 500);
    case 'bad_gateway_before':
      return htmlReply(502, '502 Bad Gateway');
    case 'unavailable':
      return htmlReply(503, '503 Service Temporarily Unavailable');
    case 'gateway_timeout':
      return htmlReply(504, '504 Gateway Time-out');
    case 'gitaly_overloaded':
      return jsonReply({ message: 'Upstream Gitaly has been exhausted. Try again later' }, 503, {
        'Retry-After': String(retryAfter),
      });
    case 'rate_limited': {
      const seconds = Math.floor(nowMs / 1000);
      const headers = {
        'RateLimit-Limit': '120',
        'RateLimit-Name': 'throttle_authenticated_api',
        'RateLimit-Observed': '7201',
        'RateLimit-Remaining': '0',
        'RateLimit-Reset': String(seconds + retryAfter),
      };
      return throttled(headers, seconds, retryAfter);
    }
    case 'rate_limited_app':
      return jsonReply(
        { message: { error: 'This endpoint has been requested too many times. Try again later.' } },
        429,
      );
    case 'html':
      return htmlReply(200, 'Sign in · GitLab');
    case 'unauthorized':
      return jsonReply({ message: '401 Unauthorized' }, 401);
    case 'forbidden':
      return jsonReply({ message: '403 Forbidden' }, 403);
    case 'not_found':
      return jsonReply({ message: '404 Not found' }, 404);
    case 'resource_lock':
      return jsonReply({ message: '409 Conflict: Resource lock' }, 409);
    case 'too_large':
      return htmlReply(413, '413 Request Entity Too Large');
    case 'unprocessable':
      return jsonReply({ message: '422 Unprocessable Entity' }, 422);
    case 'no_route':
      return noRoute;
    default:
      return undefined;
  }
}
