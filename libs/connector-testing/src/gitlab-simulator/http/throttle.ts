import { textReply, type Reply } from './reply.js';

export interface RateLimit {
  readonly limit: number;
  readonly periodSeconds: number;
}

/**
 * GitLab's HTTP throttle per user. Windows are aligned to the epoch. `RateLimit-Limit` is normalised to a minute, the
 * other numbers count the real window: that is GitLab's, not ours.
 * Source: lib/gitlab/rack_attack/request_throttle_data.rb
 */
export class Throttle {
  private readonly observed = new Map<string, { window: number; count: number }>();

  constructor(
    private readonly rateLimit: RateLimit,
    private readonly now: () => number,
  ) {}

  /** Counts one request of this client and tells the headers, and the refusal if it was one too many. */
  observe(client: string): { headers: Record<string, string>; refusal?: Reply } {
    const { limit, periodSeconds } = this.rateLimit;
    const seconds = Math.floor(this.now() / 1000);
    const window = Math.floor(seconds / periodSeconds);
    const known = this.observed.get(client);
    const entry = known?.window === window ? known : { window, count: 0 };
    entry.count += 1;
    this.observed.set(client, entry);
    const retryAfter = periodSeconds - (seconds % periodSeconds);
    const headers = {
      'RateLimit-Limit': String(Math.ceil((limit * 60) / periodSeconds)),
      'RateLimit-Name': 'throttle_authenticated_api',
      'RateLimit-Observed': String(entry.count),
      'RateLimit-Remaining': String(Math.max(0, limit - entry.count)),
      'RateLimit-Reset': String(seconds + retryAfter),
    };
    if (entry.count <= limit) return { headers };
    return { headers, refusal: throttled(headers, seconds, retryAfter) };
  }
}

export function throttled(headers: Readonly<Record<string, string>>, nowSeconds: number, retryAfter: number): Reply {
  return textReply('Retry later\n', 429, {
    ...headers,
    'Retry-After': String(retryAfter),
    'RateLimit-ResetTime': new Date((nowSeconds + retryAfter) * 1000).toUTCString(),
  });
}
