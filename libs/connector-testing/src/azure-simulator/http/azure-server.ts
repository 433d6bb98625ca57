import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { GitHttp } from '../../git-server/git-http.js';
import type { HttpFault, HttpFaults } from '../../gitlab-simulator/http/faults.js';
import { jsonReply, Refusal, textReply, type Reply } from '../../gitlab-simulator/http/reply.js';
import { loggableQuery, tokenHash, type RequestLog } from '../../gitlab-simulator/http/request-log.js';
import { refuseStranger, secretOf, tokenOf, type BadTokenAnswer } from './azure-auth.js';
import { AzureCall, type AzureSite } from './azure-call.js';
import { azureError, collectionReply, signInPage } from './azure-reply.js';
import type { AzureMatch, AzureRouter } from './azure-router.js';

export interface AzureServerParts {
  readonly site: () => AzureSite;
  /** `''` or `/tfs`. */
  readonly virtualDirectory: string;
  readonly router: AzureRouter;
  readonly git: GitHttp;
  readonly requests: RequestLog;
  readonly faults: HttpFaults;
  readonly badToken: () => BadTokenAnswer | undefined;
  readonly latencyMs: () => number;
}

interface Incoming {
  readonly message: IncomingMessage;
  readonly method: string;
  readonly collection: string;
  /** Below the collection, decoded. */
  readonly segments: readonly string[];
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Git's requests go to git, everything else is the REST interface. */
export function createAzureListener(parts: AzureServerParts): RequestListener {
  return (message, response) => {
    if (parts.git.serve(message, response)) return;
    answer(parts, message, response).catch((error: unknown) => {
      // A defect of the simulator must be seen by the test that hit it.
      const defect = error instanceof Error ? (error.stack ?? error.message) : String(error);
      send(response, jsonReply({ message: '500 Internal Server Error', defect }, 500));
    });
  };
}

async function answer(parts: AzureServerParts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const incoming = read(parts, message);
  const { method, path, query } = incoming;
  const match = parts.router.match(incoming.segments);
  if (parts.latencyMs() > 0) await wait(parts.latencyMs());
  const fault = parts.faults.strike(method, path, query.toString());
  if (fault?.kind === 'slow') await wait(fault.delayMs ?? 0);
  if (fault?.kind === 'held') await fault.removed;
  const log = (status: number): void => {
    const isDiscovery = method === 'OPTIONS';
    const endpoint = isDiscovery
      ? 'OPTIONS'
      : match === undefined
        ? undefined
        : `${method} ${match.location.area}/${match.location.resourceName}`;
    parts.requests.add({
      method,
      path,
      query: loggableQuery(query),
      endpoint,
      status,
      tokenHash: tokenHash(secretOf(message.headers)),
      at: parts.site().world.now(),
    });
  };
  if (fault?.kind === 'reset_before') {
    log(0);
    message.socket.destroy();
    return;
  }
  const reply = (fault === undefined ? undefined : faultReply(fault)) ?? (await handle(parts, incoming, match));
  if (fault?.kind === 'reset_after') {
    log(0);
    message.socket.destroy();
    return;
  }
  log(reply.status);
  send(response, reply);
}

function read(parts: AzureServerParts, message: IncomingMessage): Incoming {
  const [rawPath = '', rawQuery = ''] = (message.url ?? '/').split(/\?(.*)/s, 2);
  const below = rawPath.startsWith(`${parts.virtualDirectory}/`) ? rawPath.slice(parts.virtualDirectory.length) : '/';
  const [collection = '', ...segments] = below
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const path = `/${segments.join('/')}`;
  return { message, method: message.method ?? 'GET', collection, segments, path, query: new URLSearchParams(rawQuery) };
}

async function handle(parts: AzureServerParts, incoming: Incoming, match: AzureMatch | undefined): Promise<Reply> {
  const { message, method, segments, collection, query } = incoming;
  const site = parts.site();
  const token = tokenOf(site.world, message.headers);
  try {
    if (!site.world.collections.has(collection)) return noSuchCollection(collection);
    if (token === undefined) return refuseStranger(message.headers, parts.badToken(), site.url);
    if (method === 'OPTIONS') return describeArea(site, parts.router, segments.at(-1) ?? '');
    const route = match?.location.routes.find((one) => one.method === method);
    if (match === undefined || route === undefined) return noSuchPlace(incoming.path);
    if (route.scopes.length > 0 && !route.scopes.some((scope) => token.scopes.includes(scope))) {
      throw azureError(
        401,
        'UnauthorizedRequestException',
        `TF400813: The user '${token.user.displayName}' is not authorized to access this resource.`,
      );
    }
    requireVersion(message, query);
    const text = (await buffer(message)).toString('utf8');
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    return await route.handler(new AzureCall(site, collection, token, match.parts, query, body));
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

/** A client must say which version it means: in `Accept`, or as a parameter. */
function requireVersion(message: IncomingMessage, query: URLSearchParams): void {
  if (/api-version=\d/.test(message.headers.accept ?? '') || query.has('api-version')) return;
  const text = `No api-version was supplied for the "${message.method ?? 'GET'}" request. The version must be supplied either as part of the Accept header (e.g. "application/json; api-version=1.0") or as a query parameter (e.g. "?api-version=1.0").`;
  throw azureError(400, 'VssVersionNotSpecifiedException', text);
}

function describeArea(site: AzureSite, router: AzureRouter, area: string): Reply {
  const { apiVersion } = site;
  const releasedVersion = apiVersion === '7.2' ? '7.1' : apiVersion;
  return collectionReply(
    router.area(area).map(({ id, area: name, resourceName, routeTemplate, resourceVersion }) => ({
      id,
      area: name,
      resourceName,
      routeTemplate,
      resourceVersion,
      minVersion: '1.0',
      maxVersion: apiVersion,
      releasedVersion,
    })),
  );
}

function noSuchCollection(name: string): Reply {
  return textReply(`The resource cannot be found: ${name}\n`, 404, { 'Content-Type': 'text/html; charset=utf-8' });
}

function noSuchPlace(path: string): Reply {
  return jsonReply({ message: `The controller for path '${path}' was not found.`, typeKey: 'HttpException' }, 404);
}

function faultReply(fault: HttpFault): Reply | undefined {
  switch (fault.kind) {
    case 'error500':
      return azureError(500, 'VssServiceException', 'TF246017: an error occurred on the server.').reply;
    case 'unavailable':
      return azureError(503, 'ServiceUnavailableException', 'TF10216: the service is unavailable.').reply;
    case 'rate_limited':
      return throttled(fault.retryAfterSeconds ?? 1);
    case 'html':
      return signInPage(203);
    case 'unauthorized':
      return textReply('Access Denied\n', 401);
    case 'forbidden':
      return azureError(403, 'GitNeedsPermissionException', 'TF401027: You need the Git permission.').reply;
    case 'not_found':
      return azureError(404, 'HttpException', 'not found').reply;
    default:
      return undefined;
  }
}

function throttled(seconds: number): Reply {
  const message =
    'TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource <Concurrency> in namespace <User>.';
  const { reply } = azureError(429, 'RequestBlockedException', message);
  const headers = {
    'Retry-After': String(seconds),
    'X-RateLimit-Resource': 'Concurrency',
    'X-RateLimit-Remaining': '0',
  };
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, 'X-TFS-ProcessId': '00000000-0000-0000-0000-000000000000' });
  response.end(body);
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
