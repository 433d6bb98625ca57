import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { AxiosHeaders, type AxiosAdapter, type InternalAxiosRequestConfig } from 'axios';
import { offAbort, onAbort } from './abort-calls.js';
import type { Agents } from './agents.js';
import { decompress, isCoded } from './content-coding.js';
import type { Exchange } from './exchange.js';
import { AnswerTooLarge, type RawAnswer } from './raw-answer.js';

export interface WireOptions {
  readonly agents: Agents;
  /** A longer answer is given up with an `AnswerTooLarge`, so that a broken remote cannot fill our memory. */
  readonly maxResponseBytes: number;
}

/** The time of the exchange ran out. */
export class ExchangeTimeout extends Error {}

/** The signal of the exchange fired. */
export class ExchangeStopped extends Error {}

/** Of the response as axios sees it; the real ones are in its data. */
const NO_HEADERS = new AxiosHeaders();

/** One exchange on a kept connection, straight on `node:http`; any status is an answer. */
export type Wire = (exchange: Exchange) => Promise<RawAnswer>;

export function createWire(options: WireOptions): Wire {
  return (exchange) => send(options, exchange);
}

/**
 * The wire as an adapter for axios. The data of the request is the exchange, the data of the response the answer with its
 * headers: making axios' own headers of them costs more than the wire does.
 */
export function wireAdapter(wire: Wire): AxiosAdapter {
  return async (config: InternalAxiosRequestConfig<Exchange>) => {
    if (config.data === undefined) throw new TypeError('The data of the request is no exchange.');
    const data = await wire(config.data);
    return { data, status: data.status, statusText: '', headers: NO_HEADERS, config };
  };
}

function send({ agents, maxResponseBytes }: WireOptions, exchange: Exchange): Promise<RawAnswer> {
  const { method, url, body, signal } = exchange;
  const { hostname } = url;
  const isTls = url.protocol === 'https:';
  // Node announces a length by itself for some methods only; where it does not, the body is taken for the next request.
  const headers = body === undefined ? exchange.headers : { ...exchange.headers, 'content-length': body.byteLength };
  return new Promise((resolve, reject) => {
    const request = (isTls ? httpsRequest : httpRequest)({
      method,
      hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
      port: url.port,
      path: `${url.pathname}${url.search}`,
      headers,
      agent: isTls ? agents.https : agents.http,
    });
    const end = (): void => {
      clearTimeout(timer);
      offAbort(signal, stop);
    };
    const fail = (error: Error): void => {
      end();
      reject(error);
      request.destroy();
    };
    const stop = (): void => fail(new ExchangeStopped());
    const timer = setTimeout(() => fail(new ExchangeTimeout()), exchange.timeoutMs);
    onAbort(signal, stop);
    request.on('error', fail);
    request.on('response', (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > maxResponseBytes) fail(new AnswerTooLarge());
        else chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () => {
        end();
        const [first] = chunks;
        const bytes = first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks, length);
        const answer = { status: response.statusCode ?? 0, headers: plainHeaders(response), bytes };
        resolve(isCoded(answer) ? decompress(answer, maxResponseBytes) : answer);
      });
    });
    request.end(body);
  });
}

/** From the raw ones: Node's own object of them is made by a look at it, and would be copied only to make lists texts. */
function plainHeaders(response: IncomingMessage): Record<string, string> {
  const plain: Record<string, string> = {};
  const { rawHeaders } = response;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    if (name in plain) return mergedHeaders(response);
    plain[name] = rawHeaders[at + 1] ?? '';
  }
  return plain;
}

/** Where a name comes twice, Node knows which of them count. */
function mergedHeaders({ headers }: IncomingMessage): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === 'string') plain[name] = value;
    else if (value !== undefined) plain[name] = value.join(', ');
  }
  return plain;
}
