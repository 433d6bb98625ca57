import { createServer, type IncomingHttpHeaders } from 'node:http';
import { asObject } from './ask.js';

export interface ReceivedHook {
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  readonly body: Record<string, unknown>;
}

export interface HookReceiver {
  readonly url: string;
  readonly received: ReceivedHook[];
  /** What it answers; `hang` never answers, `hang up` cuts the connection. */
  answer: number | 'hang' | 'hang up';
  stop(): Promise<void>;
}

/** A server that takes hooks and remembers them. */
export async function startHookReceiver(): Promise<HookReceiver> {
  const received: ReceivedHook[] = [];
  const server = createServer((request, response) => {
    let raw = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      raw += chunk;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, raw, body: asObject(JSON.parse(raw)) });
      if (receiver.answer === 'hang up') request.socket.destroy();
      if (typeof receiver.answer === 'number') response.writeHead(receiver.answer).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the receiver has no port');
  const receiver: HookReceiver = {
    url: `http://127.0.0.1:${bound.port}/hook`,
    received,
    answer: 200,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return receiver;
}
