import { describe, expect, it } from '@jest/globals';
import { judge } from './health.js';

const now = new Date('2026-01-01T00:00:00Z');
const before = { state: 'ok' as const, failures: 0 };
const failedWith = (
  kind: 'transient' | 'auth' | 'config' | 'permanent' | 'rate_limit' | 'interrupted',
  retryAt?: Date,
) => ({
  status: 'failed' as const,
  error: { kind, message: 'm' },
  retryAt,
});

describe('the verdict on a connection', () => {
  it('is well after a whole run', () => {
    expect(judge({ status: 'succeeded' }, { state: 'failing', failures: 7 }, now, () => 0.5)).toEqual({
      state: 'ok',
      failures: 0,
      retryAt: undefined,
    });
  });

  it('does not become well by a run that only followed a webhook', () => {
    const ill = { state: 'needs_attention' as const, failures: 0 };
    expect(judge({ status: 'succeeded', wakeOnly: true }, ill, now, () => 0.5)).toMatchObject(ill);
    expect(judge({ status: 'succeeded', wakeOnly: true }, before, now, () => 0.5)).toMatchObject(before);
  });

  it('becomes well by a retry of the last item that was wrong with it', () => {
    const ill = { state: 'needs_attention' as const, failures: 0, itemsOnly: true };
    const retried = { status: 'succeeded' as const, wakeOnly: true };
    expect(judge({ ...retried, waitingItems: 0 }, ill, now, () => 0.5)).toMatchObject({ state: 'ok', failures: 0 });
    expect(judge({ ...retried, waitingItems: 1 }, ill, now, () => 0.5)).toMatchObject({
      state: 'needs_attention',
      saysNothing: true,
    });
    const more = { ...ill, itemsOnly: false };
    expect(judge({ ...retried, waitingItems: 0 }, more, now, () => 0.5)).toMatchObject({ state: 'needs_attention' });
  });

  it('is not forgotten over an item that a webhook named', () => {
    const ill = { state: 'failing' as const, failures: 3 };
    const named = { status: 'partial' as const, wakeOnly: true, itemsOnly: true as const };
    expect(judge(named, ill, now, () => 0.5)).toMatchObject({ ...ill, saysNothing: true });
    expect(judge(named, before, now, () => 0.5)).toMatchObject({ state: 'needs_attention' });
  });

  it('does not change for what somebody asked for and cannot be', () => {
    const odd = { ...failedWith('permanent'), path: '/params/ref' };
    expect(judge(odd, before, now, () => 0.5)).toMatchObject({ ...before, saysNothing: true });
    expect(judge({ ...odd, path: '/config/azure' }, before, now, () => 0.5)).toMatchObject({ state: 'failing' });
  });

  it('stops for good when only its owner can help', () => {
    expect(judge(failedWith('auth'), before, now, () => 0.5)).toMatchObject({
      state: 'needs_attention',
      retryAt: null,
    });
    expect(judge(failedWith('config'), before, now, () => 0.5)).toMatchObject({
      state: 'needs_attention',
      retryAt: null,
    });
  });

  it('looks again once an hour where what has worked before looks misconfigured', () => {
    const worked = { ...before, hasSucceeded: true };
    expect(judge(failedWith('config'), worked, now, () => 0.5)).toMatchObject({
      state: 'needs_attention',
      retryAt: new Date('2026-01-01T01:00:00Z'),
    });
    expect(judge(failedWith('auth'), worked, now, () => 0.5)).toMatchObject({ retryAt: null });
  });

  it('waits longer after each fault of the network, with jitter, and at most an hour and a quarter', () => {
    const wait = (failures: number, random: number) =>
      judge(failedWith('transient'), { state: 'failing', failures }, now, () => random).retryAt!.getTime() -
      now.getTime();
    expect(wait(0, 0.5)).toBe(30_000);
    expect(wait(3, 0.5)).toBe(240_000);
    expect(wait(0, 0)).toBeLessThan(wait(0, 0.99));
    expect(wait(50, 0.99)).toBeLessThanOrEqual(75 * 60_000);
  });

  it('waits as long as the remote asks, which is no failure', () => {
    const retryAt = new Date('2026-01-01T00:07:00Z');
    expect(judge(failedWith('rate_limit', retryAt), before, now, () => 0.5)).toEqual({
      state: 'ok',
      failures: 0,
      retryAt,
    });
  });

  it('is not well after a run that set something aside', () => {
    const outcome = { status: 'partial' as const, error: { kind: 'permanent' as const, message: 'm' } };
    expect(judge(outcome, before, now, () => 0.5)).toMatchObject({ state: 'needs_attention', retryAt: undefined });
  });

  it('does not change for a run that was cancelled or interrupted', () => {
    expect(judge({ status: 'cancelled' }, before, now, () => 0.5)).toMatchObject(before);
    expect(judge(failedWith('interrupted'), before, now, () => 0.5)).toMatchObject(before);
  });
});
