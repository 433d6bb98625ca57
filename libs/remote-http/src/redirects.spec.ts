import { describe, expect, it } from '@jest/globals';
import { clientFor, json, type LocalServer } from '../test/local-server.js';
import { serversOfATest } from '../test/servers-of-a-test.js';

const serve = serversOfATest();

const auth = { 'PRIVATE-TOKEN': 'secret-token-value' };

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('with %i on the same origin is followed with credentials', async (status) => {
    const server = await serve((request, response) => {
      if (request.url === '/old') response.writeHead(status, { location: '/new?x=1' }).end();
      else json(response, 200, { ok: true });
    });
    const answer = await clientFor(server.url).client.request({ method: 'GET', path: '/old', auth });
    expect(answer).toMatchObject({ status: 200, body: { ok: true }, url: `${server.url}/new?x=1` });
    expect(server.requests[1]?.headers['private-token']).toBe('secret-token-value');
  });

  it('to another origin is followed without credentials, cookies and own headers, for ever after', async () => {
    const storage = await serve((request, response) => {
      if (request.url === '/back') response.writeHead(302, { location: home.url }).end();
      else json(response, 200, { file: true });
    });
    const home: LocalServer = await serve((request, response) => {
      const path = request.url === '/there-and-back' ? '/back' : '/object?signature=1';
      if (request.url === '/') json(response, 200, {});
      else response.writeHead(302, { location: `${storage.url}${path}` }).end();
    });
    const { client } = clientFor(home.url);
    const headers = { authorization: 'Bearer x', cookie: 'a=b', 'x-own': '1' };
    for (const path of ['/file', '/there-and-back']) await client.request({ method: 'GET', path, auth, headers });
    const strangers = [...storage.requests, ...home.requests.filter(({ url }) => url === '/')];
    expect(strangers).toHaveLength(3);
    for (const { headers: seen } of strangers) {
      for (const name of ['private-token', 'authorization', 'cookie', 'x-own']) expect(seen).not.toHaveProperty(name);
    }
  });

  it('of a write is not followed', async () => {
    const server = await serve((_request, response) => void response.writeHead(302, { location: '/new' }).end());
    const answer = await clientFor(server.url).client.request({ method: 'POST', path: '/old', body: {} });
    expect(answer).toMatchObject({ status: 302, headers: { location: '/new' } });
    expect(server.requests).toHaveLength(1);
  });

  it('in a circle ends', async () => {
    const server = await serve((_request, response) => void response.writeHead(302, { location: '/again' }).end());
    const asked = clientFor(server.url).client.request({ method: 'GET', path: '/' });
    await expect(asked).rejects.toMatchObject({
      kind: 'permanent',
      message: expect.stringContaining('more than 5 times'),
    });
    expect(server.requests).toHaveLength(6);
  });

  it('to something that is no web address is refused', async () => {
    const server = await serve(
      (_request, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    );
    await expect(clientFor(server.url).client.request({ method: 'GET', path: '/' })).rejects.toMatchObject({
      kind: 'permanent',
    });
  });

  it('from http to https of the same host says which base URL to use', async () => {
    const server = await serve(
      (_request, response) => void response.writeHead(301, { location: 'https://localhost:8443/' }).end(),
    );
    const asked = clientFor(server.url).client.request({ method: 'GET', path: '/' });
    await expect(asked).rejects.toMatchObject({
      kind: 'config',
      hint: expect.stringContaining('https://localhost:8443'),
    });
  });
});
