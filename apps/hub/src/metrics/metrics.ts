import type { Stored } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the hub counts. Labels hold kinds and states, never names or ids: those have no bound. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  private readonly http = new Histogram({
    name: 'syncline_http_request_duration_seconds',
    help: 'Time to answer a request of the API.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.registry],
  });
  private readonly runs = this.counter('runs_total', 'Runs that ended, by status.', ['status']);
  private readonly events = this.counter('events_stored_total', 'Change events stored.', ['connector', 'result']);
  private readonly deliveries = this.counter('deliveries_total', 'Webhook deliveries received, by state.', ['state']);
  private readonly remote = this.counter('remote_requests_total', 'Requests sent to remote systems.', [
    'kind',
    'status',
  ]);
  private readonly leaseTakeovers = new Counter({
    name: 'syncline_lease_takeovers_total',
    help: 'Runs taken over from a process that died.',
    registers: [this.registry],
  });
  private readonly depth = new Gauge({
    name: 'syncline_queue_depth',
    help: 'Runs that wait for a worker.',
    registers: [this.registry],
  });

  /** When this process last looked at its queue; undefined until its engine works. */
  queueSeenAt: Date | undefined;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  httpRequest(method: string, route: string, status: number, seconds: number): void {
    this.http.observe({ method, route, status: String(status) }, seconds);
  }

  runEnded(status: string): void {
    this.runs.inc({ status });
  }

  eventsStored(connectorId: string, stored: Stored): void {
    for (const result of ['created', 'updated', 'unchanged'] as const) {
      if (stored[result] > 0) this.events.inc({ connector: connectorId, result }, stored[result]);
    }
  }

  delivery(state: string): void {
    this.deliveries.inc({ state });
  }

  /** `status` undefined: no answer came. */
  remoteRequest(instanceKind: string, status: number | undefined): void {
    this.remote.inc({ kind: instanceKind, status: status === undefined ? 'none' : String(status) });
  }

  takeovers(count: number): void {
    this.leaseTakeovers.inc(count);
  }

  /** Said by every look at the queue, so that it also tells that somebody looks. */
  queueDepth(count: number): void {
    this.depth.set(count);
    this.queueSeenAt = new Date();
  }

  private counter<T extends string>(name: string, help: string, labelNames: readonly T[]): Counter<T> {
    return new Counter({ name: `syncline_${name}`, help, labelNames: [...labelNames], registers: [this.registry] });
  }
}
