import { createHash } from 'node:crypto';

export interface LoggedRequest {
  readonly method: string;
  /** As sent, below `/api/v4`; the whole path where it is not under it; `/api/graphql` whatever the prefix. */
  readonly path: string;
  /** Without the leading `?`; tokens are taken out. */
  readonly query: string;
  /** The name of a GraphQL operation. */
  readonly operation?: string;
  /** What a GraphQL request asked, while it is one of the newest. */
  readonly body?: string | undefined;
  /** `GET /projects/:id/merge_requests`, or undefined where no route is. */
  readonly endpoint: string | undefined;
  /** 0 where the connection was cut instead of an answer. */
  readonly status: number;
  /** The first 12 hex digits of the SHA-256 of the presented token. */
  readonly tokenHash: string | undefined;
  readonly at: Date;
}

/** How many requests are kept; counters go on for ever. */
const kept = 200_000;

/** Of how many the body is kept. */
const keptBodies = 10_000;

/** Everything clients asked for, to be counted and looked at by tests and benchmarks. */
export class RequestLog {
  /** Requests since the last reset. */
  total = 0;
  /** Requests by endpoint since the last reset. */
  readonly byEndpoint = new Map<string, number>();
  /** Requests to paths that this simulator does not know: each is a hole here, or a mistake in the client. */
  readonly unexpected: LoggedRequest[] = [];
  private entries: LoggedRequest[] = [];
  private dropped = 0;

  get all(): readonly LoggedRequest[] {
    return this.entries;
  }

  add(request: LoggedRequest): void {
    this.total += 1;
    const endpoint = request.endpoint ?? 'unexpected';
    this.byEndpoint.set(endpoint, (this.byEndpoint.get(endpoint) ?? 0) + 1);
    if (request.endpoint === undefined) this.unexpected.push(request);
    this.entries.push(request);
    const old = this.entries.at(-1 - keptBodies);
    if (old?.body !== undefined) this.entries[this.entries.length - 1 - keptBodies] = { ...old, body: undefined };
    if (this.entries.length > kept * 1.25) {
      this.dropped += this.entries.length - kept;
      this.entries = this.entries.slice(-kept);
    }
  }

  /** A place in the log, for `since`. */
  mark(): number {
    return this.dropped + this.entries.length;
  }

  since(mark: number): readonly LoggedRequest[] {
    return this.entries.slice(Math.max(0, mark - this.dropped));
  }

  count(endpoint: string): number {
    return this.byEndpoint.get(endpoint) ?? 0;
  }

  reset(): void {
    this.total = 0;
    this.dropped = 0;
    this.entries = [];
    this.unexpected.length = 0;
    this.byEndpoint.clear();
  }
}

const hashes = new Map<string, string>();

export function tokenHash(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const known = hashes.get(value);
  if (known !== undefined) return known;
  if (hashes.size > 1000) hashes.clear();
  const hash = createHash('sha256').update(value).digest('hex').slice(0, 12);
  hashes.set(value, hash);
  return hash;
}

/** The query without secrets that clients should not have put there. */
export function loggableQuery(query: URLSearchParams): string {
  const shown = new URLSearchParams(query);
  for (const name of ['private_token', 'access_token', 'job_token']) if (shown.has(name)) shown.set(name, '[removed]');
  return shown.toString();
}
