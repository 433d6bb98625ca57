import type { WebhookRequest } from '@syncline/connector-sdk';
import { raw, type Request } from 'express';
import { Problem } from '../http/problem.js';
import type { ReceivedView } from './delivery-view.js';
import type { Received } from './webhook-receiver.js';

/** GitLab's own cap on a payload: it does not send more. */
const LARGEST_DELIVERY = '25mb';

/** The body parser of routes that take deliveries: signatures are over the bytes as they came. */
export const deliveryBytes = raw({ type: () => true, limit: LARGEST_DELIVERY });

/** A delivery as connectors read it. */
export function webhookRequest(request: Request): WebhookRequest {
  return { headers: headersOf(request), rawBody: bodyOf(request) };
}

/** What the remote is answered. Throws a `Problem` 401 or 404. */
export function answerTo(received: Received, connectionId: string): ReceivedView {
  switch (received.outcome) {
    case 'stored':
      return { id: received.id };
    case 'refused':
      throw Problem.unauthorized(received.reason);
    case 'no_webhooks':
      throw Problem.notFound(`webhook for connection ${connectionId}: its connector takes none`);
  }
}

function headersOf(request: Request): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

/** A body parser made bytes of it; a request without a body has none. */
function bodyOf(request: Request): Uint8Array {
  const body: unknown = request.body;
  return body instanceof Uint8Array || Buffer.isBuffer(body) ? body : new Uint8Array();
}
