import { createServer, request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, expect, it, jest } from '@jest/globals';
import { describeWithGit } from '../../../../test/support/capabilities.js';
import { CodeWorld, complaints } from '../testing/code-world.js';
import { backgroundPatienceMs } from '../testing/patience.js';

jest.setTimeout(backgroundPatienceMs);

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A forward proxy that notes what passes. */
async function startProxy(): Promise<{ readonly url: string; readonly passed: string[] }> {
  const passed: string[] = [];
  const proxy = createServer((incoming, answer) => {
    passed.push(incoming.url ?? '');
    const { method, headers } = incoming;
    const onward = request(incoming.url ?? '', { method, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    incoming.pipe(onward);
  });
  proxy.on('connect', ({ url = '' }, socket, head) => {
    passed.push(url);
    const { hostname, port } = new URL(`http://${url}`);
    const onward = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  ends.push(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, passed };
}

describeWithGit('an instance behind a proxy', () => {
  it.each([false, true])('is reached through it by git and by the API, TLS: %s', async (tls) => {
    const proxy = await startProxy();
    const world = await CodeWorld.start({ tls });
    ends.push(() => world.stop());
    await world.left.commit('main');
    const gitlab = { instance: { ...world.gitLabInstance, proxyUrl: proxy.url }, project: 'acme/web' };
    const azure = {
      instance: { ...world.azureInstance, proxyUrl: proxy.url },
      project: 'Web Shop',
      repository: 'Web Shop',
    };
    expect(complaints(await world.sync(world.host({ gitlab, azure })))).toEqual([]);
    expect((await world.refs()).right).toEqual((await world.refs()).left);
    for (const { baseUrl } of [world.gitLabInstance, world.azureInstance]) {
      expect(proxy.passed.some((asked) => asked.includes(new URL(baseUrl).host))).toBe(true);
    }
    if (!tls)
      expect(proxy.passed.filter((asked) => /git-(?:upload|receive)-pack$/.test(asked)).length).toBeGreaterThan(1);
  });
});
