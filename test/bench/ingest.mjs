// What reading GitLab costs: requests, time, CPU and memory of a first sync, an idle poll and a poll after a change,
// beside the floor (the same requests by a bare client) and beside the nearest rival's recorded figures.
//   npm run with-postgres -- npm run bench:ingest [-- --latency 0,20] [--embedded]
import { parseArgs } from 'node:util';
import { cpuSeconds, peakRssMb } from './lib/child-process.mjs';
import { createDatabase, server } from './lib/databases.mjs';
import { measureFloor } from './lib/floor.mjs';
import { startGitLab } from './lib/gitlab.mjs';
import { startHub } from './lib/hub.mjs';
import { header, table } from './lib/report.mjs';

const { values } = parseArgs({
  options: { latency: { type: 'string', default: '0,20' }, embedded: { type: 'boolean', default: false } },
});

/** Recorded on the same world with 10 projects and 2 branches (seconds at 0 / 20 ms latency). */
const RIVAL = [
  ['rival PY first sync (2,400 of 10,400 stored)', 2750, '5.6 / 66.1', 2400],
  ['rival PY idle poll', 621, '2.5 / 16.1', 0],
  ['rival PY after 1 % (0 of 44 changes to known objects)', 729, '2.0 / 18.5', 112],
  ['rival TS first sync', 10650, '121 / 237', 10400],
  ['rival TS idle poll', 250, '0.5 / 6.0', 0],
  ['rival TS after 1 % (0 of 44 changes to known objects)', 398, '0.8 / 9.4', 112],
];

async function measureRun(hub, gitlab, connectionId) {
  const [cpu, mark] = [cpuSeconds(hub.pid), (await gitlab.requests()).mark];
  const run = await hub.sync(connectionId);
  if (run.status !== 'succeeded') throw new Error(`the run was ${run.status}: ${JSON.stringify(run.error)}`);
  const seen = await gitlab.requests(mark);
  return {
    requests: seen.total,
    byEndpoint: seen.byEndpoint,
    seconds: (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000,
    cpu: cpuSeconds(hub.pid) - cpu,
    stored: run.counts.stored,
  };
}

/** How many of the changed objects the timeline shows as the world has them. */
async function caught(hub, connectionId, changes) {
  const wanted = [...new Set(changes.map((change) => change.eventId))];
  const known = new Set();
  let cursor = '';
  do {
    const page = await hub.api('GET', `/api/events?connectionId=${connectionId}&limit=500${cursor}`);
    for (const event of page.items) known.add(`${event.eventId}`);
    for (const event of page.items) if (event.revision > 1) known.add(`${event.eventId}@changed`);
    cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : undefined;
  } while (cursor !== undefined);
  const isNew = (eventId) => changes.some((change) => change.eventId === eventId && NEW.has(change.change));
  const missed = wanted.filter((eventId) => !known.has(isNew(eventId) ? eventId : `${eventId}@changed`));
  return { wanted: wanted.length, missed };
}

const NEW = new Set(['opened', 'started', 'committed', 'released', 'pushed', 'deployed', 'repushed']);

async function measure(latencyMs, embedded) {
  const gitlab = await startGitLab(['--world', 'bench', '--latency', String(latencyMs)]);
  const database = embedded ? undefined : await createDatabase();
  const hub = await startHub({ databaseUrl: database?.url });
  try {
    const connection = await hub.connect('bench', gitlab, { branches: BRANCHES });
    const first = await measureRun(hub, gitlab, connection.id);
    const log = await gitlab.log();
    const floor = await measureFloor(gitlab, log);
    const peak = peakRssMb(hub.pid);
    const idle = await measureRun(hub, gitlab, connection.id);
    const changes = await gitlab.change(1);
    const changed = await measureRun(hub, gitlab, connection.id);
    // Tags that were pushed again are looked at a few per poll: these polls find the rest.
    let polls = 1;
    let found = await caught(hub, connection.id, changes);
    while (found.missed.length > 0 && polls < 20) {
      await measureRun(hub, gitlab, connection.id);
      polls += 1;
      found = await caught(hub, connection.id, changes);
    }
    return { latencyMs, embedded, first, floor, peak, idle, changed, found, polls };
  } finally {
    await hub.stop();
    await database?.drop();
    await gitlab.stop();
  }
}

const BRANCHES = ['main', 'develop'];

header(
  'Ingest: 10 projects x (200 merge requests, 200 pipelines, 10 releases, 3 x 10 images, 2 branches x 300 commits)',
);
const results = [];
const latencies = values.latency.split(',').map(Number);
if (server) for (const latencyMs of latencies) results.push(await measure(latencyMs, false));
else console.log('No TEST_DATABASE_URL or DATABASE_URL: only the embedded database is measured.\n');
if (values.embedded || !server) for (const latencyMs of latencies) results.push(await measure(latencyMs, true));

table(
  ['', 'latency ms', 'requests', 'seconds', 'CPU s', 'stored', 'peak RSS MB'],
  results.flatMap(({ latencyMs, embedded, first, idle, changed, peak }) => {
    const on = embedded ? 'embedded' : 'PostgreSQL';
    const row = (name, run, memory = '') => [
      `${name}, ${on}`,
      latencyMs,
      run.requests,
      run.seconds,
      run.cpu,
      run.stored,
      memory,
    ];
    return [row('first sync', first, peak), row('idle poll', idle), row('after 1 % changed', changed)];
  }),
);
console.log();
table(['rival, recorded', 'requests', 'seconds at 0 / 20 ms', 'stored'], RIVAL);
console.log();
table(
  ['first sync against the floor', 'latency ms', 'floor s', 'ours s', 'ratio', 'target'],
  results.map(({ latencyMs, embedded, first, floor }) => [
    embedded ? 'embedded' : 'PostgreSQL',
    latencyMs,
    floor.seconds,
    first.seconds,
    first.seconds / floor.seconds,
    embedded ? '' : latencyMs >= 20 ? '<= 1.5' : '<= 2.5',
  ]),
);
console.log();
table(
  [
    'idle requests per project',
    'latency ms',
    'without registry',
    'registry',
    'changes caught',
    'polls until all caught',
  ],
  results.map(({ latencyMs, embedded, idle, found, polls }) => {
    const registry = Object.entries(idle.byEndpoint).filter(([endpoint]) => endpoint.includes('registry'));
    const inRegistry = registry.reduce((sum, [, count]) => sum + count, 0);
    return [
      embedded ? 'embedded' : 'PostgreSQL',
      latencyMs,
      (idle.requests - inRegistry) / 10,
      inRegistry / 10,
      `${found.wanted - found.missed.length} of ${found.wanted}`,
      polls,
    ];
  }),
);
console.log(`\nIdle poll by endpoint: ${JSON.stringify(results[0]?.idle.byEndpoint)}`);
if (results.some(({ found }) => found.missed.length > 0)) {
  console.log(`Missed: ${JSON.stringify(results.flatMap(({ found }) => found.missed).slice(0, 20))}`);
  process.exitCode = 1;
}
