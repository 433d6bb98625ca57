import type { HttpClient, HttpMethod, HttpRequest, HttpResponse } from '@syncline/connector-sdk';
import {
  createRequesterFn,
  type DefaultRequestOptions,
  formatQuery,
  type FormattedResponse,
  type RequesterType,
  type ResourceOptions,
  type ResponseBodyTypes,
} from '@gitbeaker/requester-utils';

/** What @gitbeaker hands to a request handler; its own types leave it open. */
interface GitbeakerRequest {
  readonly method?: unknown;
  readonly prefixUrl?: unknown;
  readonly searchParams?: unknown;
  readonly headers?: unknown;
  readonly body?: unknown;
}

const METHODS: readonly HttpMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const CREDENTIALS = new Set(['private-token', 'authorization', 'job-token']);

/** What a requester needs to know of the client it belongs to. */
export interface RequesterUse {
  readonly auth: Readonly<Record<string, string>>;
  /** Throws for answers that are errors. */
  readonly check: (response: HttpResponse, path: string) => void;
}

/**
 * A requester for @gitbeaker's resources that sends through our client: budget, waits, proxy, certificates and repeats
 * are there, and @gitbeaker's own (which repeat writes and ignore Retry-After) are not used.
 *
 * Reads, of which a first sync has thousands, are put together here; the way through @gitbeaker's handlers, which writes
 * take, costs more than the rest of a read does.
 *
 * Lists are wrapped as `{list}`: @gitbeaker follows all pages of an array by itself, collects them in memory and drops
 * the headers. Of an object it returns status and headers, with `showExpanded`, and asks once.
 */
export function createGitLabRequester(http: HttpClient, { auth, check }: RequesterUse) {
  const send = async (endpoint: string, request: HttpRequest): Promise<FormattedResponse> => {
    const response = await http.request(request);
    check(response, endpoint);
    return { body: wrapped(response.body), headers: response.headers, status: response.status };
  };
  const writes = createRequesterFn(
    (_service, request) => Promise.resolve(request),
    async (endpoint, options = {}) => send(endpoint, await toHttpRequest(endpoint, options)),
  );
  return (service: ResourceOptions): RequesterType => {
    const prefix = service.url.replace(/\/+$/, '');
    return {
      ...writes(service),
      get<T extends ResponseBodyTypes>(endpoint: string, { searchParams }: DefaultRequestOptions = {}) {
        const path = `${prefix}/${endpoint}${queryOf(searchParams)}`;
        // Which body comes is for the schemas to say; @gitbeaker's types claim to know.
        return send(endpoint, { method: 'GET', path, auth }) as Promise<FormattedResponse<T>>;
      },
    };
  };
}

/** Names of parameters as @gitbeaker writes them, `orderBy` as `order_by`: there are a few dozen in all. */
const writtenNames = new Map<string, string>();

/** As @gitbeaker writes a query, whose own way is long for the few plain parameters that most lists have. */
function queryOf(params: Record<string, unknown> = {}): string {
  let query = '';
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      return `?${formatQuery(params)}`;
    query += `${query === '' ? '?' : '&'}${writtenName(name)}=${encodeURIComponent(value)}`;
  }
  return query;
}

function writtenName(name: string): string {
  const known = writtenNames.get(name) ?? formatQuery({ [name]: '' }).slice(0, -1);
  writtenNames.set(name, known);
  return known;
}

function wrapped(body: unknown): Record<string, unknown> | null {
  if (Array.isArray(body)) return { list: body };
  if (isRecord(body)) return body;
  return body === null || body === undefined ? null : { text: body };
}

function isRecord(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null;
}

async function toHttpRequest(endpoint: string, options: GitbeakerRequest): Promise<HttpRequest> {
  const prefix = typeof options.prefixUrl === 'string' ? options.prefixUrl.replace(/\/+$/, '') : '';
  const query =
    typeof options.searchParams === 'string' && options.searchParams !== '' ? `?${options.searchParams}` : '';
  const { auth, headers } = splitHeaders(options.headers);
  const request = { method: methodOf(options.method), path: `${prefix}/${endpoint}${query}`, auth, headers };
  if (options.body === undefined) return request;
  if (typeof options.body === 'string') return { ...request, body: Buffer.from(options.body) };
  if (!(options.body instanceof FormData)) return request;
  const form = new Response(options.body);
  const body = new Uint8Array(await form.arrayBuffer());
  return {
    ...request,
    headers: { ...headers, 'content-type': form.headers.get('content-type') ?? 'multipart/form-data' },
    body,
  };
}

function methodOf(value: unknown): HttpMethod {
  return METHODS.find((method) => method === value) ?? 'GET';
}

function splitHeaders(given: unknown): { auth: Record<string, string>; headers: Record<string, string> } {
  const auth: Record<string, string> = {};
  const headers: Record<string, string> = {};
  if (typeof given !== 'object' || given === null) return { auth, headers };
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') continue;
    if (CREDENTIALS.has(name.toLowerCase())) auth[name] = value;
    else headers[name] = value;
  }
  return { auth, headers };
}
