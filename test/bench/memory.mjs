// Memory of the hub's process while it reads 200,000 objects for the first time.
//   npm run with-postgres -- npm run bench:memory
import { setTimeout } from 'node:timers/promises';
import { peakRssMb, rssMb } from './lib/child-process.mjs';
import { createDatabase, server } from './lib/databases.mjs';
import { startGitLab } from './lib/gitlab.mjs';
import { startHub } from './lib/hub.mjs';
import { header, table } from './lib/report.mjs';

if (!server) throw new Error('Set TEST_DATABASE_URL, e.g. by `npm run with-postgres -- npm run bench:memory`.');

header('Memory: 200,000 objects first-synced');
const gitlab = await startGitLab(['--world', 'large']);
const database = await createDatabase();
const hub = await startHub({ databaseUrl: database.url });
try {
  const atRest = rssMb(hub.pid);
  const connection = await hub.connect('memory', gitlab, { branches: ['main', 'develop'] });
  const { runId } = await hub.api('POST', `/api/connections/${connection.id}/sync`, {});
  const samples = [];
  let run;
  do {
    await setTimeout(1_000);
    run = await hub.api('GET', `/api/runs/${runId}`);
    samples.push({ stored: run.counts.stored, mb: rssMb(hub.pid) });
  } while (run.finishedAt === null);
  const total = run.counts.stored;
  const rows = [0.1, 0.25, 0.5, 0.75, 1].map((share) => {
    const sample = samples.find(({ stored }) => stored >= total * share) ?? samples.at(-1);
    return [`${share * 100} % stored`, sample.stored, sample.mb];
  });
  table(['', 'events', 'RSS MB'], [['at rest', 0, atRest], ...rows, ['peak', total, peakRssMb(hub.pid)]]);
  const seconds = (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000;
  console.log(
    `\nRun ${run.status}: ${total} events in ${seconds.toFixed(0)} s. Target: peak under 300 MB, flat over time.`,
  );
} finally {
  await hub.stop();
  await database.drop();
  await gitlab.stop();
}
