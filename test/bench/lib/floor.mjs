import { Agent, request } from 'node:http';

/** As many at once as the hub's budget allows for one account. */
const CONCURRENCY = 8;

/** The same requests by a bare client with kept connections: answers are read to their end, nothing is parsed. */
export async function measureFloor(gitlab, log) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  const base = new URL(gitlab.url);
  const gets = log.filter(({ method }) => method === 'GET');
  let next = 0;
  const startedAt = performance.now();
  const worker = async () => {
    while (next < gets.length) {
      const { path, query } = gets[next++];
      const full = `${base.pathname.replace(/\/$/, '')}/api/v4${path}${query ? `?${query}` : ''}`;
      await get(base, full, gitlab.token, agent);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  agent.destroy();
  return { seconds: (performance.now() - startedAt) / 1000, requests: gets.length };
}

const get = (base, path, token, agent) =>
  new Promise((resolve, reject) => {
    const sent = request(
      { host: base.hostname, port: base.port, path, agent, headers: { 'private-token': token } },
      (answer) => {
        answer.on('end', resolve).on('error', reject);
        answer.resume();
      },
    );
    sent.on('error', reject);
    sent.end();
  });
