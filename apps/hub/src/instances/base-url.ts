/**
 * The address of a remote system: absolute, without a trailing slash, with its path prefix. The tail of an API address
 * (`/api/v4`), which people copy along, is taken off. Answers what is wrong with it otherwise.
 */
export function normaliseBaseUrl(text: string): { readonly baseUrl: string } | { readonly problem: string } {
  const trimmed = text.trim();
  if (!/^https?:\/\//i.test(trimmed) || !URL.canParse(trimmed)) {
    return { problem: 'must be an address that starts with https:// or http://' };
  }
  const url = new URL(trimmed);
  if (url.username !== '' || url.password !== '') {
    return { problem: 'must not hold a user or password; those belong into credentials' };
  }
  if (url.search !== '' || url.hash !== '') return { problem: 'must not hold a query or fragment' };
  const path = url.pathname
    .replace(/\/+$/, '')
    .replace(/\/api\/v\d+$/, '')
    .replace(/\/+$/, '');
  return { baseUrl: url.origin + path };
}

/** The address of an http proxy; it may carry a user and a password. */
export function normaliseProxyUrl(text: string): { readonly proxyUrl: string } | { readonly problem: string } {
  const trimmed = text.trim();
  if (!/^https?:\/\//i.test(trimmed) || !URL.canParse(trimmed)) {
    return { problem: 'must be an address such as http://proxy.example:3128' };
  }
  return { proxyUrl: trimmed.replace(/\/+$/, '') };
}

/** For reading: the password, if any, as stars. */
export function maskProxyUrl(proxyUrl: string): string {
  const url = new URL(proxyUrl);
  if (url.password === '') return proxyUrl;
  url.password = '***';
  return url.href.replace(/\/$/, '');
}
