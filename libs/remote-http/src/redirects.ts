import { ConnectorError } from '@syncline/connector-sdk';
import { Exchange } from './exchange.js';
import type { RawAnswer } from './raw-answer.js';
import type { Transport } from './transport.js';

const MAX_REDIRECTS = 5;
const STATUSES = new Set([301, 302, 303, 307, 308]);
/** All that another origin gets to see of us. */
const HARMLESS_HEADERS = new Set(['accept', 'accept-encoding', 'user-agent', 'range']);

export interface RoutedAnswer extends RawAnswer {
  readonly url: URL;
}

/** Does this answer ask to look elsewhere, and may that be done? */
export function isRedirect({ method }: Exchange, { status, headers }: RawAnswer): boolean {
  return STATUSES.has(status) && headers['location'] !== undefined && (method === 'GET' || method === 'HEAD');
}

/**
 * Follows redirects of reads, from the first answer on. On the same origin with everything; to another origin (object
 * storage) without credentials and without any header of ours that could hold one; never from https to http. A redirected
 * write is returned as it is: sending it elsewhere, or turned into a GET, is not what the caller asked for.
 */
export async function follow(transport: Transport, first: Exchange, answered: RawAnswer): Promise<RoutedAnswer> {
  let exchange = first;
  let answer = answered;
  for (let redirects = 0; isRedirect(exchange, answer); redirects += 1) {
    if (redirects === MAX_REDIRECTS) {
      throw new ConnectorError('permanent', `${first.url.host} redirects more than ${MAX_REDIRECTS} times.`);
    }
    exchange = redirected(exchange, answer.headers['location'] ?? '', first.url.origin);
    answer = await transport.send(exchange);
  }
  return { ...answer, url: exchange.url };
}

function redirected(from: Exchange, location: string, home: string): Exchange {
  const url = parseLocation(from.url, location);
  if (from.url.protocol === 'https:' && url.protocol === 'http:') {
    throw new ConnectorError('config', `${from.url.host} redirects from https to http, which was refused.`, {
      hint: "Check the external URL in the server's settings.",
    });
  }
  if (
    from.url.origin === home &&
    from.url.protocol === 'http:' &&
    url.protocol === 'https:' &&
    url.hostname === from.url.hostname
  ) {
    throw new ConnectorError('config', `${from.url.host} wants https.`, {
      hint: `Begin the base URL with https://${url.host}.`,
      path: '/baseUrl',
    });
  }
  if (url.origin === home && from.url.origin === home) return new Exchange({ ...from, url });
  const headers = Object.fromEntries(
    Object.entries(from.headers).filter(([name]) => HARMLESS_HEADERS.has(name.toLowerCase())),
  );
  return new Exchange({ ...from, url, headers });
}

function parseLocation(base: URL, location: string): URL {
  let url: URL | undefined;
  try {
    url = new URL(location, base);
  } catch {
    url = undefined;
  }
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new ConnectorError('permanent', `${base.host} redirects to something that is not a web address.`);
  }
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}
