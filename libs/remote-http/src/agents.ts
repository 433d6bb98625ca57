import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { ConnectorError, type Instance } from '@syncline/connector-sdk';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';

export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpAgent;
}

/** More than any hub has instances; beyond it the oldest idle sockets are given up first. */
const MAX_CACHED = 100;
const cache = new Map<string, Agents>();

/** Keep-alive agents for this proxy and these certificates: connections outlive one client and are shared. */
export function agentsFor(instance: Pick<Instance, 'caCertificate' | 'proxyUrl'>, maxSockets: number): Agents {
  const identity = JSON.stringify([instance.caCertificate, instance.proxyUrl, maxSockets]);
  const key = createHash('sha256').update(identity).digest('base64');
  let agents = cache.get(key);
  if (agents === undefined) {
    agents = createAgents(instance, maxSockets);
    const oldest = cache.size >= MAX_CACHED ? cache.keys().next().value : undefined;
    if (oldest !== undefined) cache.delete(oldest);
  } else {
    cache.delete(key);
  }
  cache.set(key, agents);
  return agents;
}

function createAgents(instance: Pick<Instance, 'caCertificate' | 'proxyUrl'>, maxSockets: number): Agents {
  const pool = { keepAlive: true, maxSockets, maxFreeSockets: maxSockets };
  // A secure context is parsed once; a `ca` list would be parsed per connection and hashed into every pool key.
  const trust = instance.caCertificate === undefined ? {} : { secureContext: trusting(instance.caCertificate) };
  if (instance.proxyUrl === undefined)
    return { http: new HttpAgent(pool), https: new HttpsAgent({ ...pool, ...trust }) };
  const proxy = parseProxy(instance.proxyUrl);
  return { http: new HttpProxyAgent(proxy, pool), https: new TunnelAgent(proxy, pool, trust) };
}

/** HttpsProxyAgent uses its options for the connection to the proxy only; whom to trust concerns the far end. */
class TunnelAgent extends HttpsProxyAgent<string> {
  constructor(
    proxy: URL,
    pool: AgentOptions,
    private readonly trust: { readonly secureContext?: SecureContext },
  ) {
    super(proxy, pool);
  }

  override connect(...[request, options]: Parameters<HttpsProxyAgent<string>['connect']>): Promise<Socket> {
    return super.connect(request, { ...options, ...this.trust });
  }
}

function trusting(certificate: string): SecureContext {
  if (!certificate.includes('-----BEGIN CERTIFICATE-----')) throw badCertificate(undefined);
  const extra = process.env['NODE_EXTRA_CA_CERTS'];
  try {
    const ca = [...rootCertificates, certificate];
    if (extra) ca.push(readFileSync(extra, 'utf8'));
    return createSecureContext({ ca });
  } catch (cause) {
    throw badCertificate(cause);
  }
}

function badCertificate(cause: unknown): ConnectorError {
  return new ConnectorError('config', 'The CA certificate of the instance cannot be read.', {
    hint: 'Paste the PEM text of the certificate authority, from BEGIN CERTIFICATE to END CERTIFICATE.',
    cause,
  });
}

function parseProxy(proxyUrl: string): URL {
  try {
    const url = new URL(proxyUrl);
    if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  } catch {
    // Said below, without the text: it may hold a password.
  }
  throw new ConnectorError('config', 'The proxy URL of the instance is not an http:// or https:// URL.', {
    hint: 'Write it as http://proxy.example:3128.',
  });
}
