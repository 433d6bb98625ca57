import { setMaxListeners } from 'node:events';
import {
  ConnectorError,
  type HttpClient,
  type HttpMethod,
  type HttpRequest,
  type HttpResponse,
  type Instance,
  type SessionLog,
} from '@syncline/connector-sdk';
import { agentsFor } from './agents.js';
import { decodeBody, encodeBody } from './body.js';
import type { Budget } from './budget.js';
import { ACCEPTED_CODINGS } from './content-coding.js';
import { Exchange } from './exchange.js';
import { parseRateHeaders } from './rate-headers.js';
import { createRedactor, type Redactor } from './redact.js';
import type { RawAnswer } from './raw-answer.js';
import { follow, isRedirect } from './redirects.js';
import { type Base, parseBaseUrl, resolveTarget } from './target.js';
import { Transport } from './transport.js';
import { type Sleep, sleep } from './wait.js';

const DEFAULT_TIMEOUT_MS = 20_000;
const DEFAULT_MAX_BACKOFF_MINUTES = 5;
const MAX_RESPONSE_BYTES = 50 * 1024 * 1024;
/** Tries of a repeatable request whose answer was lost or a 5xx. */
const MAX_ATTEMPTS = 4;
const FIRST_RETRY_MS = 500;
/** Without `Retry-After`: 2 to 4 s at first, doubling up to GitLab's application limit window of 60 s. */
const FIRST_BACKOFF_MS = 4_000;
const MAX_BACKOFF_MS = 60_000;
/** A remote that says "in a second" for ever is a remote that does not want us. */
const MAX_THROTTLED = 30;
const REPEATED_STATUSES = new Set([500, 502, 503, 504]);

export interface RequestInfo {
  readonly method: HttpMethod;
  /** Without the query, which may hold names and searches. */
  readonly path: string;
  /** Absent when no answer came. */
  readonly status?: number;
  readonly durationMs: number;
  /** 1 for the first try. */
  readonly attempt: number;
}

export interface HttpClientOptions {
  readonly instance: Instance;
  readonly budget: Budget;
  readonly log: SessionLog;
  readonly signal: AbortSignal;
  readonly now?: () => Date;
  readonly random?: () => number;
  readonly sleep?: Sleep;
  /** Called once for every request on the wire, for metrics. */
  readonly onRequest?: (info: RequestInfo) => void;
  readonly userAgent?: string;
  /** Default 50 MB. */
  readonly maxResponseBytes?: number;
}

/** An `HttpClient` for one instance; cheap to make, connections and the budget are shared. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  return new BudgetedHttpClient(options);
}

/** How a try ended: with an answer to hand out, or with a reason to try again. */
type Outcome =
  | { readonly done: HttpResponse }
  | { readonly again: 'throttled' | 'failed'; readonly last: HttpResponse | ConnectorError };

class BudgetedHttpClient implements HttpClient {
  private readonly base: Base;
  private readonly transport: Transport;
  private readonly redact: Redactor;
  private readonly now: () => Date;
  private readonly random: () => number;
  private readonly sleep: Sleep;

  constructor(private readonly options: HttpClientOptions) {
    const { instance, budget } = options;
    // One run has one signal, and much of a run listens to it; that is not a leak to warn about.
    setMaxListeners(0, options.signal);
    this.base = parseBaseUrl(instance.baseUrl);
    const { token, username, password, apiKey } = instance.credentials;
    this.redact = createRedactor([token, password, apiKey, username, proxyPassword(instance.proxyUrl)]);
    this.transport = new Transport({
      agents: agentsFor(instance, budget.concurrency),
      proxyUrl: instance.proxyUrl,
      maxResponseBytes: options.maxResponseBytes ?? MAX_RESPONSE_BYTES,
      redact: this.redact,
    });
    this.now = options.now ?? (() => new Date());
    this.random = options.random ?? Math.random;
    this.sleep = options.sleep ?? sleep;
  }

  async request(request: HttpRequest): Promise<HttpResponse> {
    const exchange = this.exchange(request);
    const repeatable = request.repeatable ?? (request.method === 'GET' || request.method === 'HEAD');
    const { limits } = this.options.instance;
    const giveUpAt = new Date(
      this.now().getTime() + (limits?.maxBackoffMinutes ?? DEFAULT_MAX_BACKOFF_MINUTES) * 60_000,
    );
    let failed = 0;
    let throttled = 0;
    for (;;) {
      const outcome = await this.attempt(request, exchange, {
        repeatable,
        giveUpAt,
        attempt: failed + throttled + 1,
        throttled,
      });
      if ('done' in outcome) return outcome.done;
      if (outcome.again === 'throttled') {
        throttled += 1;
        if (throttled < MAX_THROTTLED) continue;
        throw new ConnectorError(
          'rate_limit',
          `${exchange.url.host} keeps answering that there were too many requests.`,
          {
            retryAt: new Date(this.now().getTime() + MAX_BACKOFF_MS),
            status: 429,
          },
        );
      }
      failed += 1;
      if (failed >= MAX_ATTEMPTS) {
        if (outcome.last instanceof ConnectorError) throw outcome.last;
        return outcome.last;
      }
      await this.sleep(this.jittered(FIRST_RETRY_MS * 2 ** (failed - 1)), this.options.signal);
    }
  }

  private exchange(request: HttpRequest): Exchange {
    const body = encodeBody(request.body);
    const url = resolveTarget(this.base, request);
    const headers: Record<string, string> = {
      accept: request.responseType === undefined || request.responseType === 'json' ? 'application/json' : '*/*',
      'accept-encoding': ACCEPTED_CODINGS,
      'user-agent': this.options.userAgent ?? 'Syncline',
    };
    if (body !== undefined) headers['content-type'] = body.contentType;
    addHeaders(headers, request.headers);
    addHeaders(headers, request.auth);
    const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const { signal } = this.options;
    return new Exchange({ method: request.method, url, headers, body: body?.bytes, timeoutMs, signal });
  }

  private async attempt(
    request: HttpRequest,
    exchange: Exchange,
    state: { repeatable: boolean; giveUpAt: Date; attempt: number; throttled: number },
  ): Promise<Outcome> {
    const leave = await this.options.budget.enter({
      signal: this.options.signal,
      giveUpAt: state.giveUpAt,
      requestsPerMinute: this.options.instance.limits?.requestsPerMinute,
      onWait: (ms) => this.sayWait(exchange, ms),
    });
    const startedAt = performance.now();
    let status: number | undefined;
    try {
      const first = await this.transport.send(exchange);
      const routed = isRedirect(exchange, first) ? await follow(this.transport, exchange, first) : undefined;
      const answer = routed ?? first;
      status = answer.status;
      const blockedUntil = this.blockOf(answer, state.throttled);
      if (blockedUntil !== undefined) await this.options.budget.block(blockedUntil);
      return this.judge(request, answer, { url: routed?.url ?? exchange.url, repeatable: state.repeatable });
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.kind !== 'transient' || !state.repeatable) throw error;
      this.sayRetry(exchange, error.message);
      return { again: 'failed', last: error };
    } finally {
      leave();
      const durationMs = performance.now() - startedAt;
      const { method } = request;
      this.options.onRequest?.({ method, path: exchange.url.pathname, status, durationMs, attempt: state.attempt });
    }
  }

  /** Whom the remote turns away it turns away as an account: until then nobody asks. */
  private blockOf({ status, headers }: RawAnswer, throttled: number): Date | undefined {
    this.options.budget.observe(headers);
    const isBlock = status === 429 || (status === 503 && headers['retry-after'] !== undefined);
    return isBlock ? this.throttledUntil(headers, throttled) : undefined;
  }

  private judge(
    request: HttpRequest,
    answer: RawAnswer,
    { url, repeatable }: { readonly url: URL; readonly repeatable: boolean },
  ): Outcome {
    const { status, headers } = answer;
    const { body, lost } = decodeBody(answer, request.method, request.responseType);
    const response = new Answer(status, headers, body, { address: url, redact: this.redact });
    // The remote did not execute the request, so any verb may be sent again.
    if (status === 429) return { again: 'throttled', last: response };
    if (REPEATED_STATUSES.has(status)) {
      if (!repeatable) return { done: response };
      this.sayRetry({ method: request.method, url }, `answered ${status}`);
      return { again: 'failed', last: response };
    }
    if (lost && status >= 200 && status < 300 && repeatable) {
      const message = `${url.host} sent JSON that is not complete.`;
      this.sayRetry({ method: request.method, url }, message);
      return { again: 'failed', last: new ConnectorError('transient', message, { status }) };
    }
    return { done: response };
  }

  /** Until when the account is blocked: as the remote says, a little later than it says, or growing if it says nothing. */
  private throttledUntil(headers: Readonly<Record<string, string>>, throttled: number): Date {
    const now = this.now();
    const { retryAfterMs, remaining, resetInMs } = parseRateHeaders(headers, now);
    const said = retryAfterMs ?? (remaining === undefined || remaining === 0 ? resetInMs : undefined);
    const guess = this.jittered(Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** throttled));
    // Never less than said; the extra keeps many processes from coming back in the same millisecond.
    const waitMs =
      said === undefined ? guess : Math.max(250, said) + this.random() * Math.min(1_000, 100 + said * 0.05);
    return new Date(now.getTime() + waitMs);
  }

  /** Between half and all of it. */
  private jittered(ms: number): number {
    return ms * (0.5 + this.random() / 2);
  }

  private sayWait(exchange: Exchange, ms: number): void {
    if (ms < 1_000) return;
    const seconds = Math.ceil(ms / 1000);
    this.options.log.info(`Waiting ${seconds} s for ${exchange.url.host}, which limits how much we may ask.`);
  }

  private sayRetry(exchange: Pick<Exchange, 'method' | 'url'>, reason: string): void {
    this.options.log.warn(this.redact(`${exchange.method} ${exchange.url.pathname} is tried again: ${reason}`));
  }
}

class Answer implements HttpResponse {
  readonly #address: URL;
  readonly #redact: Redactor;

  constructor(
    readonly status: number,
    readonly headers: HttpResponse['headers'],
    readonly body: unknown,
    from: { readonly address: URL; readonly redact: Redactor },
  ) {
    this.#address = from.address;
    this.#redact = from.redact;
  }

  /** Few ask for it, and taking secrets out of every one costs more than reading the answer. */
  get url(): string {
    return this.#redact(this.#address.href);
  }
}

function addHeaders(headers: Record<string, string>, given: HttpRequest['headers']): void {
  if (given === undefined) return;
  for (const [name, value] of Object.entries(given)) headers[name.toLowerCase()] = value;
}

function proxyPassword(proxyUrl: string | undefined): string | undefined {
  if (proxyUrl === undefined || !URL.canParse(proxyUrl)) return undefined;
  const { password } = new URL(proxyUrl);
  return password === '' ? undefined : decodeURIComponent(password);
}
