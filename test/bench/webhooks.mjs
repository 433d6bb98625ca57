// How fast deliveries are accepted: 300 a second, sent on the clock whether or not earlier ones are answered, each
// different. An answer means that the delivery is stored. Afterwards every one must be found.
//   npm run with-postgres -- npm run bench:webhooks [-- --seconds 60 --rate 300]
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createDatabase, server } from './lib/databases.mjs';
import { startGitLab } from './lib/gitlab.mjs';
import { startHub } from './lib/hub.mjs';
import { header, percentile, table } from './lib/report.mjs';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, rate: { type: 'string', default: '300' } },
});
const [seconds, rate] = [Number(values.seconds), Number(values.rate)];
const SECRET = 'a-webhook-secret-for-the-benchmark';

const payload = (project, iid) =>
  JSON.stringify({
    object_kind: 'merge_request',
    event_type: 'merge_request',
    user: { id: 1, name: 'Bench', username: 'bench' },
    project: {
      id: project.id,
      name: 'p',
      path_with_namespace: project.path,
      web_url: `http://127.0.0.1/${project.path}`,
      default_branch: 'main',
    },
    object_attributes: {
      id: iid,
      iid,
      target_project_id: project.id,
      source_project_id: project.id,
      state: 'opened',
      action: 'update',
      title: `Change ${iid}`,
      description: 'x'.repeat(2_000),
      updated_at: '2026-02-03 10:11:12 UTC',
    },
    changes: {},
  });

function deliver(hub, connectionId, body, agent) {
  const url = new URL(`/webhooks/${connectionId}`, hub.url);
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-gitlab-event': 'Merge Request Hook',
    'x-gitlab-token': SECRET,
    'idempotency-key': randomUUID(),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.on('end', () => resolve(answer.statusCode)).on('error', reject);
      answer.resume();
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Latency counts from when a delivery was due, so that a stall is seen by all that it delays. */
async function flood(hub, connectionId, projects) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const [latencies, statuses, pending] = [[], {}, []];
  const startedAt = performance.now();
  for (let sent = 0; sent < seconds * rate; sent++) {
    const dueAt = startedAt + (sent * 1000) / rate;
    const wait = dueAt - performance.now();
    if (wait > 1) await setTimeout(wait);
    const body = payload(projects[sent % projects.length], (sent % 200) + 1);
    pending.push(
      deliver(hub, connectionId, body, agent)
        .catch((error) => error.code)
        .then((status) => {
          latencies.push(performance.now() - dueAt);
          statuses[status] = (statuses[status] ?? 0) + 1;
        }),
    );
  }
  await Promise.all(pending);
  agent.destroy();
  latencies.sort((a, b) => a - b);
  return { latencies, statuses };
}

async function countDeliveries(hub, connectionId) {
  let count = 0;
  let cursor = '';
  while (cursor !== undefined) {
    const page = await hub.api('GET', `/api/deliveries?connectionId=${connectionId}&limit=500${cursor}`);
    count += page.items.length;
    cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : undefined;
  }
  return count;
}

async function measure(name, databaseUrl, duringSync) {
  const gitlab = await startGitLab(['--world', 'bench']);
  const hub = await startHub({ databaseUrl });
  try {
    const connection = await hub.connect('hooks', gitlab, { webhookSecret: SECRET });
    if (duringSync) await hub.api('POST', `/api/connections/${connection.id}/sync`, {});
    else await hub.api('PATCH', `/api/connections/${connection.id}`, { enabled: false });
    const { latencies, statuses } = await flood(hub, connection.id, gitlab.projects);
    const stored = await countDeliveries(hub, connection.id);
    const [p50, p99, max] = [percentile(latencies, 0.5), percentile(latencies, 0.99), latencies.at(-1)];
    return [name, latencies.length, stored, JSON.stringify(statuses), p50, p99, max];
  } finally {
    await hub.stop();
    await gitlab.stop();
  }
}

header(`Webhooks: ${rate} a second for ${seconds} s`);
const rows = [];
for (const duringSync of server ? [false, true] : []) {
  const database = await createDatabase();
  rows.push(
    await measure(`PostgreSQL, ${duringSync ? 'during a first sync' : 'no sync running'}`, database.url, duringSync),
  );
  await database.drop();
}
for (const duringSync of [false, true]) {
  rows.push(
    await measure(`embedded, ${duringSync ? 'during a first sync' : 'no sync running'}`, undefined, duringSync),
  );
}
table(['', 'sent', 'stored', 'answers', 'p50 ms', 'p99 ms', 'max ms'], rows);
console.log('\nTarget: p99 under 50 ms on PostgreSQL with no sync running, none lost.');
if (rows.some(([, sent, stored]) => sent !== stored)) process.exitCode = 1;
