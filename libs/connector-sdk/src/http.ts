import type { JsonValue } from './json.js';

export type HttpMethod = 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface HttpRequest {
  readonly method: HttpMethod;
  /** Relative to the instance's base URL (`/api/v4/user`), or an absolute URL on the same origin. */
  readonly path: string;
  /** A list becomes a repeated key; `undefined` is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly (string | number)[] | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Credential headers: sent to the instance's own origin only, never after a redirect elsewhere, never logged. */
  readonly auth?: Readonly<Record<string, string>>;
  readonly body?: JsonValue | Uint8Array;
  /** Default 20 s. Always shorter than a lease. */
  readonly timeoutMs?: number;
  readonly responseType?: 'json' | 'text' | 'bytes';
  /**
   * May the request be repeated after an answer was lost? Default: true for GET and HEAD, false for everything else,
   * because a write whose answer was lost may have happened.
   */
  readonly repeatable?: boolean;
  /** A request that only reads although its method says otherwise, e.g. a GraphQL query: a plan may send it. */
  readonly readsOnly?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON (`unknown`: parse it with a schema), text, or bytes, as asked for. Text when JSON could not be parsed. */
  readonly body: unknown;
  /** The URL that answered, after redirects on the same origin; without query secrets. */
  readonly url: string;
}

/**
 * One remote system, with its budget, waits, proxy and certificates built in.
 * Every HTTP answer that remains after the waits and repeats is a value; the caller maps statuses to error kinds.
 * Throws `ConnectorError`: `transient` when no answer came (network, timeout), `rate_limit` with `retryAt` when the
 * remote asks for a wait beyond `limits.maxBackoffMinutes`, `config` for a host name, TLS or proxy fault, `interrupted`
 * when the session's signal fires.
 */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpResponse>;
}
