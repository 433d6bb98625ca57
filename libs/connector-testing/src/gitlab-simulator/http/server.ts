import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { crc32 } from 'node:zlib';
import type { Site } from '../entities/site.js';
import { graphQlFaultReply, operationOf, type GraphQlEndpoint } from '../graphql/endpoint.js';
import { isUploadPage, uploadPage, uploadPageName } from '../issues/api/upload-pages.js';
import { authenticate, credentialsOf, type Credentials } from './authentication.js';
import { Call } from './call.js';
import { faultReply, type HttpFault, type HttpFaults } from './faults.js';
import { parseMultipart } from './multipart.js';
import { Parameters, parseBody } from './parameters.js';
import { badParameter, htmlReply, jsonReply, noRoute, Refusal, type Reply } from './reply.js';
import { loggableQuery, tokenHash, type RequestLog } from './request-log.js';
import type { Match, Router } from './router.js';
import type { Throttle } from './throttle.js';

/** Answers requests outside the API, e.g. a control interface; undefined where the path is not its own. */
export type SideDoor = (
  method: string,
  path: string,
  query: URLSearchParams,
  body: string,
) => Promise<Reply> | undefined;

/** Takes requests that belong to git's own protocol; false where one does not. */
export type GitDoor = (message: IncomingMessage, response: ServerResponse) => boolean;

export interface ServerParts {
  readonly site: () => Site;
  readonly router: Router;
  readonly graphql: GraphQlEndpoint;
  readonly requests: RequestLog;
  readonly faults: HttpFaults;
  readonly throttle: Throttle | undefined;
  readonly latencyMs: () => number;
  readonly sideDoor: () => SideDoor | undefined;
  readonly gitDoor: () => GitDoor | undefined;
  /** `''` or `/gitlab`. */
  readonly pathPrefix: string;
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
}

/** Below the path prefix. */
const graphQlPath = '/api/graphql';

interface Incoming {
  readonly method: string;
  /** Below `/api/v4`, as sent; undefined where the request is not for the API. */
  readonly path: string | undefined;
  readonly rawPath: string;
  readonly query: URLSearchParams;
  readonly credentials: Credentials | undefined;
  /** By the monotonic clock, in milliseconds. */
  readonly arrivedAt: number;
  readonly message: IncomingMessage;
  /** The body of a GraphQL request. */
  readonly graphql: string | undefined;
}

export function createSimulatorServer(parts: ServerParts): Server {
  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    if (parts.gitDoor()?.(message, response) === true) return;
    serve(parts, message, response).catch((error: unknown) => {
      // A defect of the simulator must be seen by the test that hit it.
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      send(response, jsonReply({ message: '500 Internal Server Error', defect: text }, 500), 'GET', {});
    });
  };
  const server = parts.tls === undefined ? createHttpServer(listener) : createHttpsServer(parts.tls, listener);
  // Longer than any client keeps an idle connection, or a request may meet a closing one.
  server.keepAliveTimeout = 75_000;
  return server;
}

async function serve(parts: ServerParts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const arrivedAt = performance.now();
  const [rawPath = '', rawQuery = ''] = (message.url ?? '/').split(/\?(.*)/s, 2);
  const query = new URLSearchParams(rawQuery);
  const method = message.method ?? 'GET';
  const side = parts.sideDoor();
  if (side !== undefined && rawPath.startsWith('/__')) {
    const reply = await side(method, rawPath, query, await readBody(message));
    if (reply !== undefined) {
      send(response, reply, method, {});
      return;
    }
  }
  const apiRoot = `${parts.pathPrefix}/api/v4`;
  const path = rawPath.startsWith(`${apiRoot}/`) ? rawPath.slice(apiRoot.length) : undefined;
  const credentials = credentialsOf(message.headers, query);
  const isGraphQl = method === 'POST' && rawPath === `${parts.pathPrefix}${graphQlPath}`;
  const graphql = isGraphQl ? await readBody(message) : undefined;
  await answer(parts, { method, path, rawPath, query, credentials, arrivedAt, message, graphql }, response);
}

async function answer(parts: ServerParts, incoming: Incoming, response: ServerResponse): Promise<void> {
  const { method, query, graphql } = incoming;
  const path = graphql === undefined ? incoming.path : graphQlPath;
  const operation = graphql === undefined ? undefined : operationOf(graphql);
  const matched = incoming.path === undefined ? undefined : parts.router.match(method, incoming.path);
  const match = matched === 'wrong-method' ? undefined : matched;
  const latency = parts.latencyMs();
  if (latency > 0) await wait(latency);
  const nowMs = parts.site().world.core.clock.read();
  const matchable = operation === undefined ? query.toString() : `operationName=${operation}`;
  const fault = parts.faults.strike(method, path ?? incoming.rawPath, matchable);
  const isAfter = fault?.kind.endsWith('_after') === true;
  if (!isAfter) fault?.struck?.();
  if (fault?.kind === 'slow') await wait(fault.delayMs ?? 0);
  if (fault?.kind === 'held') await fault.removed;
  const log = (status: number): void => {
    const web = isUploadPage(webPath(parts, incoming)) ? uploadPageName : undefined;
    const route = match === undefined ? web : `${match.route.method} ${match.route.pattern}`;
    const endpoint = graphql === undefined ? route : `POST ${graphQlPath}`;
    const hash = tokenHash(incoming.credentials?.value);
    const at = new Date(nowMs);
    parts.requests.add({
      method,
      path: path ?? incoming.rawPath,
      query: loggableQuery(query),
      ...(operation === undefined ? {} : { operation }),
      ...(graphql === undefined ? {} : { body: graphql }),
      endpoint,
      status,
      tokenHash: hash,
      at,
    });
  };
  if (fault?.kind === 'reset_before') {
    log(0);
    incoming.message.socket.destroy();
    return;
  }
  const throttle = parts.throttle?.observe(tokenHash(incoming.credentials?.value) ?? 'anonymous');
  const inGraphQl = fault === undefined || graphql === undefined ? undefined : graphQlFaultReply(fault);
  const faulty = inGraphQl ?? (fault === undefined ? undefined : faultReply(fault, nowMs));
  let reply = faulty ?? throttle?.refusal ?? (await handle(parts, incoming, matched, fault));
  if (isAfter) fault.struck?.();
  if (fault?.kind === 'reset_after') {
    log(0);
    incoming.message.socket.destroy();
    return;
  }
  if (fault?.kind === 'error500_after') reply = jsonReply({ message: '500 Internal Server Error' }, 500);
  if (fault?.kind === 'bad_gateway_after') reply = htmlReply(502, '502 Bad Gateway');
  // A file that lost its end and says so nowhere could not be told from a whole one.
  if (fault?.kind === 'truncated_json' && reply.headers['Content-Type']?.startsWith('application/json') === true)
    reply = { ...reply, body: reply.body?.slice(0, Math.ceil(reply.body.length / 2)) };
  reply = conditional(reply, incoming);
  log(reply.status);
  if (fault?.kind === 'cut_body') {
    cut(response, reply);
    return;
  }
  const runtime = ((performance.now() - incoming.arrivedAt) / 1000).toFixed(6);
  // The instance's clock, which a test may have set, not this machine's.
  const date = new Date(nowMs).toUTCString();
  send(response, reply, method, { ...throttle?.headers, Date: date, 'X-Runtime': runtime });
}

const pageNotFound = htmlReply(404, 'The page could not be found or you do not have permission to view it');

async function handle(
  parts: ServerParts,
  incoming: Incoming,
  matched: Match | 'wrong-method' | undefined,
  fault: HttpFault | undefined,
): Promise<Reply> {
  const { method, path, message, graphql } = incoming;
  if (graphql !== undefined) return parts.graphql.answer(graphql, incoming.credentials, fault);
  if (path === undefined) return uploadPage(parts.site(), webPath(parts, incoming)) ?? pageNotFound;
  if (matched === undefined) return noRoute;
  if (matched === 'wrong-method') return jsonReply({ error: '405 Not Allowed' }, 405);
  const query = new URLSearchParams(incoming.query);
  if (fault?.kind === 'repeated_page') query.delete('page');
  try {
    const site = parts.site();
    const { token, user } = authenticate(site.world, incoming.credentials, matched.route);
    const hasBody = method !== 'GET' && method !== 'HEAD';
    const body = hasBody ? await parsedBody(message) : {};
    const parameters = new Parameters(query, body);
    const { route, parts: pathParts } = matched;
    return await route.handler(new Call(site.world, site, token, user, route.method, path, pathParts, parameters));
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

/** GET answers carry a weak ETag; who sends it back gets 304 and no body. */
function conditional(reply: Reply, incoming: Incoming): Reply {
  if (incoming.method !== 'GET' || reply.status !== 200 || reply.body === undefined) return reply;
  const body = bytesOf(reply.body);
  const tag = `W/"${crc32(body).toString(16)}-${body.length.toString(16)}"`;
  const headers = { ...reply.headers, ETag: tag };
  const same = incoming.message.headers['if-none-match'] === tag;
  return same ? { status: 304, headers, body: undefined } : { ...reply, headers, body };
}

function bytesOf(body: string | Buffer): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : body;
}

let requestSerial = 0;

function send(response: ServerResponse, reply: Reply, method: string, headers: Readonly<Record<string, string>>): void {
  requestSerial += 1;
  const body = reply.body === undefined ? undefined : bytesOf(reply.body);
  response.writeHead(reply.status, {
    ...headers,
    ...reply.headers,
    ...(body === undefined ? {} : { 'Content-Length': String(body.length) }),
    'Cache-Control': 'max-age=0, private, must-revalidate',
    Vary: 'Origin',
    'X-Request-Id': `01SIM${requestSerial.toString(32).toUpperCase().padStart(21, '0')}`,
  });
  response.end(method === 'HEAD' ? undefined : body);
}

/** Promises the whole body, sends half of it and hangs up. */
function cut(response: ServerResponse, reply: Reply): void {
  const body = bytesOf(reply.body ?? '');
  response.writeHead(reply.status, { ...reply.headers, 'Content-Length': String(body.length) });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => {
    response.destroy();
  });
}

async function readBody(message: IncomingMessage): Promise<string> {
  return (await readBytes(message)).toString('utf8');
}

async function readBytes(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
  return Buffer.concat(chunks);
}

async function parsedBody(message: IncomingMessage): Promise<Record<string, unknown>> {
  const contentType = message.headers['content-type'];
  const bytes = await readBytes(message);
  if (contentType?.startsWith('multipart/form-data') !== true) return parseBody(bytes.toString('utf8'), contentType);
  const parts = await parseMultipart(bytes, contentType);
  if (parts === undefined) throw badParameter('body is invalid');
  return parts;
}

/** The path of a page below the instance's address. */
function webPath(parts: ServerParts, { rawPath }: Incoming): string {
  return rawPath.startsWith(`${parts.pathPrefix}/`) ? rawPath.slice(parts.pathPrefix.length) : rawPath;
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
