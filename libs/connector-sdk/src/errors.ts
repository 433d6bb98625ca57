/**
 * What the host does next decides the kind:
 * - `transient`: network, timeout, 5xx. Retried with growing, jittered waits.
 * - `rate_limit`: waits until `retryAt`; does not count as an attempt.
 * - `auth`, `config`: stops the connection until its owner has fixed it.
 * - `permanent`: the item or stream is set aside with its cause; the rest goes on.
 * - `interrupted`: the process stopped or lost its lease; a successor continues.
 */
export type ErrorKind = 'transient' | 'rate_limit' | 'auth' | 'config' | 'permanent' | 'interrupted';

export interface ConnectorErrorOptions {
  /** What to do about it, in one sentence for the connection's owner. */
  readonly hint?: string;
  /** When the remote will take requests again; only with `rate_limit`. */
  readonly retryAt?: Date;
  /** JSON Pointer of the config field to fix, e.g. `/config/projects/0`. */
  readonly path?: string;
  /** The HTTP status that led here, where there was one. */
  readonly status?: number;
  readonly cause?: unknown;
}

/** The one error connectors throw. `message` is for people and carries no secrets; `cause` is for debugging. */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  readonly hint?: string;
  readonly retryAt?: Date;
  readonly path?: string;
  readonly status?: number;

  constructor(
    readonly kind: ErrorKind,
    message: string,
    options: ConnectorErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
    this.retryAt = options.retryAt;
    this.path = options.path;
    this.status = options.status;
  }

  /** An error of unknown origin is `permanent`: never retried in silence. */
  static from(error: unknown): ConnectorError {
    if (error instanceof ConnectorError) return error;
    return new ConnectorError('permanent', error instanceof Error ? error.message : String(error), { cause: error });
  }
}
