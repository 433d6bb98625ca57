import { describe, expect, it } from '@jest/globals';
import { parseRateHeaders } from './rate-headers.js';

const NOW = new Date('2026-01-01T12:00:00Z');

describe('rate limit headers', () => {
  it('reads Retry-After in seconds', () => {
    expect(parseRateHeaders({ 'retry-after': '30' }, NOW).retryAfterMs).toBe(30_000);
  });

  it("reads Retry-After as a date, by the remote's own clock", () => {
    const headers = { date: 'Thu, 01 Jan 2026 13:00:00 GMT', 'retry-after': 'Thu, 01 Jan 2026 13:00:45 GMT' };
    expect(parseRateHeaders(headers, NOW).retryAfterMs).toBe(45_000);
  });

  it('reads what is left and when the window ends', () => {
    const reset = Date.parse('2026-01-01T12:00:20Z') / 1000;
    const headers = { 'ratelimit-limit': '120', 'ratelimit-remaining': '7199', 'ratelimit-reset': String(reset) };
    expect(parseRateHeaders(headers, NOW)).toMatchObject({ remaining: 7199, resetInMs: 20_000 });
  });

  it('knows nothing from absent or senseless headers', () => {
    expect(parseRateHeaders({ 'retry-after': 'soon', 'ratelimit-reset': 'x' }, NOW)).toEqual({});
    expect(parseRateHeaders({}, NOW)).toEqual({});
  });
});
