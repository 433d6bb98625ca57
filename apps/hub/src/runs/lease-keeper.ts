import { ConnectorError } from '@syncline/connector-sdk';
import { LEASE_EXTEND_EVERY_MS, LEASE_MS, type Lease, type Leases } from './leases.js';
import type { StopReason } from './outcome.js';

/**
 * Keeps a lease alive while its run lives, and tells the run to stop when it is cancelled or the lease is lost. When the
 * database does not answer, the lease counts as lost as soon as it must have expired there.
 */
export class LeaseKeeper {
  stopped: StopReason | undefined;
  private readonly abort = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private heldUntil = performance.now() + LEASE_MS;
  private asking = false;

  constructor(
    private readonly leases: Leases,
    private readonly lease: Lease,
  ) {
    this.timer = setInterval(() => void this.extend(), LEASE_EXTEND_EVERY_MS);
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  /**
   * Throws `interrupted` when less of the lease is left than a remote write may take: a fence does not stop a request that
   * is on its way, so none sets out that a successor could overtake.
   */
  assertHeldFor(ms: number): void {
    if (performance.now() + ms <= this.heldUntil && !this.signal.aborted) return;
    throw new ConnectorError('interrupted', 'Too little of the lease is left to write to the remote.');
  }

  stop(reason: StopReason): void {
    this.stopped ??= reason;
    this.abort.abort();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async extend(): Promise<void> {
    if (this.asking) {
      if (performance.now() > this.heldUntil) this.stop('lease_lost');
      return;
    }
    this.asking = true;
    const askedAt = performance.now();
    try {
      const { held, cancelRequested } = await this.leases.extend(this.lease);
      if (!held) this.stop('lease_lost');
      else this.heldUntil = askedAt + LEASE_MS;
      if (cancelRequested) this.stop('cancelled');
    } catch {
      if (performance.now() > this.heldUntil) this.stop('lease_lost');
    } finally {
      this.asking = false;
    }
  }
}
