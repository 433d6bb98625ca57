import { ConnectorError, type JsonObject } from '@syncline/connector-sdk';

/** The body of a delivery. Throws `permanent` for what is no JSON object. */
export function parseWebhookBody(rawBody: Uint8Array): JsonObject {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody));
  } catch (cause) {
    throw new ConnectorError('permanent', 'The delivery is not JSON', { cause });
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as JsonObject;
  throw new ConnectorError('permanent', 'The delivery is not a JSON object');
}

/** A part of a payload; empty where there is none. */
export function payloadObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** A text or a number as text; undefined for everything else, and for an empty text. */
export function payloadText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
