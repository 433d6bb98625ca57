import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LeaseKeeper } from './lease-keeper.js';
import type { Leases } from './leases.js';

/** Time is the test's; the database answers what the test says. */
describe('the keeper of a lease', () => {
  let answer: () => Promise<{ held: boolean; cancelRequested: boolean }>;
  let keeper: LeaseKeeper;

  beforeEach(() => {
    jest.useFakeTimers();
    answer = () => Promise.resolve({ held: true, cancelRequested: false });
    const leases: Pick<Leases, 'extend'> = { extend: () => answer() };
    keeper = new LeaseKeeper(leases as Leases, { connectionId: 'c', runId: 'r', token: '1' });
  });
  afterEach(() => {
    keeper.close();
    jest.useRealTimers();
  });

  it('lets writes set out as long as the lease is extended', async () => {
    await jest.advanceTimersByTimeAsync(300_000);
    expect(() => keeper.assertHeldFor(20_000)).not.toThrow();
    expect(keeper.signal.aborted).toBe(false);
  });

  it('lets no write set out that may outlast the lease', async () => {
    answer = () => Promise.reject(new Error('the database is away'));
    await jest.advanceTimersByTimeAsync(9_000);
    expect(() => keeper.assertHeldFor(20_000)).not.toThrow();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(() => keeper.assertHeldFor(20_000)).toThrow('Too little of the lease is left');
    expect(keeper.signal.aborted).toBe(false);
  });

  it('stops the run once the lease must have ended at a database that does not answer', async () => {
    answer = () => new Promise(() => undefined);
    await jest.advanceTimersByTimeAsync(29_000);
    expect(keeper.stopped).toBeUndefined();
    await jest.advanceTimersByTimeAsync(7_000);
    expect(keeper.stopped).toBe('lease_lost');
  });

  it('stops the run when somebody else has the lease, or wants it cancelled', async () => {
    answer = () => Promise.resolve({ held: true, cancelRequested: true });
    await jest.advanceTimersByTimeAsync(5_000);
    expect(keeper.stopped).toBe('cancelled');
  });
});
