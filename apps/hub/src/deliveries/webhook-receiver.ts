import { createHash } from 'node:crypto';
import {
  ConnectorError,
  type IdentifiedWebhook,
  type Verification,
  type WebhookIntake,
  type WebhookRequest,
} from '@syncline/connector-sdk';
import { createRedactor } from '@syncline/remote-http';
import { Injectable } from '@nestjs/common';
import { ConnectionSource, type ResolvedConnection } from '../connections/connection-source.js';
import { HubLog } from '../logging/hub-log.js';
import { Metrics } from '../metrics/metrics.js';
import { RunTriggers } from '../runs/run-triggers.js';
import { WakeUps } from '../runs/wake-ups.js';
import { redactJson } from '../runs/redact-json.js';
import { DeliveryStore, type NewDelivery } from './delivery-store.js';

/** A changed secret takes effect within this time; asking per delivery would cost more than the delivery. */
const CONNECTION_CACHE_MS = 2_000;
/** Deliveries of one moment share one run. */
const WAKE_DELAY_MS = 300;

export type Received =
  | { readonly outcome: 'stored'; readonly id: string }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'no_webhooks' };

/** Takes deliveries: verify, store, answer. Reading what they name is the run's work. */
@Injectable()
export class WebhookReceiver {
  private readonly known = new Map<string, { until: number; connection: Promise<ResolvedConnection> }>();

  constructor(
    private readonly connections: ConnectionSource,
    private readonly deliveries: DeliveryStore,
    private readonly triggers: RunTriggers,
    private readonly wakeUps: WakeUps,
    private readonly hubLog: HubLog,
    private readonly metrics: Metrics,
  ) {}

  async receive(connectionId: string, request: WebhookRequest): Promise<Received> {
    const connection = await this.connection(connectionId);
    const { webhook } = connection.connector;
    if (webhook === undefined) return { outcome: 'no_webhooks' };
    const verification = webhook.verify(request, connection.config, new Date());
    if (!verification.ok) {
      this.metrics.delivery('refused');
      return { outcome: 'refused', reason: verification.reason };
    }
    const delivery = this.identify(webhook, request, connection);
    // Anybody could have sent it: it may make us look, but what it claims is not believed.
    if (verification.unsigned) delivery.identified = { ...delivery.identified, transitions: [], payload: {} };
    const { id, duplicate } = await this.deliveries.store(connectionId, delivery);
    this.metrics.delivery(duplicate ? 'duplicate' : delivery.state);
    if (!duplicate && delivery.state === 'pending' && connection.enabled) this.wake(connectionId);
    return { outcome: 'stored', id };
  }

  /** Whether a connection would take this delivery; undefined where its connector takes none. */
  async verify(connectionId: string, request: WebhookRequest): Promise<Verification | undefined> {
    const { connector, config } = await this.connection(connectionId);
    return connector.webhook?.verify(request, config, new Date());
  }

  private identify(
    webhook: WebhookIntake<ResolvedConnection['config']>,
    request: WebhookRequest,
    connection: ResolvedConnection,
  ): NewDelivery {
    try {
      const identified = webhook.identify(request, connection.config);
      const payload = redactJson(identified.payload, createRedactor(connection.secrets));
      const ignored = identified.wakes.length === 0;
      return {
        identified: { ...identified, payload },
        state: ignored ? 'ignored' : 'pending',
        error: ignored && identified.reason ? { kind: 'permanent', message: identified.reason } : undefined,
      };
    } catch (error) {
      // Answered with 2xx all the same: remotes switch hooks off that answer 4xx, and the poll finds what this one named.
      const { kind, message } = ConnectorError.from(error);
      return { identified: unreadable(request), state: 'failed', error: { kind, message } };
    }
  }

  private wake(connectionId: string): void {
    this.wakeUps.debounce(connectionId, WAKE_DELAY_MS, () => {
      this.triggers.followDeliveries([connectionId]).catch((error: unknown) => {
        this.hubLog.warn({ err: error, connectionId }, 'a webhook could not queue its run; the tick will');
      });
    });
  }

  private connection(id: string): Promise<ResolvedConnection> {
    const now = Date.now();
    const cached = this.known.get(id);
    if (cached && cached.until > now) return cached.connection;
    for (const [other, { until }] of this.known) if (until <= now) this.known.delete(other);
    const connection = this.connections.resolve(id);
    this.known.set(id, { until: now + CONNECTION_CACHE_MS, connection });
    connection.catch(() => this.known.delete(id));
    return connection;
  }
}

function unreadable(request: WebhookRequest): IdentifiedWebhook {
  return {
    event: 'unreadable',
    dedupKey: `sha256:${createHash('sha256').update(request.rawBody).digest('hex')}`,
    wakes: [],
    transitions: [],
    payload: {},
  };
}
