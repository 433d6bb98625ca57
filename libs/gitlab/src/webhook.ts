import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Verification, WebhookRequest } from '@syncline/connector-sdk';

/** How old, or how far ahead, a signed delivery may be: the window of the Standard Webhooks specification. */
const WINDOW_MS = 5 * 60_000;

export interface WebhookSecrets {
  /** Sent back verbatim in `X-Gitlab-Token`. */
  readonly webhookSecret?: string;
  /** `whsec_<base64>`: the key of an HMAC over the raw body; GitLab 19 and later. */
  readonly signingToken?: string;
}

/**
 * Is this delivery from the GitLab that knows our secret? A signing token decides where the delivery is signed: a
 * signature proves the body and its time, a secret only proves the sender. Without any secret it is `unsigned`.
 */
export function verifyGitLabWebhook(request: WebhookRequest, secrets: WebhookSecrets, now: Date): Verification {
  const { webhookSecret, signingToken } = secrets;
  if (!webhookSecret && !signingToken) return { ok: true, unsigned: true };
  const isSigned = request.headers['webhook-signature'] !== undefined;
  if (signingToken && (isSigned || !webhookSecret)) return verifySignature(request, signingToken, now);
  const token = request.headers['x-gitlab-token'];
  if (token === undefined) return { ok: false, reason: 'The X-Gitlab-Token header is missing.' };
  return sameText(token, webhookSecret ?? '')
    ? { ok: true, unsigned: false }
    : { ok: false, reason: 'The X-Gitlab-Token is wrong.' };
}

function verifySignature({ headers, rawBody }: WebhookRequest, signingToken: string, now: Date): Verification {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (id === undefined || timestamp === undefined || signatures === undefined) {
    return { ok: false, reason: 'The webhook is not signed, but a signing token is set.' };
  }
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Number(timestamp) * 1000 - now.getTime()) > WINDOW_MS) {
    return { ok: false, reason: 'The webhook-timestamp is more than five minutes off.' };
  }
  const key = Buffer.from(signingToken.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(rawBody).digest('base64');
  // Several signatures while a key is being exchanged; all are compared, so that the time tells nothing.
  let matches = false;
  for (const signature of signatures.split(/\s+/)) {
    const [version, value] = [signature.slice(0, signature.indexOf(',')), signature.slice(signature.indexOf(',') + 1)];
    if (sameText(value, expected) && version === 'v1') matches = true;
  }
  return matches ? { ok: true, unsigned: false } : { ok: false, reason: 'No webhook-signature fits the body.' };
}

/** Constant time for any lengths: hashes are compared. */
function sameText(left: string, right: string): boolean {
  return timingSafeEqual(createHash('sha256').update(left).digest(), createHash('sha256').update(right).digest());
}

/**
 * The same for one delivery however often it is sent: GitLab's own key (17.4), the id of a signed delivery, else a hash
 * of the body. `X-Gitlab-Event-UUID` and `X-Gitlab-Webhook-UUID` are not: shared by chains, and new on every send.
 */
export function webhookDedupKey({ headers, rawBody }: WebhookRequest): string {
  const key = headers['idempotency-key'];
  if (key) return `key:${key.slice(0, 200)}`;
  const id = headers['webhook-id'];
  if (id) return `id:${id.slice(0, 200)}`;
  return `body:${createHash('sha256').update(rawBody).digest('hex')}`;
}

/**
 * A time from a payload, in any of the forms GitLab mixes: `2026-02-03 10:11:12 UTC`, `2021-04-28 21:50:00 +0200`, ISO
 * with `Z` or offset. Whole seconds in most; never compare it with a REST time. Undefined for null and for garbage.
 */
export function parseWebhookTime(value: unknown): Date | undefined {
  if (typeof value !== 'string') return undefined;
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(?:\.\d+)?)\s*(UTC|Z|[+-]\d{2}:?\d{2})$/.exec(value.trim());
  if (match === null) return undefined;
  const [, day, clock, zone = 'Z'] = match;
  const offset = zone === 'UTC' || zone === 'Z' ? 'Z' : zone.replace(/^([+-]\d{2}):?(\d{2})$/, '$1:$2');
  const time = new Date(`${day}T${clock}${offset}`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
