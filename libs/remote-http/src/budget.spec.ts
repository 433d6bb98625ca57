import { describe, expect, it } from '@jest/globals';
import { fakeClock, instanceAt } from '../test/local-server.js';
import { Budget, budgetKey, type BudgetRequest, Budgets } from './budget.js';
import { InMemoryBudgetStore } from './budget-store.js';

type Clock = ReturnType<typeof fakeClock>;

function request(clock: Clock, more: Partial<BudgetRequest> = {}): BudgetRequest {
  return { signal: new AbortController().signal, giveUpAt: new Date(clock.now().getTime() + 300_000), ...more };
}

function window(clock: Clock, remaining: number, seconds: number): Record<string, string> {
  const reset = String(Math.round(clock.now().getTime() / 1000) + seconds);
  return {
    date: clock.now().toUTCString(),
    'ratelimit-limit': '120',
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': reset,
  };
}

describe('the request budget', () => {
  it('waits until the account is no longer blocked', async () => {
    const clock = fakeClock();
    const budget = new Budget('a', clock);
    await budget.block(new Date(clock.now().getTime() + 42_000));
    (await budget.enter(request(clock)))();
    expect(clock.slept).toEqual([42_000]);
  });

  it('obeys a block that another process stored', async () => {
    const clock = fakeClock();
    const store = new InMemoryBudgetStore();
    const [mine, theirs] = [new Budget('a', { ...clock, store }), new Budget('a', { ...clock, store })];
    (await mine.enter(request(clock)))();
    await theirs.block(new Date(clock.now().getTime() + 10_000));
    clock.advance(2_000);
    (await mine.enter(request(clock)))();
    expect(clock.slept).toEqual([8_000]);
  });

  it('asks the store at most every two seconds', async () => {
    const clock = fakeClock();
    let reads = 0;
    const store = { get: () => Promise.resolve(void (reads += 1)), block: () => Promise.resolve() };
    const budget = new Budget('a', { ...clock, store });
    for (let i = 0; i < 20; i += 1) {
      (await budget.enter(request(clock)))();
      clock.advance(200);
    }
    expect(reads).toBe(2);
  });

  it('gives up at once, with the time to come back, where the wait is too long', async () => {
    const clock = fakeClock();
    const budget = new Budget('a', clock);
    const until = new Date(clock.now().getTime() + 301_000);
    await budget.block(until);
    await expect(budget.enter(request(clock))).rejects.toMatchObject({ kind: 'rate_limit', retryAt: until });
    expect(clock.slept).toEqual([]);
  });

  it('spaces requests by our own ceiling', async () => {
    const clock = fakeClock();
    const budget = new Budget('a', clock);
    for (let i = 0; i < 4; i += 1) (await budget.enter(request(clock, { requestsPerMinute: 30 })))();
    expect(clock.slept).toEqual([2_000, 2_000, 2_000]);
  });

  it('runs freely while much is left, whatever RateLimit-Limit says', async () => {
    const clock = fakeClock();
    const budget = new Budget('a', clock);
    for (let left = 7_199; left > 7_100; left -= 1) {
      (await budget.enter(request(clock)))();
      budget.observe(window(clock, left, 3_000));
    }
    expect(clock.slept).toEqual([]);
  });

  it('spreads the last part of the window over the time to its reset', async () => {
    const clock = fakeClock();
    const budget = new Budget('a', clock);
    budget.observe(window(clock, 200, 60));
    budget.observe(window(clock, 10, 60));
    for (let i = 0; i < 3; i += 1) (await budget.enter(request(clock)))();
    expect(clock.slept).toEqual([6_000, 6_000]);
    clock.advance(60_000);
    (await budget.enter(request(clock)))();
    (await budget.enter(request(clock)))();
    expect(clock.slept).toHaveLength(2);
  });

  it('lets only so many in at the same time', async () => {
    const clock = fakeClock();
    const budget = new Budget('a', { ...clock, concurrency: 2 });
    const leaveFirst = await budget.enter(request(clock));
    await budget.enter(request(clock));
    let entered = false;
    const third = budget.enter(request(clock)).then((leave) => {
      entered = true;
      return leave;
    });
    await new Promise(setImmediate);
    expect(entered).toBe(false);
    leaveFirst();
    await third;
    expect(entered).toBe(true);
  });

  it('ends the wait for a place as soon as the run is stopped, and keeps the place for others', async () => {
    const clock = fakeClock();
    const budget = new Budget('a', { ...clock, concurrency: 1 });
    const leave = await budget.enter(request(clock));
    const stopped = new AbortController();
    const waiting = budget.enter(request(clock, { signal: stopped.signal }));
    stopped.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'interrupted' });
    leave();
    (await budget.enter(request(clock)))();
  });

  it('ends a real wait for the remote as soon as the run is stopped', async () => {
    const budget = new Budget('a');
    await budget.block(new Date(Date.now() + 60_000));
    const stopped = new AbortController();
    const startedAt = performance.now();
    const waiting = budget.enter({ signal: stopped.signal, giveUpAt: new Date(Date.now() + 300_000) });
    setImmediate(() => stopped.abort());
    await expect(waiting).rejects.toMatchObject({ kind: 'interrupted' });
    expect(performance.now() - startedAt).toBeLessThan(50_000);
  });
});

describe('budget keys', () => {
  it('are one for all tokens of a known account at a host', () => {
    const one = instanceAt('https://gl.example/git', { accountId: '7', credentials: { token: 'one-token' } });
    const other = instanceAt('https://gl.example/git', { accountId: '7', credentials: { token: 'other-token' } });
    expect(budgetKey(one)).toBe(budgetKey(other));
    expect(new Budgets().for(one).key).toBe('https://gl.example#7');
  });

  it('tell hosts and unknown accounts apart without showing the token', () => {
    const keys = ['https://a.example', 'https://b.example'].map((url) => budgetKey(instanceAt(url)));
    expect(new Set(keys).size).toBe(2);
    expect(keys.join()).not.toContain('secret-token-value');
    const budgets = new Budgets();
    expect(budgets.for(instanceAt('https://a.example'))).toBe(
      budgets.for(instanceAt('https://a.example', { id: 'i2' })),
    );
  });
});
