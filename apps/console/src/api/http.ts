import { ApiError, parseProblem } from './problem.js';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

interface RequestOptions {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, instead. */
  csv?: string;
  signal?: AbortSignal;
}

/**
 * Calls the hub with the session cookie. The extra header on writes is what the hub asks for with a cookie: a page of
 * another origin cannot send it. `T` is the promised shape of the answer (`undefined` for 204).
 * @throws ApiError for every answer that is not a success, and with status 0 when there was none.
 */
export async function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (method !== 'GET') headers['x-requested-with'] = 'syncline-console';
  if (options.csv !== undefined) headers['content-type'] = 'text/csv; charset=utf-8';
  else if (options.body !== undefined) headers['content-type'] = 'application/json';
  const response = await send(path, {
    method,
    headers,
    credentials: 'same-origin',
    body: options.csv ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
    signal: options.signal,
  });
  if (!response.ok) throw await parseProblem(response);
  if (response.status === 204 || response.headers.get('content-length') === '0') return undefined as T;
  return (await response.json()) as T;
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new ApiError(0, 'The hub does not answer. Is it running?');
  }
}

/** `path?a=1&b=2`, without the question mark when there is nothing to ask. */
export function withQuery(path: string, params: URLSearchParams): string {
  const query = params.toString();
  return query === '' ? path : `${path}?${query}`;
}
