import type { Connector, WebhookRequest } from '@syncline/connector-sdk';
import type { VirtualClock } from '../memory-host/virtual-clock.js';

/** Deliveries of the remote system, as they arrive. `config` of the world holds the secrets they are signed with. */
export interface WebhookSamples {
  /** A delivery that concerns the connection and names an object of the world. */
  readonly delivery: WebhookRequest;
  /** The same delivery, signed with another secret. */
  readonly wrongSecret: WebhookRequest;
  /** A rightly signed delivery of an event the connector has no use for. */
  readonly unknownEvent: WebhookRequest;
}

/** A remote system with a few objects of each kind; more than one page of something shows more. */
export interface ContractWorld<TConfig> {
  /** A config that reaches the world, with whole instances as the host would hand them over. */
  readonly config: TConfig;
  /** Changes some objects and adds some; the clock has moved on since the last sync. */
  readonly change?: () => Promise<void>;
  /** Required where the connector has the webhook port. */
  readonly webhook?: WebhookSamples;
  stop(): Promise<void>;
}

/**
 * What a connector's spec gives to `connectorContract`. The kit brings the rest: a host in memory, a clock that moves
 * only when somebody waits, and a proxy before each instance that refuses, delays and cuts answers.
 */
export interface ContractFixture<TConfig> {
  /** Shown in the test report. */
  readonly name: string;
  readonly connector: Connector<TConfig>;
  /** metadata.json, parsed and not yet trusted. */
  readonly metadata: unknown;
  /** Starts a remote system that tells the time by this clock. Called for each test. */
  makeWorld(clock: VirtualClock): Promise<ContractWorld<TConfig>>;
}

/** One promise of the contract. */
export interface ContractCase {
  readonly name: string;
  run(): Promise<void>;
}
