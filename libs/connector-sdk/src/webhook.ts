import type { JsonObject } from './json.js';
import type { Transition } from './events.js';
import type { Wake } from './session.js';

/** A delivery as it arrived. Signatures cover the raw bytes. */
export interface WebhookRequest {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody: Uint8Array;
}

export type Verification =
  /** `unsigned`: the connection has no secret; the delivery counts as a wake-up only. */
  { readonly ok: true; readonly unsigned: boolean } | { readonly ok: false; readonly reason: string };

/** What a verified delivery says. */
export interface IdentifiedWebhook {
  /** The remote's word for it, e.g. `Merge Request Hook`. */
  readonly event: string;
  /** The same for the same delivery sent again: the remote's delivery id, else a hash of the body. */
  readonly dedupKey: string;
  /** The project (or other container) the payload speaks of. */
  readonly scope?: string;
  readonly scopePath?: string;
  /** Empty: nothing here concerns us; the delivery is stored as `ignored`. */
  readonly wakes: readonly Wake[];
  /** Statuses the payload proves about objects; added to what is known once the object itself has been read. */
  readonly transitions: readonly { readonly eventId: string; readonly transition: Transition }[];
  /** Why it is ignored, where it is. */
  readonly reason?: string;
  /** The payload to keep, without secrets (variable values, tokens). */
  readonly payload: JsonObject;
}

/** Turns a remote's pushes into wakes. Pure: no requests, no storage; the host stores and answers. */
export interface WebhookIntake<TConfig> {
  verify(request: WebhookRequest, config: TConfig, now: Date): Verification;
  /** Only called for a verified delivery. Throws `ConnectorError('permanent')` for a body that is not readable. */
  identify(request: WebhookRequest, config: TConfig): IdentifiedWebhook;
}
