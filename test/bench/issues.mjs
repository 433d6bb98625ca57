// What keeping issues in step costs: requests by kind, time, CPU and memory of a first sync, an idle one and one after edits and
// comments, beside the least there can be and the floor (the same requests by a bare client), and how the cost of a changed
// issue grows with the number of linked ones.
//   npm run with-postgres -- npm run bench:issues [-- --issues 10000] [--latency 20,0] [--linked 1000,10000,50000] [--changes 100]
import { parseArgs } from 'node:util';
import { server } from './lib/databases.mjs';
import { header, table } from './lib/report.mjs';
import { measureFloor } from './issues/floor.mjs';
import { fillLinks } from './issues/seed-links.mjs';
import { withStage } from './issues/stage.mjs';
import { leastRequests, survey } from './issues/world.mjs';

if (!server) throw new Error('Set TEST_DATABASE_URL, e.g. by `npm run with-postgres -- npm run bench:issues`.');

const { values } = parseArgs({
  options: {
    issues: { type: 'string', default: '10000' },
    latency: { type: 'string', default: '20,0' },
    linked: { type: 'string', default: '1000,10000,50000' },
    changes: { type: 'string', default: '100' },
    profile: { type: 'boolean', default: false },
  },
});
const numbers = (text) => text.split(',').filter(Boolean).map(Number);
const [issues, changes] = [Number(values.issues), Number(values.changes)];
const nodeArgs = values.profile ? ['--cpu-prof', '--cpu-prof-dir=/tmp/bench-issues-profiles'] : [];

const verdicts = [];
const judge = (what, value, target, isMet) => verdicts.push([what, value, target, isMet ? 'met' : 'MISSED']);

async function measureLife(latencyMs) {
  return withStage({ issues, comments: 3, latencyMs, nodeArgs }, async (stage) => {
    const world = await survey(stage.source);
    await stage.source.control('POST', 'reset');
    const first = await stage.sync(500);
    const log = { source: await stage.source.log(), target: await stage.target.log() };
    const late = await stage.sync();
    await stage.quiet();
    await stage.sync();
    const idle = await stage.sync();
    await stage.change('edits', changes);
    const edited = await stage.sync();
    await stage.quiet();
    await stage.sync();
    await stage.change('comments', changes);
    const commented = await stage.sync();
    await stage.quiet();
    await stage.sync();
    const settled = await stage.sync();
    const issueLength = Math.round(world.characters / world.issues) + 250;
    const floor = await measureFloor({ source: stage.source, target: stage.target, log, issueLength });
    return { latencyMs, world, first, late, idle, edited, commented, settled, floor };
  });
}

/** So many issues are really copied; the others' links are seeded, as only edited issues are ever asked for. */
const REAL = 1_000;
const ROUNDS = 5;

/** What one edit costs beside so many linked issues, and what looking for edits costs. */
async function measureGrowth(sizes) {
  return withStage({ issues: Math.min(REAL, ...sizes), comments: 0, counted: true }, async (stage) => {
    await stage.sync(500);
    const results = [];
    for (const linked of sizes) {
      await fillLinks(stage.databaseUrl, linked);
      const rounds = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        await stage.quiet();
        await stage.sync();
        const idle = await stage.sync();
        await stage.change('edits', changes);
        rounds.push({ idle, edited: await stage.sync() });
      }
      // The first round warms up; of the others the least counts, as whatever else the machine does only adds to it.
      const kept = rounds.slice(1);
      const least = (pick) => Math.min(...kept.map(pick));
      const figures = (run, count) => ({
        requests: least((round) => round[run].requests) / count,
        statements: least((round) => round[run].statements) / count,
        cpuMs: (least((round) => round[run].cpu) * 1000) / count,
      });
      const memory = Math.max(...rounds.map(({ edited }) => edited.most));
      results.push({ linked, idle: figures('idle', 1), each: figures('edited', changes), memory });
    }
    return results;
  });
}

header(`Issue sync: ${issues.toLocaleString('en')} issues with 3 comments each, both ways, on PostgreSQL`);
const lives = [];
for (const latencyMs of numbers(values.latency)) {
  const life = await measureLife(latencyMs);
  lives.push(life);
  const { first, late, idle, edited, commented, settled, floor, world } = life;
  const row = (name, run) => [name, latencyMs, run.requests, run.reads, run.writes, run.seconds, run.cpu, run.most];
  table(
    ['', 'latency ms', 'requests', 'reads', 'writes', 'seconds', 'CPU s', 'RSS MB'],
    [
      row('first sync', first),
      row('right after it', late),
      row('idle', idle),
      row(`${changes} fields edited`, edited),
      row(`${changes} comments`, commented),
      row('idle', settled),
    ],
  );
  const least = leastRequests(world);
  const excess = (first.reads / least.reads - 1) * 100;
  const at = `, ${latencyMs} ms`;
  judge(`first sync: writes${at}`, first.writes, `${least.writes.toLocaleString('en')}`, first.writes === least.writes);
  judge(`first sync: reads above the least, %${at}`, excess, '<= 3', excess <= 3);
  judge(`idle requests${at}`, idle.requests, '<= 4', idle.requests <= 4);
  const mostForEdits = 4 + 3 * changes;
  judge(`requests after ${changes} edits${at}`, edited.requests, `<= ${mostForEdits}`, edited.requests <= mostForEdits);
  judge(`comments written${at}`, commented.writes, `${changes}`, commented.writes === changes);
  judge(`lists of comments${at}`, commented.noteLists, `<= ${changes}`, commented.noteLists <= changes);
  const ratio = first.seconds / floor.seconds;
  if (latencyMs >= 20) judge(`first sync against the floor${at}`, ratio, '<= 1.5', ratio <= 1.5);
  judge(`peak memory, MB${at}`, first.peak, '< 300', first.peak < 300);
  console.log(
    `\nThe floor (${first.requests.toLocaleString('en')} requests, 8 at once and host): ${floor.seconds.toFixed(1)} s, ratio ${ratio.toFixed(2)}; ${floor.refused} of its requests were refused.`,
  );
  console.log(`The world: ${JSON.stringify(world)}`);
  console.log(`The least: ${JSON.stringify(least)}`);
  for (const [name, run] of Object.entries({ first, late, idle, edited, commented })) {
    console.log(`${name}: ${JSON.stringify(run.kinds)}`);
  }
  console.log();
}

const sizes = numbers(values.linked);
const growth = sizes.length > 0 ? await measureGrowth(sizes) : [];
if (growth.length > 0) {
  console.log(`\nOne of ${changes} edited issues beside so many linked ones; and a sync that finds nothing:\n`);
  const figures = ({ requests, statements, cpuMs }) => [requests, statements, cpuMs];
  const names = ['requests', 'statements', 'CPU ms'];
  table(
    ['linked issues', ...names.map((name) => `${name} each`), ...names.map((name) => `${name} idle`), 'RSS MB'],
    growth.map(({ linked, each, idle, memory }) => [linked, ...figures(each), ...figures(idle), memory]),
  );
  const [small, large] = [growth[0], growth.at(-1)];
  if (growth.length > 1) {
    const ratioOf = (name) => large.each[name] / small.each[name];
    for (const [name, most] of [
      ['requests', 1.05],
      ['statements', 1.05],
      ['cpuMs', 1.3],
    ]) {
      const grown = ratioOf(name);
      judge(`${name} per change, ${large.linked} : ${small.linked} linked`, grown, `<= ${most}`, grown <= most);
    }
    judge(`memory with ${large.linked} linked, MB`, large.memory, '< 300', large.memory < 300);
  }
}
console.log();
table(['', 'measured', 'target', ''], verdicts);
if (verdicts.some((verdict) => verdict.at(-1) === 'MISSED')) process.exitCode = 1;
