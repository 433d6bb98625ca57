import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to a request instead of reaching the remote, or to its answer. */
export type Fault =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body: string;
    }
  /** The remote executes the request, the answer is cut in the middle. */
  | { readonly kind: 'cut' }
  /** The connection is closed without an answer. */
  | { readonly kind: 'reset' }
  /** No answer comes. */
  | { readonly kind: 'hang' };

export interface ProxiedRequest {
  readonly number: number;
  readonly method: string;
  readonly url: string;
  /** By the clock of the test. */
  readonly at: Date;
}

/**
 * Stands before a remote system, dates its answers by the clock of the test, counts what comes, and misbehaves on request.
 * Requests are numbered from 1.
 */
export class FaultProxy {
  readonly requests: ProxiedRequest[] = [];
  private decide: (request: ProxiedRequest) => Fault | undefined = () => undefined;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
    private readonly now: () => Date,
  ) {}

  static async start(targetUrl: string, now: () => Date): Promise<FaultProxy> {
    const server = createServer();
    // Longer than any client keeps an idle connection, or a request may meet a closing one.
    server.keepAliveTimeout = 75_000;
    const proxy = new FaultProxy(server, new URL(targetUrl), now);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      proxy.handle(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  /** Base URL that reaches the target through this proxy; keeps the target's path prefix. */
  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.target.pathname.replace(/\/$/, '')}`;
  }

  /** From now on each request is judged by this; the count starts again at 1. */
  misbehave(decide: (request: ProxiedRequest) => Fault | undefined): void {
    this.requests.length = 0;
    this.decide = decide;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    const seen: ProxiedRequest = {
      number: this.requests.length + 1,
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      at: this.now(),
    };
    this.requests.push(seen);
    const fault = this.decide(seen);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') {
      request.socket.destroy();
    } else if (fault?.kind === 'answer') {
      request.resume();
      response
        .writeHead(fault.status, { 'content-type': 'application/json', date: this.date(), ...fault.headers })
        .end(fault.body);
    } else {
      this.forward(request, response, fault?.kind === 'cut');
    }
  }

  /** Node's servers date their answers by the real clock; a remote system's clock is that of the test. */
  private date(): string {
    return this.now().toUTCString();
  }

  private forward(request: IncomingMessage, response: ServerResponse, cut: boolean): void {
    const { hostname, port } = this.target;
    const headers = { ...request.headers, host: this.target.host };
    const options = { hostname, port, method: request.method, path: request.url, headers };
    const upstream = httpRequest(options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', () => response.destroy());
      answer.on('end', () => {
        const body = Buffer.concat(chunks);
        const { 'transfer-encoding': _chunked, connection: _connection, ...kept } = answer.headers;
        response.writeHead(answer.statusCode ?? 502, {
          ...kept,
          date: this.date(),
          'content-length': String(body.length),
        });
        if (!cut) {
          response.end(body);
          return;
        }
        response.write(body.subarray(0, Math.floor(body.length / 2)));
        setImmediate(() => response.destroy());
      });
    });
    upstream.on('error', () => response.destroy());
    request.pipe(upstream);
  }
}
