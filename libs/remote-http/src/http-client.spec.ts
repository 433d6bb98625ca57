import { describe, expect, it } from '@jest/globals';
import { clientFor, fakeClock, type Handler, instanceAt, json } from '../test/local-server.js';
import { serversOfATest } from '../test/servers-of-a-test.js';
import { Budget } from './budget.js';
import type { RequestInfo } from './http-client.js';

const serve = serversOfATest();

describe('a request', () => {
  it('goes below the path prefix, with query, credentials and JSON, and comes back parsed', async () => {
    const server = await serve((_request, response) => json(response, 200, { a: 1 }, { 'X-Next-Page': '2' }));
    const { client } = clientFor(`${server.url}/git/lab`);
    const answer = await client.request({
      method: 'POST',
      path: '/api/v4/things?x=1',
      query: { 'ids[]': [1, 2], name: 'a b+c', none: undefined },
      auth: { 'PRIVATE-TOKEN': 'secret-token-value' },
      body: { hello: 'wörld' },
    });
    expect(answer).toMatchObject({ status: 200, body: { a: 1 }, headers: { 'x-next-page': '2' } });
    const [seen] = server.requests;
    expect(seen?.url).toBe('/git/lab/api/v4/things?x=1&ids%5B%5D=1&ids%5B%5D=2&name=a%20b%2Bc');
    expect(seen?.headers).toMatchObject({ 'private-token': 'secret-token-value', 'content-type': 'application/json' });
    expect(seen?.body).toBe('{"hello":"wörld"}');
  });

  it('sends bytes as they are, and no others of the memory they lie in', async () => {
    const server = await serve((_request, response) => json(response, 200, {}));
    const { client } = clientFor(server.url);
    const memory = new TextEncoder().encode('before:the bytes:after');
    await client.request({ method: 'POST', path: '/files', body: memory.subarray(7, 16) });
    expect(server.requests[0]?.body).toBe('the bytes');
    expect(server.requests[0]?.headers).toMatchObject({ 'content-type': 'application/octet-stream' });
  });

  it('is refused outside the origin or the prefix', async () => {
    const { client } = clientFor('http://localhost:9/git');
    for (const path of ['http://other.example/git/x', 'http://localhost:9/elsewhere', '/../secret']) {
      await expect(client.request({ method: 'GET', path })).rejects.toMatchObject({ kind: 'permanent' });
    }
  });

  it('gives text, bytes and empty bodies as asked', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/none') response.writeHead(204).end();
      else response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    });
    const { client } = clientFor(server.url);
    expect((await client.request({ method: 'GET', path: '/none' })).body).toBeNull();
    expect((await client.request({ method: 'GET', path: '/page' })).body).toBe('<html>');
    const { body } = await client.request({ method: 'GET', path: '/page', responseType: 'bytes' });
    expect(body).toEqual(new Uint8Array(Buffer.from('<html>')));
  });

  it('tells an observer what happened on the wire, without the query', async () => {
    const server = await serve((_request, response, count) => json(response, count === 1 ? 502 : 200, {}));
    const seen: RequestInfo[] = [];
    const { client } = clientFor(server.url, { onRequest: (info) => seen.push(info) });
    await client.request({ method: 'GET', path: '/a?private=1' });
    expect(seen).toMatchObject([
      { method: 'GET', path: '/a', status: 502, attempt: 1 },
      { method: 'GET', path: '/a', status: 200, attempt: 2 },
    ]);
  });

  it('reuses its connection', async () => {
    const ports = new Set<number | undefined>();
    const server = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      json(response, 200, {});
    });
    const { client } = clientFor(server.url);
    for (let i = 0; i < 5; i += 1) await client.request({ method: 'GET', path: '/' });
    expect(ports.size).toBe(1);
  });
});

describe('a lost answer', () => {
  it.each([500, 502, 503, 504])(
    'is asked for again after %i, with growing waits, and the last one is handed out',
    async (status) => {
      const server = await serve((_request, response) => json(response, status, { message: 'no' }));
      const { client, clock } = clientFor(server.url);
      const answer = await client.request({ method: 'GET', path: '/' });
      expect(answer).toMatchObject({ status, body: { message: 'no' } });
      expect(server.requests).toHaveLength(4);
      expect(clock.slept).toEqual([250, 500, 1_000]);
    },
  );

  it('of a write is not asked for again, because it may have happened', async () => {
    const server = await serve((_request, response) => json(response, 502, {}));
    const { client } = clientFor(server.url);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      expect(await client.request({ method, path: '/' })).toMatchObject({ status: 502 });
    }
    expect(server.requests).toHaveLength(4);
  });

  it('of a write that is harmless to repeat is asked for again', async () => {
    const server = await serve((_request, response, count) => json(response, count < 3 ? 504 : 200, {}));
    const { client } = clientFor(server.url);
    expect(await client.request({ method: 'POST', path: '/', repeatable: true })).toMatchObject({ status: 200 });
    expect(server.requests).toHaveLength(3);
  });

  it('survives a connection reset', async () => {
    const server = await serve((request, response, count) => {
      if (count === 1) request.socket.destroy();
      else json(response, 200, { ok: true });
    });
    const { client } = clientFor(server.url);
    expect((await client.request({ method: 'GET', path: '/' })).body).toEqual({ ok: true });
  });

  it('of a reset write is a transient error after one try', async () => {
    const server = await serve((request) => void request.socket.destroy());
    const { client } = clientFor(server.url);
    await expect(client.request({ method: 'POST', path: '/', body: {} })).rejects.toMatchObject({ kind: 'transient' });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [
      'JSON cut off with a length that fits',
      'sent JSON that is not complete',
      (response: Parameters<Handler>[1]) => response.end('[{"id":1},{"i'),
    ],
    [
      'JSON cut off by the connection',
      'broke before the answer was complete',
      (response: Parameters<Handler>[1]) => {
        response.setHeader('content-length', '500');
        response.write('[{"id":1},');
        setImmediate(() => response.destroy());
      },
    ],
  ])('may be %s', async (_what, says, cut) => {
    const cutter: Handler = (_request, response) => {
      response.setHeader('content-type', 'application/json');
      cut(response);
    };
    const once = await serve((request, response, count) =>
      count === 1 ? cutter(request, response, count) : json(response, 200, [1]),
    );
    expect((await clientFor(once.url).client.request({ method: 'GET', path: '/' })).body).toEqual([1]);
    const always = await serve(cutter);
    await expect(clientFor(always.url).client.request({ method: 'GET', path: '/' })).rejects.toMatchObject({
      kind: 'transient',
      message: expect.stringContaining(says),
    });
    expect(always.requests).toHaveLength(4);
  });

  it('is given up after the timeout, which covers the body', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/body') response.writeHead(200).write('[');
    });
    let tries = 0;
    const { client } = clientFor(server.url, { onRequest: () => (tries += 1) });
    for (const path of ['/head', '/body']) {
      const asked = client.request({ method: 'GET', path, timeoutMs: 60 });
      await expect(asked).rejects.toMatchObject({
        kind: 'transient',
        message: expect.stringContaining('did not answer within 0.1 s'),
      });
    }
    expect(tries).toBe(8);
  });

  it('may be an answer too large for our memory', async () => {
    const server = await serve((_request, response) => void response.writeHead(200).end('x'.repeat(3_000_000)));
    const { client } = clientFor(server.url, { maxResponseBytes: 1024 * 1024 });
    const asked = client.request({ method: 'GET', path: '/' });
    await expect(asked).rejects.toMatchObject({
      kind: 'permanent',
      message: expect.stringContaining('larger than 1 MB'),
    });
    expect(server.requests).toHaveLength(1);
  });
});

describe('a body', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)(
    'of %s arrives whole, and nothing of it after it',
    async (method) => {
      const server = await serve((_request, response) => json(response, 200, {}));
      const { client } = clientFor(server.url);
      for (let round = 1; round <= 2; round += 1) {
        expect(await client.request({ method, path: '/', body: { some: 'ünïcode' } })).toMatchObject({ status: 200 });
        expect(await client.request({ method: 'GET', path: '/' })).toMatchObject({ status: 200 });
      }
      expect(server.requests).toHaveLength(4);
    },
  );
});

describe('a remote that limits us', () => {
  it('is obeyed to the second, for every verb', async () => {
    const server = await serve((_request, response, count) => {
      if (count % 2 === 1) response.writeHead(429, { 'retry-after': '7' }).end('Retry later\n');
      else json(response, 201, {});
    });
    const { client, clock } = clientFor(server.url);
    for (const method of ['GET', 'POST', 'DELETE'] as const) {
      clock.slept.length = 0;
      expect(await client.request({ method, path: '/' })).toMatchObject({ status: 201 });
      expect(clock.slept).toEqual([7_000]);
    }
  });

  it('is obeyed by all clients of the account', async () => {
    const server = await serve((_request, response, count) => {
      if (count === 1) response.writeHead(429, { 'retry-after': '400' }).end();
      else json(response, 200, {});
    });
    const clock = fakeClock();
    const budget = new Budget('shared', clock);
    const [first, second] = [clientFor(server.url, { budget, ...clock }), clientFor(server.url, { budget, ...clock })];
    for (const { client } of [first, second]) {
      await expect(client.request({ method: 'GET', path: '/' })).rejects.toMatchObject({ kind: 'rate_limit' });
    }
    expect(server.requests).toHaveLength(1);
  });

  it('is waited for with growing, jittered waits where it does not say how long', async () => {
    const server = await serve((_request, response, count) => {
      if (count < 7) json(response, 429, { message: { error: 'This endpoint has been requested too many times.' } });
      else json(response, 200, {});
    });
    const { client, clock } = clientFor(server.url);
    await client.request({ method: 'GET', path: '/' });
    expect(clock.slept).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('is waited for until the reset of its window where it says only that', async () => {
    const server = await serve((_request, response, count) => {
      const reset = String(Date.parse('2026-01-01T00:00:50Z') / 1000);
      const headers = { date: 'Thu, 01 Jan 2026 00:00:00 GMT', 'ratelimit-remaining': '0', 'ratelimit-reset': reset };
      json(response, count === 1 ? 429 : 200, {}, headers);
    });
    const { client, clock } = clientFor(server.url);
    await client.request({ method: 'GET', path: '/' });
    expect(clock.slept[0]).toBe(50_000);
  });

  it('ends the run where it asks for more than we wait', async () => {
    const server = await serve((_request, response) => void response.writeHead(429, { 'retry-after': '90' }).end());
    const { client, clock } = clientFor(server.url, {
      instance: instanceAt(server.url, { limits: { maxBackoffMinutes: 1 } }),
    });
    const asked = client.request({ method: 'GET', path: '/' });
    await expect(asked).rejects.toMatchObject({
      kind: 'rate_limit',
      retryAt: new Date(clock.now().getTime() + 90_000),
    });
    expect(clock.slept).toEqual([]);
  });

  it('ends the run where many short waits add up to more than we wait', async () => {
    const server = await serve((_request, response) => void response.writeHead(429, { 'retry-after': '25' }).end());
    const { client, clock } = clientFor(server.url, {
      instance: instanceAt(server.url, { limits: { maxBackoffMinutes: 1 } }),
    });
    await expect(client.request({ method: 'GET', path: '/' })).rejects.toMatchObject({ kind: 'rate_limit' });
    expect(clock.slept).toEqual([25_000, 25_000]);
  });

  it('may say so with a 503: a read waits and repeats, a write does not', async () => {
    const server = await serve((_request, response, count) => {
      if (count !== 2) json(response, 503, {}, { 'retry-after': '20' });
      else json(response, 200, {});
    });
    const { client, clock } = clientFor(server.url);
    expect(await client.request({ method: 'GET', path: '/' })).toMatchObject({ status: 200 });
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(20_000);
    expect(await client.request({ method: 'POST', path: '/' })).toMatchObject({ status: 503 });
    expect(server.requests).toHaveLength(3);
  });
});

describe('a credential that no header can carry', () => {
  it('is a matter of the configuration, and is not shown', async () => {
    const server = await serve((_request, response) => json(response, 200, {}));
    const { client } = clientFor(server.url);
    const auth = { 'PRIVATE-TOKEN': 'secret-token\u{1F511}-value' };
    const asked = client.request({ method: 'GET', path: '/', auth });
    await expect(asked).rejects.toMatchObject({ kind: 'config', message: expect.not.stringContaining('secret-token') });
    expect(server.requests).toHaveLength(0);
  });
});

describe('a stopped run', () => {
  it('ends a request under way at once', async () => {
    const stopped = new AbortController();
    const server = await serve(() => stopped.abort());
    const { client } = clientFor(server.url, { signal: stopped.signal });
    await expect(client.request({ method: 'GET', path: '/' })).rejects.toMatchObject({ kind: 'interrupted' });
    await expect(client.request({ method: 'GET', path: '/' })).rejects.toMatchObject({ kind: 'interrupted' });
    expect(server.requests).toHaveLength(1);
  });

  it('leaves nothing attached to its signal', async () => {
    const server = await serve((_request, response) => json(response, 200, {}));
    const stopped = new AbortController();
    let listeners = 0;
    const { signal } = stopped;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    Object.assign(signal, {
      addEventListener: (...args: Parameters<typeof add>) => void ((listeners += 1), add(...args)),
      removeEventListener: (...args: Parameters<typeof remove>) => void ((listeners -= 1), remove(...args)),
    });
    const { client } = clientFor(server.url, { signal });
    await Promise.all(Array.from({ length: 30 }, () => client.request({ method: 'GET', path: '/' })));
    expect(listeners).toBe(0);
  });
});

describe('secrets', () => {
  it('are in no log line and in no error', async () => {
    const server = await serve((request, response) => {
      if (request.url?.startsWith('/reset')) request.socket.destroy();
      else json(response, 500, { message: 'secret-token-value' });
    });
    const { client, log } = clientFor(server.url);
    const auth = { 'PRIVATE-TOKEN': 'secret-token-value' };
    const answer = await client.request({
      method: 'GET',
      path: '/a/secret-token-value?private_token=secret-token-value',
      auth,
    });
    expect(answer.url).not.toContain('secret-token-value');
    const error: unknown = await client
      .request({ method: 'GET', path: '/reset', auth })
      .catch((thrown: unknown) => thrown);
    const { inspect } = await import('node:util');
    expect(inspect(error, { depth: 10 })).not.toContain('secret-token-value');
    expect(log.lines.length).toBeGreaterThan(0);
    expect(log.lines.join('\n')).not.toContain('secret-token-value');
  });
});
