import { Agent, request } from 'node:http';

/** As many at once as the hub's budget allows for one account. */
const CONCURRENCY = 8;

/** The same requests by a bare client with kept connections: answers are read to their end, nothing is parsed. */
export async function measureFloor(gitlab, log) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  const base = new URL(gitlab.url);
  const root = base.pathname.replace(/\/$/, '');
  const asked = log.filter(({ method, body }) => method === 'GET' || body !== undefined);
  let next = 0;
  const startedAt = performance.now();
  const worker = async () => {
    while (next < asked.length) {
      const { path, query, body } = asked[next++];
      const full = body === undefined ? `${root}/api/v4${path}${query ? `?${query}` : ''}` : `${root}${path}`;
      await send(base, full, gitlab.token, agent, body);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  agent.destroy();
  return { seconds: (performance.now() - startedAt) / 1000, requests: asked.length };
}

const send = (base, path, token, agent, body) =>
  new Promise((resolve, reject) => {
    const headers = { 'private-token': token, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const method = body === undefined ? 'GET' : 'POST';
    const sent = request({ host: base.hostname, port: base.port, path, agent, method, headers }, (answer) => {
      answer.on('end', resolve).on('error', reject);
      answer.resume();
    });
    sent.on('error', reject);
    sent.end(body);
  });
