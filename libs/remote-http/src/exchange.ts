/** What goes on the wire; names of headers in lower case. */
export interface ExchangeParts {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** For everything from waiting for a connection to the end of the body. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** One exchange on the wire, without redirects, repeats or waits. A class, because axios would copy a plain object in depth. */
export class Exchange implements ExchangeParts {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;

  constructor(parts: ExchangeParts) {
    this.method = parts.method;
    this.url = parts.url;
    this.headers = parts.headers;
    this.body = parts.body;
    this.timeoutMs = parts.timeoutMs;
    this.signal = parts.signal;
  }
}
