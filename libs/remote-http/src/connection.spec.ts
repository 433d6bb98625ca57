import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Certificates, makeCertificates } from '../test/certificates.js';
import {
  clientFor,
  closeServer,
  instanceAt,
  json,
  listen,
  type LocalServer,
  startServer,
} from '../test/local-server.js';

const certificates: Certificates | undefined = makeCertificates();
if (certificates === undefined)
  process.stdout.write('NOT RUN: TLS tests of remote-http, because there is no openssl program.\n');
const get = { method: 'GET', path: '/' } as const;

/** A forward proxy that asks for a password and counts what passes. */
async function startProxy(): Promise<{ port: number; passed: string[]; close(): Promise<void> }> {
  const passed: string[] = [];
  const tunnels = new Set<Socket>();
  const expected = `Basic ${Buffer.from('joe:proxy-password').toString('base64')}`;
  const server = createServer((request, response) => {
    if (request.headers['proxy-authorization'] !== expected) return void response.writeHead(407).end();
    passed.push(`${request.method} ${request.url}`);
    json(response, 200, { via: 'proxy' });
  });
  server.on('connect', (request, socket: Socket) => {
    if (request.headers['proxy-authorization'] !== expected)
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    passed.push(`CONNECT ${request.url}`);
    tunnels.add(socket);
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    const end = (): void => void (socket.destroy(), upstream.destroy());
    upstream.on('error', end);
    socket.on('error', end);
  });
  return { port: await listen(server), passed, close: () => closeServer(server, tunnels) };
}

describe('a connection that fails', () => {
  it('says that the host name is not known', async () => {
    const { client } = clientFor('http://no-such-host.invalid');
    await expect(client.request(get)).rejects.toMatchObject({
      kind: expect.stringMatching(/config|transient/),
      message: expect.stringContaining('no-such-host.invalid'),
    });
  });

  it('says that the server refuses, and tries again', async () => {
    const server = await startServer(() => undefined);
    await server.close();
    const { client, clock } = clientFor(server.url);
    const refused = { kind: 'transient', message: `localhost:${server.port} refuses connections.` };
    await expect(client.request(get)).rejects.toMatchObject(refused);
    expect(clock.slept).toHaveLength(3);
  });

  it('says that the port does not speak TLS', async () => {
    const server = await startServer((_request, response) => json(response, 200, {}));
    const { client } = clientFor(server.url.replace('http:', 'https:'));
    await expect(client.request(get)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('does not speak TLS'),
    });
    await server.close();
  });

  it('says that a CA certificate is not one, and a proxy URL is not one', () => {
    const bad = { caCertificate: 'hello' };
    expect(() => clientFor('https://a.example', { instance: instanceAt('https://a.example', bad) })).toThrow(
      'CA certificate',
    );
    const proxied = instanceAt('https://a.example', { proxyUrl: 'not a url with hush' });
    expect(() => clientFor('https://a.example', { instance: proxied })).toThrow(
      /^The proxy URL of the instance is not/,
    );
  });
});

(certificates === undefined ? describe.skip : describe)('TLS', () => {
  const servers = new Map<string, LocalServer>();
  beforeAll(async () => {
    if (certificates === undefined) return;
    const { authority: _authority, ...pairs } = certificates;
    for (const [name, pair] of Object.entries(pairs)) {
      servers.set(name, await startServer((_request, response) => json(response, 200, { tls: true }), pair));
    }
  });
  afterAll(async () => {
    await Promise.all([...servers.values()].map((server) => server.close()));
  });
  const clientTo = (name: string, caCertificate?: string, proxyUrl?: string) => {
    const url = servers.get(name)?.url ?? '';
    return clientFor(url, { instance: instanceAt(url, { caCertificate, proxyUrl }) }).client;
  };

  it('trusts the authority of the instance besides the roots', async () => {
    expect(await clientTo('good', certificates?.authority).request(get)).toMatchObject({ body: { tls: true } });
  });

  it.each([
    ['good', false, 'not signed by an authority'],
    ['selfSigned', true, 'not signed by an authority'],
    ['otherName', true, 'for another name'],
    ['expired', true, 'has expired'],
  ])('refuses the certificate `%s` (authority trusted: %s): %s', async (name, trusted, sentence) => {
    const client = clientTo(name, trusted ? certificates?.authority : undefined);
    const error = { kind: 'config', message: expect.stringContaining(sentence), hint: expect.any(String) };
    await expect(client.request(get)).rejects.toMatchObject(error);
  });

  it('refuses a redirect from https to http', async () => {
    if (certificates === undefined) return;
    const server = await startServer(
      (_request, response) => void response.writeHead(302, { location: 'http://localhost:1/' }).end(),
      certificates.good,
    );
    const instance = instanceAt(server.url, { caCertificate: certificates.authority });
    const asked = clientFor(server.url, { instance }).client.request(get);
    await expect(asked).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('from https to http'),
    });
    await server.close();
  });

  it('says that a plain client talks to a TLS port', async () => {
    const port = servers.get('good')?.port ?? 0;
    const { client } = clientFor(`http://localhost:${port}`);
    const outcome = await client.request({ ...get, repeatable: false }).catch((error: unknown) => error);
    expect(outcome).toMatchObject({ kind: expect.stringMatching(/config|transient/) });
  });

  it('goes through a proxy with its password, verifying the certificate at the end', async () => {
    const proxy = await startProxy();
    const proxyUrl = `http://joe:proxy-password@localhost:${proxy.port}`;
    expect(await clientTo('good', certificates?.authority, proxyUrl).request(get)).toMatchObject({
      body: { tls: true },
    });
    expect(proxy.passed).toEqual([`CONNECT localhost:${servers.get('good')?.port}`]);
    await expect(clientTo('good', undefined, proxyUrl).request(get)).rejects.toMatchObject({ kind: 'config' });
    await proxy.close();
  });

  it('says that the proxy wants other credentials', async () => {
    const proxy = await startProxy();
    const client = clientTo('good', certificates?.authority, `http://joe:wrong-password@localhost:${proxy.port}`);
    await expect(client.request(get)).rejects.toMatchObject({
      kind: 'config',
      message: 'The proxy asks for other credentials.',
    });
    await proxy.close();
  });
});

describe('a proxy for plain http', () => {
  it('is used, and its password is told to nobody', async () => {
    const proxy = await startProxy();
    const proxyUrl = `http://joe:proxy-password@localhost:${proxy.port}`;
    const { client } = clientFor('http://gitlab.example', {
      instance: instanceAt('http://gitlab.example', { proxyUrl }),
    });
    expect(await client.request({ method: 'GET', path: '/x' })).toMatchObject({ body: { via: 'proxy' } });
    expect(proxy.passed).toEqual(['GET http://gitlab.example/x']);
    await proxy.close();
    const { inspect } = await import('node:util');
    const error: unknown = await client.request(get).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: 'transient',
      message: `The proxy localhost:${proxy.port} refuses connections.`,
    });
    expect(inspect(error, { depth: 10 })).not.toContain('proxy-password');
  });
});
