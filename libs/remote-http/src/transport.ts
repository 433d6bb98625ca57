import axios, { type AxiosInstance } from 'axios';
import { ConnectorError } from '@syncline/connector-sdk';
import type { Agents } from './agents.js';
import type { Redactor } from './redact.js';
import { proxyAuthError, timeoutError, transportError } from './transport-errors.js';
import { interrupted } from './wait.js';

/** One exchange on the wire, without redirects, repeats or waits. */
export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

export interface TransportOptions {
  readonly agents: Agents;
  readonly proxyUrl?: string;
  /** A longer answer is given up, so that a broken remote cannot fill our memory. */
  readonly maxResponseBytes: number;
  readonly redact: Redactor;
}

/** axios, reduced to sending: bytes in, bytes out, any status is an answer. */
export class Transport {
  private readonly axios: AxiosInstance;

  constructor(private readonly options: TransportOptions) {
    this.axios = axios.create({
      adapter: 'http',
      httpAgent: options.agents.http,
      httpsAgent: options.agents.https,
      proxy: false,
      maxRedirects: 0,
      maxContentLength: options.maxResponseBytes,
      maxBodyLength: Number.POSITIVE_INFINITY,
      responseType: 'arraybuffer',
      validateStatus: null,
      transformRequest: [],
      transformResponse: [],
    });
  }

  async send(exchange: Exchange): Promise<RawAnswer> {
    const { signal, timeoutMs, url } = exchange;
    if (isAborted(signal)) throw interrupted();
    // Own timer and listener instead of AbortSignal.any: cheaper, and nothing stays attached to the run's signal.
    const attempt = new AbortController();
    const stop = (): void => attempt.abort();
    const timer = setTimeout(stop, timeoutMs);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const answer = await this.axios.request<Buffer>({
        method: exchange.method,
        url: url.href,
        headers: { ...exchange.headers },
        data: exchange.body,
        signal: attempt.signal,
      });
      const headers = plainHeaders(answer.headers);
      if (answer.status === 407 && this.options.proxyUrl !== undefined) throw proxyAuthError();
      return { status: answer.status, headers, bytes: Buffer.isBuffer(answer.data) ? answer.data : Buffer.alloc(0) };
    } catch (error) {
      if (error instanceof ConnectorError) throw error;
      if (isAborted(signal)) throw interrupted();
      if (attempt.signal.aborted) throw timeoutError(url.host, timeoutMs);
      if (axios.isAxiosError(error) && error.message.startsWith('maxContentLength')) throw this.tooLarge(url.host);
      throw transportError({ error, host: url.host, proxyUrl: this.options.proxyUrl, redact: this.options.redact });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  private tooLarge(host: string): ConnectorError {
    const megabytes = Math.round(this.options.maxResponseBytes / 1024 / 1024);
    return new ConnectorError('permanent', `An answer of ${host} is larger than ${megabytes} MB and was given up.`);
  }
}

/** A function, because the compiler takes a property it has seen false as false for good. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function plainHeaders(headers: object): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') plain[name.toLowerCase()] = value;
    else if (Array.isArray(value)) plain[name.toLowerCase()] = value.join(', ');
  }
  return plain;
}
