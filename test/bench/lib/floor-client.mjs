// A process that sends given requests twice over, and answers how many seconds each time took.
import { once } from 'node:events';
import { Agent, request } from 'node:http';

/** As many at once as the hub's budget allows for one account. */
const CONCURRENCY = 8;

const [{ url, token, asked }] = await once(process, 'message');
process.send([await secondsFor(), await secondsFor()]);

async function secondsFor() {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  const base = new URL(url);
  const root = base.pathname.replace(/\/$/, '');
  let next = 0;
  const startedAt = performance.now();
  const worker = async () => {
    while (next < asked.length) {
      const { path, query, body } = asked[next++];
      const full = body === undefined ? `${root}/api/v4${path}${query ? `?${query}` : ''}` : `${root}${path}`;
      await send(base, full, agent, body);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  agent.destroy();
  return (performance.now() - startedAt) / 1000;
}

function send(base, path, agent, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'private-token': token, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const method = body === undefined ? 'GET' : 'POST';
    const sent = request({ host: base.hostname, port: base.port, path, agent, method, headers }, (answer) => {
      answer.on('end', resolve).on('error', reject);
      answer.resume();
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
