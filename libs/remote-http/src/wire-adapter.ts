import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { AxiosHeaders, type AxiosAdapter, type InternalAxiosRequestConfig } from 'axios';
import type { Agents } from './agents.js';
import { ACCEPTED_CODINGS, decompress, isCoded } from './content-coding.js';
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

/**
 * An adapter for axios straight on `node:http`: one exchange on a kept connection, any status is an answer. The `timeout` of the
 * config covers everything from waiting for a connection to the end of the body. The answer is the data, its headers included:
 * making axios' own headers of them costs more than all else that is done here.
 */
export function wireAdapter(options: WireOptions): AxiosAdapter {
  return async (config) => {
    const answer = await exchange(options, config);
    const data = isCoded(answer) ? await decompress(answer, options.maxResponseBytes) : answer;
    return { data, status: data.status, statusText: '', headers: new AxiosHeaders(), config };
  };
}

function exchange({ agents, maxResponseBytes }: WireOptions, config: InternalAxiosRequestConfig): Promise<RawAnswer> {
  const { signal, timeout } = config;
  const url = new URL(config.url ?? '');
  const isTls = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const request = (isTls ? httpsRequest : httpRequest)({
      method: config.method,
      hostname: url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname,
      port: url.port,
      path: `${url.pathname}${url.search}`,
      headers: { ...headersOf(config.headers), ...lengthOf(config.data) },
      agent: isTls ? agents.https : agents.http,
    });
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener?.('abort', stop);
    };
    const fail = (error: Error): void => {
      end();
      reject(error);
      request.destroy();
    };
    const stop = (): void => fail(new ExchangeStopped());
    const timer = setTimeout(() => fail(new ExchangeTimeout()), timeout);
    signal?.addEventListener?.('abort', stop, { once: true });
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
        resolve({ status: response.statusCode ?? 0, headers: plainHeaders(response), bytes });
      });
    });
    request.end(config.data);
  });
}

function headersOf(given: InternalAxiosRequestConfig['headers']): Record<string, string> {
  const headers: Record<string, string> = { 'accept-encoding': ACCEPTED_CODINGS };
  for (const [name, value] of Object.entries(given)) if (typeof value === 'string') headers[name] = value;
  return headers;
}

/** Node says the length by itself, but not of a DELETE: the body would be taken for the next request on the connection. */
function lengthOf(data: unknown): Record<string, string> {
  return data instanceof Uint8Array ? { 'content-length': String(data.byteLength) } : {};
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') plain[name] = value;
    else if (value !== undefined) plain[name] = value.join(', ');
  }
  return plain;
}
