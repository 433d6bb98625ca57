import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { LogDetails, SessionLog } from '@syncline/connector-sdk';
import { Budget, type BudgetOptions, createHttpClient, type HttpClientOptions } from '../src/index.js';

export interface LocalServer {
  readonly url: string;
  readonly port: number;
  readonly requests: {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }[];
  close(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A real server on the loopback that records what it was asked. */
export async function startServer(handler: Handler, tls?: { key: string; cert: string }): Promise<LocalServer> {
  const requests: LocalServer['requests'] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      handler(request, response, requests.length);
    });
  };
  const server: Server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const port = await listen(server);
  return {
    url: `${tls === undefined ? 'http' : 'https'}://localhost:${port}`,
    port,
    requests,
    close: () => closeServer(server, sockets),
  };
}

export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return (server.address() as AddressInfo).port;
}

/** `sockets`: those the server does not know itself: before the TLS handshake, after CONNECT. */
export async function closeServer(server: Server, sockets: Iterable<Socket> = []): Promise<void> {
  server.closeAllConnections();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** A clock that moves only when somebody sleeps, and remembers how long. */
export function fakeClock(start = '2026-01-01T00:00:00.000Z') {
  let time = Date.parse(start);
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(time),
    advance: (ms: number) => void (time += ms),
    sleep: (ms: number) => {
      slept.push(ms);
      time += ms;
      return Promise.resolve();
    },
  };
}

export function recordingLog(): SessionLog & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (message: string, details?: LogDetails): void =>
    void lines.push(`${message} ${JSON.stringify(details ?? {})}`);
  return { lines, debug: write, info: write, warn: write, error: write };
}

export function instanceAt(
  baseUrl: string,
  more: Partial<HttpClientOptions['instance']> = {},
): HttpClientOptions['instance'] {
  return { id: 'i1', kind: 'test', name: 'Test', baseUrl, credentials: { token: 'secret-token-value' }, ...more };
}

/** A client on a clock that stands still but for its own waits. */
export function clientFor(baseUrl: string, more: Partial<HttpClientOptions> & { budgetOptions?: BudgetOptions } = {}) {
  const clock = fakeClock();
  const log = recordingLog();
  const { budgetOptions, ...options } = more;
  const { now, sleep } = clock;
  const budget = options.budget ?? new Budget('test', { now, sleep, ...budgetOptions });
  const signal = new AbortController().signal;
  const client = createHttpClient({
    instance: instanceAt(baseUrl),
    budget,
    log,
    signal,
    now,
    sleep,
    random: () => 0,
    ...options,
  });
  return { client, clock, log, budget };
}
