/** What an answer says about the remote's limits. Absent headers are the normal case on self-managed servers. */
export interface RateHeaders {
  /** From `Retry-After`, in seconds or as an HTTP date. */
  readonly retryAfterMs?: number;
  /** From `RateLimit-Remaining`: requests left in the window, in the same unit as the window. */
  readonly remaining?: number;
  /** From `RateLimit-Reset` (Unix seconds, by the remote's clock): time until the window ends. */
  readonly resetInMs?: number;
}

/**
 * Reads the limits of an answer. Times are made relative to the answer's own `Date`, so that a wrong clock on either
 * side does no harm. `RateLimit-Limit` is not read: GitLab normalises it to a minute while `Remaining` counts the real
 * window (gitlabhq/gitlabhq lib/gitlab/rack_attack/request_throttle_data.rb).
 */
export function parseRateHeaders(headers: Readonly<Record<string, string>>, now: Date): RateHeaders {
  const remoteNow = parseHttpDate(headers['date']) ?? now.getTime();
  const reset = parseCount(headers['ratelimit-reset'] ?? headers['x-ratelimit-reset']);
  return {
    retryAfterMs: parseRetryAfter(headers['retry-after'], remoteNow),
    remaining: parseCount(headers['ratelimit-remaining'] ?? headers['x-ratelimit-remaining']),
    resetInMs: reset === undefined ? undefined : resetInMs(reset, remoteNow),
  };
}

/** Servers that follow the IETF draft send seconds to go instead of a time; no server counts 30 years of them. */
function resetInMs(reset: number, remoteNow: number): number {
  const isTime = reset > 1_000_000_000;
  return Math.max(0, isTime ? reset * 1000 - remoteNow : reset * 1000);
}

function parseRetryAfter(value: string | undefined, remoteNow: number): number | undefined {
  if (value === undefined) return undefined;
  const seconds = parseCount(value);
  if (seconds !== undefined) return seconds * 1000;
  const date = parseHttpDate(value);
  return date === undefined ? undefined : Math.max(0, date - remoteNow);
}

function parseCount(value: string | undefined): number | undefined {
  if (value === undefined || !/^\d+(\.\d+)?$/.test(value.trim())) return undefined;
  return Number(value);
}

function parseHttpDate(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}
