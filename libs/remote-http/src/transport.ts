import { Axios, type AxiosResponse } from 'axios';
import { ConnectorError } from '@syncline/connector-sdk';
import type { Agents } from './agents.js';
import type { Exchange } from './exchange.js';
import { AnswerTooLarge, type RawAnswer } from './raw-answer.js';
import type { Redactor } from './redact.js';
import { proxyAuthError, timeoutError, transportError } from './transport-errors.js';
import { interrupted } from './wait.js';
import { createWire, ExchangeTimeout, type Wire, wireAdapter } from './wire-adapter.js';

export interface TransportOptions {
  readonly agents: Agents;
  readonly proxyUrl?: string;
  /** A longer answer is given up, so that a broken remote cannot fill our memory. */
  readonly maxResponseBytes: number;
  readonly redact: Redactor;
}

/** Sending, and no more: bytes in, bytes out, any status is an answer. */
export class Transport {
  private readonly wire: Wire;
  private readonly axios: Axios;

  constructor(private readonly options: TransportOptions) {
    const { agents, maxResponseBytes } = options;
    // Not `axios.create`, and the exchange goes through as a whole: merging axios' defaults and headers into every request
    // costs more than sending it.
    this.wire = createWire({ agents, maxResponseBytes });
    this.axios = new Axios({ adapter: wireAdapter(this.wire) });
  }

  async send(exchange: Exchange): Promise<RawAnswer> {
    const { signal, timeoutMs, url } = exchange;
    if (isAborted(signal)) throw interrupted();
    try {
      // What has no body is a read nearly always, and a first sync is thousands of them: each would spend a quarter as much in
      // axios, of which it uses nothing, as on the wire.
      const answer = await (exchange.body === undefined ? this.wire(exchange) : this.byAxios(exchange));
      if (answer.status === 407 && this.options.proxyUrl !== undefined) throw proxyAuthError();
      return answer;
    } catch (error) {
      if (error instanceof ConnectorError) throw error;
      if (isAborted(signal)) throw interrupted();
      if (error instanceof ExchangeTimeout) throw timeoutError(url.host, timeoutMs);
      if (error instanceof AnswerTooLarge) throw this.tooLarge(url.host);
      throw transportError({ error, host: url.host, proxyUrl: this.options.proxyUrl, redact: this.options.redact });
    }
  }

  private async byAxios(exchange: Exchange): Promise<RawAnswer> {
    const { data } = await this.axios.request<RawAnswer, AxiosResponse<RawAnswer>, Exchange>({ data: exchange });
    return data;
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
