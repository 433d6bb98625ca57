import { createHash } from 'node:crypto';
import { ConnectorError, type Instance } from '@syncline/connector-sdk';
import { type BudgetStore, InMemoryBudgetStore } from './budget-store.js';
import { parseRateHeaders } from './rate-headers.js';
import { Slots } from './slots.js';
import { type Sleep, sleep } from './wait.js';

/** How long a shared `blocked until` may be believed without asking the store again. */
const SHARED_READ_MS = 2_000;
/** The part of a window we keep back and spread over its rest. */
const RESERVE_SHARE = 0.1;
const RESERVE_MIN = 16;

export interface BudgetOptions {
  readonly store?: BudgetStore;
  /** Requests at the same time; default 8. */
  readonly concurrency?: number;
  readonly now?: () => Date;
  readonly sleep?: Sleep;
}

export interface BudgetRequest {
  readonly signal: AbortSignal;
  /** A block that ends later than this is an error, not a wait. */
  readonly giveUpAt: Date;
  /** Our own ceiling; undefined: none. */
  readonly requestsPerMinute?: number;
  /** Told before each wait. */
  readonly onWait?: (ms: number) => void;
}

/**
 * What one account may ask of one remote. Limits belong to accounts, so all clients of one account share one budget,
 * and budgets of several processes share their blocks through a store. It spaces requests by our own ceiling, spreads
 * the last part of the remote's window over the time to its reset, and stands still while the account is blocked.
 */
export class Budget {
  readonly concurrency: number;
  private readonly store: BudgetStore;
  private readonly now: () => Date;
  private readonly sleep: Sleep;
  private readonly slots: Slots;
  private blockedUntil = 0;
  private sharedReadAt = Number.NEGATIVE_INFINITY;
  private sharedRead: Promise<void> | undefined;
  private nextAt = 0;
  private readonly leave = (): void => this.slots.release();
  private window: { endsAt: number; highest: number; spacingMs: number } | undefined;

  constructor(
    readonly key: string,
    options: BudgetOptions = {},
  ) {
    this.store = options.store ?? new InMemoryBudgetStore();
    this.concurrency = options.concurrency ?? 8;
    this.now = options.now ?? (() => new Date());
    this.sleep = options.sleep ?? sleep;
    this.slots = new Slots(this.concurrency);
  }

  /**
   * Resolves when a request may start; call the returned function when it is over. Throws `rate_limit` with `retryAt`
   * where the remote's block outlasts `giveUpAt`, `interrupted` when the signal fires, also while waiting.
   */
  async enter(request: BudgetRequest): Promise<() => void> {
    await this.slots.take(request.signal);
    try {
      if (!this.isClear()) await this.waitForBlock(request);
      const waitMs = this.reserve(request);
      if (waitMs > 0) {
        request.onWait?.(waitMs);
        await this.sleep(waitMs, request.signal);
        await this.waitForBlock(request);
      }
    } catch (error) {
      this.slots.release();
      throw error;
    }
    return this.leave;
  }

  /** Learns from an answer's headers. Does not judge the status: a 429 is the client's to count and to block for. */
  observe(headers: Readonly<Record<string, string>>): void {
    if (headers['ratelimit-remaining'] === undefined && headers['x-ratelimit-remaining'] === undefined) return;
    const now = this.now();
    const { remaining, resetInMs } = parseRateHeaders(headers, now);
    if (remaining === undefined || resetInMs === undefined) return;
    const endsAt = now.getTime() + resetInMs;
    const sameWindow = this.window !== undefined && Math.abs(this.window.endsAt - endsAt) < 5_000;
    const highest = Math.max(remaining, sameWindow && this.window ? this.window.highest : 0);
    const reserve = Math.max(RESERVE_MIN, highest * RESERVE_SHARE);
    const spacingMs = remaining >= reserve ? 0 : resetInMs / Math.max(1, remaining);
    this.window = { endsAt, highest, spacingMs };
  }

  /** The remote takes nothing from this account until then; tells all processes. */
  async block(until: Date): Promise<void> {
    this.blockedUntil = Math.max(this.blockedUntil, until.getTime());
    await this.shared(() => this.store.block(this.key, until));
  }

  /** Nothing is known that blocks the account, and nothing needs to be asked. */
  private isClear(): boolean {
    const now = this.now().getTime();
    return this.blockedUntil <= now && now - this.sharedReadAt < SHARED_READ_MS;
  }

  private async waitForBlock(request: BudgetRequest): Promise<void> {
    for (;;) {
      await this.readShared();
      const now = this.now().getTime();
      const waitMs = this.blockedUntil - now;
      if (waitMs <= 0) return;
      if (this.blockedUntil > request.giveUpAt.getTime()) throw tooLong(new Date(this.blockedUntil));
      request.onWait?.(waitMs);
      await this.sleep(waitMs, request.signal);
    }
  }

  /** Takes the next free moment of our own pace and of the remote's window; returns the time to it. */
  private reserve(request: BudgetRequest): number {
    const now = this.now().getTime();
    if (this.window !== undefined && this.window.endsAt <= now) this.window = undefined;
    const ownMs = request.requestsPerMinute ? 60_000 / request.requestsPerMinute : 0;
    const windowMs = this.window?.spacingMs ?? 0;
    const spacingMs = Math.max(ownMs, windowMs);
    if (spacingMs === 0) return 0;
    const startAt = Math.max(now, this.nextAt);
    if (windowMs > ownMs && startAt > request.giveUpAt.getTime())
      throw tooLong(new Date(this.window?.endsAt ?? startAt));
    this.nextAt = startAt + spacingMs;
    return startAt - now;
  }

  private async readShared(): Promise<void> {
    if (this.now().getTime() - this.sharedReadAt < SHARED_READ_MS) return;
    this.sharedRead ??= this.shared(async () => {
      const until = await this.store.get(this.key);
      if (until !== undefined) this.blockedUntil = Math.max(this.blockedUntil, until.getTime());
      this.sharedReadAt = this.now().getTime();
    }).finally(() => {
      this.sharedRead = undefined;
    });
    await this.sharedRead;
  }

  private async shared(call: () => Promise<void>): Promise<void> {
    try {
      await call();
    } catch (cause) {
      throw new ConnectorError('transient', 'The shared request budget could not be reached.', { cause });
    }
  }
}

function tooLong(retryAt: Date): ConnectorError {
  return new ConnectorError('rate_limit', `The remote system asks us to wait until ${retryAt.toISOString()}.`, {
    retryAt,
    hint: 'Nothing to do: the next run starts when the remote takes requests again. A lower request rate or a longer interval avoids it.',
  });
}

/** Names an account at a host: remotes limit accounts, so two tokens of one account share a key once it is known. */
export function budgetKey(instance: Instance): string {
  const { origin } = new URL(instance.baseUrl);
  if (instance.accountId !== undefined) return `${origin}#${instance.accountId}`;
  const { token, username, password, apiKey } = instance.credentials;
  const secrets = JSON.stringify([token, username, password, apiKey]);
  return `${origin}#${createHash('sha256').update(secrets).digest('hex').slice(0, 16)}`;
}

/** The budgets of a process: one per account and host, made on first use. */
export class Budgets {
  private readonly budgets = new Map<string, Budget>();

  constructor(private readonly options: BudgetOptions = {}) {}

  for(instance: Instance): Budget {
    const key = budgetKey(instance);
    let budget = this.budgets.get(key);
    if (budget === undefined) {
      budget = new Budget(key, this.options);
      this.budgets.set(key, budget);
    }
    return budget;
  }
}
