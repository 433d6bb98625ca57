// Code sync: npm run with-postgres -- npm run bench:code [-- --only branch|fleet]
//   branch  one changed branch of many, beside bare git [--branches 2000 --commits 50000 --rounds 7]
//   fleet   many connections due at once on two workers, and push hooks all the while; needs PostgreSQL
//           [--connections 50 --git-processes 4 --rate 20 --seconds 20]
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { benchCodeBranch } from './lib/code-branch.mjs';
import { runCodeFleet } from './lib/code-fleet.mjs';
import { createDatabase, server } from './lib/databases.mjs';
import { header, table } from './lib/report.mjs';

const text = (fallback) => ({ type: 'string', default: fallback });
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    branches: text('2000'),
    commits: text('50000'),
    rounds: text('7'),
    connections: text('50'),
    'git-processes': text('4'),
    rate: text('20'),
    seconds: text('20'),
  },
});
const number = (name) => Number(values[name]);

async function benchFleet() {
  const [connections, gitProcesses, hookRate, seconds] = ['connections', 'git-processes', 'rate', 'seconds'].map(
    number,
  );
  header(`Code sync: ${connections} connections due at once on two workers`);
  if (server === undefined) {
    console.log('Left out: several workers need a PostgreSQL (npm run with-postgres -- npm run bench:code).');
    return;
  }
  console.log(`Load average ${loadavg()[0].toFixed(1)} at the start; ${hookRate} push hooks a second all the while.\n`);
  const database = await createDatabase();
  const sizes = { connections, gitProcesses, hookRate, seconds };
  const seen = await runCodeFleet({ databaseUrl: database.url, ...sizes }).finally(() => database.drop());
  const { hooks, alone, meanwhile, repeats } = seen;
  const counts = [
    ['first syncs of all, s', seen.firstSeconds],
    ['one change in each, s', seen.againSeconds],
    ['git processes', seen.runs.reduce((sum, runs) => sum + runs, 0)],
    ['overlaps: two on one cache', seen.overlaps, 0],
    [`most at once in one worker (limit ${gitProcesses})`, Math.max(...seen.most), gitProcesses],
    ['repositories that differ at the end', seen.differing.length, 0],
    ['runs that failed', seen.failedRuns.length, 0],
    ['hooks sent', hooks.sent],
    ['hooks not accepted', hooks.refused, 0],
    ['hooks accepted and not stored', hooks.sent - hooks.refused - hooks.stored, 0],
    ['hooks not processed', hooks.stored - hooks.done, 0],
    [`runs of ${repeats.sent} hooks of which ${repeats.sent - 1} came while the first one's ran`, repeats.runs, 2],
    ['hook p99 ms meanwhile', meanwhile.p99, 150],
  ];
  const judged = counts.map(([what, value, most]) => [what, value, most, most === undefined || value <= most]);
  table(
    ['what', 'seen', 'target'],
    judged.map(([what, value, most, isMet]) => [
      what,
      value,
      most === undefined ? '' : `<= ${most}: ${isMet ? 'met' : 'MISSED'}`,
    ]),
  );
  console.log('');
  const row = (name, { p50, p99, max }) => [name, p50, p99, max];
  table(['hooks', 'p50 ms', 'p99 ms', 'max ms'], [row('while nobody works', alone), row('meanwhile', meanwhile)]);
  for (const failure of seen.failedRuns) console.log(`\nA run failed: ${failure}`);
  if (judged.some(([, , , isMet]) => !isMet)) process.exitCode = 1;
}

if (values.only !== 'fleet') {
  await benchCodeBranch({ branches: number('branches'), commits: number('commits'), rounds: number('rounds') });
}
if (values.only !== 'branch') await benchFleet();
