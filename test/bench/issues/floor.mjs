// The same requests by a bare client: as many at once as the hub's budget allows, nothing parsed, decided or stored.
import { Agent, request } from 'node:http';

const CONCURRENCY = 8;

const text = (length) =>
  'It happens since the last release, for about one customer in ten. '.repeat(20).slice(0, length);

/**
 * Asks again what a first sync asked, both sides at once. The target is empty again, so that its issues are made anew;
 * what is written is as long as what was. Returns seconds and how many answers were no success.
 */
export async function measureFloor({ source, target, log, issueLength }) {
  await target.control('POST', 'reset?world=true');
  const refused = { count: 0 };
  const startedAt = performance.now();
  await Promise.all([ask(source, log.source, refused, issueLength), ask(target, log.target, refused, issueLength)]);
  return { seconds: (performance.now() - startedAt) / 1000, refused: refused.count };
}

async function ask(gitlab, log, refused, issueLength) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  const base = new URL(gitlab.url);
  let next = 0;
  const worker = async () => {
    while (next < log.length) {
      const position = next++;
      const { method, path, query } = log[position];
      const status = await send(
        { host: base.hostname, port: base.port, agent, method, path: `/api/v4${path}${query ? `?${query}` : ''}` },
        gitlab.writeToken,
        bodyOf(method, path, position, issueLength),
      );
      if (status >= 300) refused.count += 1;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  agent.destroy();
}

function bodyOf(method, path, position, issueLength) {
  if (method === 'GET') return undefined;
  if (method === 'PUT') return json({ state_event: 'close' });
  if (path.endsWith('/issues')) return json({ title: `Copy ${position}`, description: text(issueLength) });
  if (path.endsWith('/notes')) return json({ body: text(400) });
  if (path.endsWith('/labels')) return json({ name: `label ${position}`, color: '#112233' });
  if (path.endsWith('/milestones')) return json({ title: `milestone ${position}` });
  const content = `--b\r\nContent-Disposition: form-data; name="file"; filename="f.log"\r\n\r\n${text(1000)}\r\n--b--\r\n`;
  return { type: 'multipart/form-data; boundary=b', content };
}

const json = (body) => ({ type: 'application/json', content: JSON.stringify(body) });

const send = (options, token, body) =>
  new Promise((resolve, reject) => {
    const headers = {
      'private-token': token,
      ...(body && { 'content-type': body.type, 'content-length': Buffer.byteLength(body.content) }),
    };
    const sent = request({ ...options, headers }, (answer) => {
      answer.on('end', () => resolve(answer.statusCode)).on('error', reject);
      answer.resume();
    });
    sent.on('error', reject);
    sent.end(body?.content);
  });
