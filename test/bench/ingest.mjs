// What reading GitLab costs, by GraphQL with REST (`auto`) and by REST alone: requests, time, CPU and memory of a first sync, an
// idle poll and a poll after a change, beside the floor (the same requests by a bare client) and the nearest rival's figures.
//   npm run with-postgres -- npm run bench:ingest [-- --latency 0,20] [--reading auto,rest] [--embedded] [--part life,many]
import { parseArgs } from 'node:util';
import { server } from './lib/databases.mjs';
import { measureIdle, measureLife } from './lib/ingest-runs.mjs';
import { header, table } from './lib/report.mjs';

const { values } = parseArgs({
  options: {
    latency: { type: 'string', default: '0,20' },
    reading: { type: 'string', default: 'auto,rest' },
    embedded: { type: 'boolean', default: false },
    part: { type: 'string', default: 'life,many' },
  },
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
/** Requests and seconds of `auto`; the seconds at 20 ms of latency. */
const TARGETS = {
  first: { requests: 300, seconds: 10 },
  idle: { requests: 10, seconds: 0.5 },
  changed: { requests: 50 },
};
const MANY_IDLE = 20;

const latencies = values.latency.split(',').map(Number);
const readings = values.reading.split(',');
const parts = values.part.split(',');
const databases = [...(server ? [false] : []), ...(values.embedded || !server ? [true] : [])];
const databaseOf = ({ embedded }) => (embedded ? 'embedded' : 'PostgreSQL');

header(
  'Ingest: 10 projects x (200 merge requests, 200 pipelines, 10 releases, 3 x 10 images, 2 branches x 300 commits)',
);
if (!server) console.log('No TEST_DATABASE_URL or DATABASE_URL: only the embedded database is measured.\n');
const results = [];
for (const embedded of parts.includes('life') ? databases : []) {
  for (const latencyMs of latencies) {
    for (const reading of readings) results.push(await measureLife({ latencyMs, embedded, reading }));
  }
}

table(
  ['', 'reading', 'latency ms', 'requests', 'seconds', 'CPU s', 'stored', 'peak RSS MB'],
  results.flatMap((result) => {
    const row = (name, run, memory = '') => [
      `${name}, ${databaseOf(result)}`,
      result.reading,
      result.latencyMs,
      run.requests,
      run.seconds,
      run.cpu,
      run.stored,
      memory,
    ];
    const { first, idle, changed, peak } = result;
    return [row('first sync', first, peak), row('idle poll', idle), row('after 1 % changed', changed)];
  }),
);
console.log();
table(['rival, recorded', 'requests', 'seconds at 0 / 20 ms', 'stored'], RIVAL);
console.log();
table(
  ['first sync against the floor', 'reading', 'latency ms', 'requests', 'floor s', 'ours s', 'ratio', 'target'],
  results.flatMap((result) => {
    const { reading, latencyMs, warm } = result;
    // With few requests the floor is next to nothing: what counts then is the time itself.
    const target = result.embedded || reading === 'auto' ? '' : latencyMs >= 20 ? '<= 1.5' : '<= 2.5';
    const row = (state, { first, floor }) => {
      const ratio = first.seconds / floor;
      return [
        `${state}, ${databaseOf(result)}`,
        reading,
        latencyMs,
        first.requests,
        floor,
        first.seconds,
        ratio,
        target,
      ];
    };
    return [row('hub just started', result), row('hub at work for a while', warm)];
  }),
);
console.log();
table(
  ['processor seconds of the first sync', 'reading', 'latency ms', 'hub', 'GitLab', 'PostgreSQL'],
  results.flatMap(({ first, others, warm, ...result }) => [
    [
      `just started, ${databaseOf(result)}`,
      result.reading,
      result.latencyMs,
      first.cpu,
      others.gitlab,
      result.embedded ? '' : others.database,
    ],
    [`at work for a while, ${databaseOf(result)}`, result.reading, result.latencyMs, warm.first.cpu, '', ''],
  ]),
);
console.log();
table(
  [
    'changes',
    'reading',
    'latency ms',
    'idle requests per project',
    'of which registry',
    'caught',
    'polls until all caught',
  ],
  results.map((result) => {
    const { reading, latencyMs, idle, found, polls } = result;
    const registry = Object.entries(idle.byEndpoint).filter(([endpoint]) => endpoint.includes('registry'));
    const inRegistry = registry.reduce((sum, [, count]) => sum + count, 0);
    const share = `${found.wanted - found.missed.length} of ${found.wanted}`;
    // By GraphQL all streams have one endpoint.
    const ofRegistry = reading === 'rest' ? inRegistry / 10 : '';
    return [databaseOf(result), reading, latencyMs, idle.requests / 10, ofRegistry, share, polls];
  }),
);

const many = [];
for (const embedded of parts.includes('many') ? databases.slice(0, 1) : []) {
  for (const reading of readings) {
    for (const connections of [1, 10]) many.push(await measureIdle({ latencyMs: 20, embedded, reading, connections }));
  }
}
if (many.length > 0) {
  console.log('\n100 projects, nothing changed, in one connection and in ten of one token that are polled together:\n');
  table(
    ['100 projects idle', 'reading', 'connections', 'latency ms', 'requests', 'seconds'],
    many.map((result) => [
      databaseOf(result),
      result.reading,
      result.connections,
      result.latencyMs,
      result.requests,
      result.seconds,
    ]),
  );
}

console.log();
const verdicts = results
  .filter(({ reading }) => reading === 'auto')
  .flatMap((result) =>
    Object.entries(TARGETS).map(([name, target]) => {
      const { requests, seconds } = result[name];
      const isFast = target.seconds === undefined || result.latencyMs < 20 || seconds < target.seconds;
      const wanted = `<= ${target.requests}${target.seconds && result.latencyMs >= 20 ? ` in < ${target.seconds} s` : ''}`;
      const verdict = requests <= target.requests && isFast ? 'met' : 'MISSED';
      return [`${name}, ${databaseOf(result)}, ${result.latencyMs} ms`, requests, seconds, wanted, verdict];
    }),
  );
const one = many.find(({ reading, connections }) => reading === 'auto' && connections === 1);
if (one) {
  const verdict = one.requests <= MANY_IDLE ? 'met' : 'MISSED';
  verdicts.push(['100 projects idle', one.requests, one.seconds, `<= ${MANY_IDLE}`, verdict]);
}
if (verdicts.length > 0) table(['auto against its targets', 'requests', 'seconds', 'target', ''], verdicts);

for (const { reading, idle } of results.slice(0, readings.length)) {
  console.log(`\nIdle poll by endpoint, ${reading}: ${JSON.stringify(idle.byEndpoint)}`);
}
if (results.some(({ found }) => found.missed.length > 0)) {
  console.log(`Missed: ${JSON.stringify(results.flatMap(({ found }) => found.missed).slice(0, 20))}`);
  process.exitCode = 1;
}
