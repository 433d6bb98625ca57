import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { clientFor, type Handler } from '../test/local-server.js';
import { serversOfATest } from '../test/servers-of-a-test.js';

const serve = serversOfATest();

describe('a compressed answer', () => {
  const compressors = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
  const compressed = (coding: keyof typeof compressors, text: string): Handler => {
    return (request, response) => {
      const wanted = String(request.headers['accept-encoding']).split(', ').includes(coding);
      const headers = { 'content-type': 'application/json', ...(wanted ? { 'content-encoding': coding } : {}) };
      response.writeHead(200, headers).end(wanted ? compressors[coding](text) : text);
    };
  };

  it.each(['gzip', 'deflate', 'br'] as const)('is asked for and read: %s', async (coding) => {
    const server = await serve(compressed(coding, '{"a":"ä"}'));
    const answer = await clientFor(server.url).client.request({ method: 'GET', path: '/' });
    expect(answer.body).toEqual({ a: 'ä' });
    expect(answer.headers).not.toHaveProperty('content-encoding');
    expect(server.requests[0]?.headers['accept-encoding']).toBe('gzip, deflate, br');
  });

  it.each(['gzip', 'br'] as const)('is given up where it unfolds to more than our memory: %s', async (coding) => {
    const server = await serve(compressed(coding, JSON.stringify('x'.repeat(3_000_000))));
    const { client } = clientFor(server.url, { maxResponseBytes: 1024 * 1024 });
    const told = { kind: 'permanent', message: expect.stringContaining('larger than 1 MB') };
    await expect(client.request({ method: 'GET', path: '/' })).rejects.toMatchObject(told);
  });

  it('is asked for again where it is cut off', async () => {
    const whole = gzipSync('{"a":1}');
    const server = await serve((_request, response, count) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(count === 1 ? whole.subarray(0, 20) : whole);
    });
    expect((await clientFor(server.url).client.request({ method: 'GET', path: '/' })).body).toEqual({ a: 1 });
    expect(server.requests).toHaveLength(2);
  });

  it('without a body is none', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(204, { 'content-encoding': 'gzip' }).end();
    });
    expect(await clientFor(server.url).client.request({ method: 'GET', path: '/' })).toMatchObject({ body: null });
  });
});
