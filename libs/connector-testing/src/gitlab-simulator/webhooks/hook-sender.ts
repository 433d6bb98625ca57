import { randomUUID } from 'node:crypto';
import type { Site } from '../entities/site.js';
import type { Hook, HookEvent } from '../model/hook.js';
import type { WorldEvent } from '../world/world-event.js';
import { alertStatus, recordOutcome } from './hook-health.js';
import { hookMessage, passesBranchFilter, triggerOf, type HookMessage } from './hook-message.js';
import { signWebhook } from './signature.js';

/** A delivery that was decided but not made yet. */
interface Delivery {
  readonly hook: Hook;
  readonly message: HookMessage;
  /** The same on a resend: what receivers should deduplicate by. */
  readonly idempotencyKey: string;
}

export interface ReleaseOptions {
  /** Default `sent`: the order in which things happened. */
  readonly order?: 'sent' | 'reversed' | 'shuffled';
  /** Sends each twice, with the same idempotency key. */
  readonly duplicate?: boolean;
  /** Loses that many, from the front of the order. */
  readonly drop?: number;
}

/** How many deliveries are under way at once, as background workers would have them. */
const parallel = 20;
const keptEvents = 200;

/** Delivers hooks: in the background, once, without retry, in no promised order. */
export class HookSender {
  /** Deliveries made since the start, successful or not. */
  sent = 0;
  private readonly waiting: Delivery[] = [];
  private held: Delivery[] | undefined;
  private running = 0;
  private idleWaiters: (() => void)[] = [];
  private readonly stopping = new AbortController();

  constructor(
    private readonly site: () => Site,
    private readonly timeoutMs: number,
    private readonly autoDisable: boolean,
  ) {}

  /** Decides which hooks of the event's project hear of it. */
  announce(event: WorldEvent): void {
    const trigger = triggerOf(event);
    if (trigger === undefined || event.project.hooks.size === 0) return;
    let message: HookMessage | undefined;
    for (const hook of event.project.hooks.values()) {
      if (!hook.flags[trigger] || !passesBranchFilter(hook, event)) continue;
      message ??= hookMessage(this.site(), trigger, event);
      this.enqueue({ hook, message, idempotencyKey: randomUUID() });
    }
  }

  /** Keeps deliveries back until `release`. */
  hold(): void {
    this.held ??= [];
  }

  /** How many deliveries are kept back. */
  get holding(): number {
    return this.held?.length ?? 0;
  }

  /** Lets everything go that was kept back, in a chosen order, with losses and repeats. */
  release(options: ReleaseOptions = {}): void {
    const kept = this.held ?? [];
    this.held = undefined;
    let order = kept;
    if (options.order === 'reversed') order = [...kept].reverse();
    if (options.order === 'shuffled') order = this.site().world.core.random.shuffle(kept);
    const surviving = order.slice(options.drop ?? 0);
    const repeated = options.duplicate === true ? surviving : [];
    for (const delivery of [...surviving, ...repeated]) this.enqueue(delivery);
  }

  /** Resolves when nothing waits and nothing is under way; what is held does not count. */
  async idle(): Promise<void> {
    if (this.running === 0 && this.waiting.length === 0) return;
    await new Promise<void>((resolve) => {
      this.idleWaiters.push(resolve);
    });
  }

  async stop(): Promise<void> {
    this.waiting.length = 0;
    this.stopping.abort();
    await this.idle();
  }

  /** The test button: at once, even to a disabled hook. */
  async test(hook: Hook, message: HookMessage): Promise<HookEvent> {
    return this.post({ hook, message, idempotencyKey: randomUUID() });
  }

  /** Sends a recorded request again, with its idempotency key. */
  async resend(hook: Hook, event: HookEvent): Promise<HookEvent> {
    const { trigger, body, requestHeaders } = event;
    const message = { trigger, eventName: requestHeaders['X-Gitlab-Event'] ?? '', body };
    return this.post({ hook, message, idempotencyKey: requestHeaders['Idempotency-Key'] ?? randomUUID() });
  }

  private enqueue(delivery: Delivery): void {
    if (this.stopping.signal.aborted) return;
    if (this.held !== undefined) {
      this.held.push(delivery);
      return;
    }
    this.waiting.push(delivery);
    this.pump();
  }

  private pump(): void {
    while (this.running < parallel) {
      const next = this.waiting.shift();
      if (next === undefined) break;
      this.running += 1;
      void this.deliver(next).finally(() => {
        this.running -= 1;
        this.pump();
      });
    }
    if (this.running > 0 || this.waiting.length > 0) return;
    const waiters = this.idleWaiters;
    this.idleWaiters = [];
    for (const resolve of waiters) resolve();
  }

  private async deliver(delivery: Delivery): Promise<void> {
    const now = this.site().world.core.clock.read();
    // What happens while a hook is disabled is lost.
    if (this.autoDisable && alertStatus(delivery.hook, now) !== 'executable') return;
    await this.post(delivery);
  }

  private async post(delivery: Delivery): Promise<HookEvent> {
    const { hook, message } = delivery;
    const requestHeaders = this.headers(delivery);
    const { clock } = this.site().world.core;
    const begun = performance.now();
    let status = 'internal error';
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(this.timeoutMs), this.stopping.signal]);
      const init = { method: 'POST', headers: requestHeaders, body: message.body, redirect: 'manual', signal } as const;
      const response = await fetch(hook.url, init);
      await response.arrayBuffer();
      status = String(response.status);
    } catch {
      // Unreachable, refused, too slow: that is what `internal error` stands for.
    }
    this.sent += 1;
    recordOutcome(hook, /^[23]/.test(status), clock.read());
    const event: HookEvent = {
      id: this.site().world.core.nextId('hook_event'),
      trigger: message.trigger,
      url: hook.url,
      requestHeaders,
      body: message.body,
      responseStatus: status,
      executionDuration: (performance.now() - begun) / 1000,
      createdAt: clock.read(),
    };
    hook.events.push(event);
    if (hook.events.length > keptEvents) hook.events.shift();
    return event;
  }

  private headers({ hook, message, idempotencyKey }: Delivery): Record<string, string> {
    const site = this.site();
    const timestamp = Math.floor(site.world.core.clock.read() / 1000);
    return {
      'Content-Type': 'application/json',
      'User-Agent': `GitLab/${site.version}`,
      'Idempotency-Key': idempotencyKey,
      'X-Gitlab-Event': message.eventName,
      'X-Gitlab-Webhook-UUID': randomUUID(),
      'X-Gitlab-Instance': site.url,
      'X-Gitlab-Event-UUID': randomUUID(),
      ...(hook.token === null ? {} : { 'X-Gitlab-Token': hook.token }),
      ...(hook.signingToken === null
        ? {}
        : {
            'webhook-id': idempotencyKey,
            'webhook-timestamp': String(timestamp),
            'webhook-signature': signWebhook(hook.signingToken, idempotencyKey, timestamp, message.body),
          }),
    };
  }
}
