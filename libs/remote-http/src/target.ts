import { ConnectorError, type HttpRequest } from '@syncline/connector-sdk';

/** The instance's base: origin and path prefix without a trailing slash. */
export interface Base {
  readonly origin: string;
  readonly prefix: string;
}

export function parseBaseUrl(baseUrl: string): Base {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch (cause) {
    throw new ConnectorError('config', 'The base URL is not a URL.', {
      hint: 'Write it with its scheme, such as https://gitlab.example.com.',
      cause,
    });
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new ConnectorError('config', `The base URL must begin with https:// or http://, not ${url.protocol}//.`);
  }
  return { origin: url.origin, prefix: url.pathname.replace(/\/+$/, '') };
}

/** Where a request goes. A path is taken below the base's prefix; an absolute URL must lie below the base. */
export function resolveTarget(base: Base, request: Pick<HttpRequest, 'path' | 'query'>): URL {
  const { path } = request;
  const url = /^https?:\/\//i.test(path)
    ? new URL(path)
    : new URL(`${base.origin}${base.prefix}${path.startsWith('/') ? '' : '/'}${path}`);
  const below = base.prefix === '' || url.pathname === base.prefix || url.pathname.startsWith(`${base.prefix}/`);
  if (url.origin !== base.origin || !below) {
    throw new ConnectorError('permanent', 'A request to a place outside the instance was refused.', {
      cause: new Error(`${url.origin}${url.pathname} is not below ${base.origin}${base.prefix}`),
    });
  }
  // To set is to parse the whole again; nearly no address has any of them.
  if (url.username !== '') url.username = '';
  if (url.password !== '') url.password = '';
  if (url.hash !== '') url.hash = '';
  if (request.query !== undefined) appendQuery(url, request.query);
  return url;
}

function appendQuery(url: URL, query: NonNullable<HttpRequest['query']>): void {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    const values = typeof value === 'object' ? value : [value];
    for (const one of values) parts.push(`${encodeURIComponent(name)}=${encodeURIComponent(one)}`);
  }
  if (parts.length === 0) return;
  url.search = `${url.search === '' ? '?' : `${url.search}&`}${parts.join('&')}`;
}
