import { Command, InvalidArgumentError, Option } from 'commander';
import type { Edition } from './entities/site.js';
import { openControl } from './control.js';
import { CodeProject } from './git/code-project.js';
import type { Project } from './model/project.js';
import { LivelyWorld } from './seeding/lively-world.js';
import { benchSize, issuesSize, largeSize, smallSize, type SeedSize } from './seeding/seed-context.js';
import { seedWorld } from './seeding/seed-world.js';
import { GitLabSimulator } from './simulator.js';

/** Runs the simulator as a process of its own: prints one line of JSON when it is ready, ends at SIGTERM or SIGINT. */

const worlds = {
  small: smallSize,
  bench: benchSize,
  large: largeSize,
  issues: issuesSize,
  lively: { ...smallSize, projects: 5 },
};

/** Ticks between two pushes. */
const pushEvery = 6;

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('a whole number is needed');
  return value;
}

function worldName(text: string): keyof typeof worlds {
  if (text === 'small' || text === 'bench' || text === 'large' || text === 'issues' || text === 'lively') return text;
  throw new InvalidArgumentError('small, bench, large, issues or lively');
}

interface Flags extends Partial<SeedSize> {
  readonly port: number;
  readonly latency: number;
  readonly world: keyof typeof worlds;
  readonly seed: string;
  readonly prefix: string;
  readonly edition: Edition;
  readonly tick: number;
  readonly code: boolean;
}

const sizeFlags: readonly (readonly [string, string])[] = [
  ['--projects <n>', 'projects'],
  ['--merge-requests <n>', 'merge requests per project'],
  ['--pipelines <n>', 'pipelines per project'],
  ['--failed-pipelines <n>', 'of which failed'],
  ['--running-pipelines <n>', 'of which are running'],
  ['--releases <n>', 'releases per project'],
  ['--repositories <n>', 'registry repositories per project'],
  ['--tags <n>', 'image tags per registry repository'],
  ['--branches <n>', 'branches per project'],
  ['--commits-per-branch <n>', 'commits on each branch'],
  ['--shared-commits <n>', 'commits that a branch shares with the default branch'],
  ['--deployments <n>', 'deployments per project'],
  ['--issues <n>', 'issues per project'],
  ['--comments <n>', 'comments per issue'],
];

const program = new Command('gitlab-simulator')
  .description('A GitLab in memory, over real HTTP on the loopback interface')
  .option('--port <n>', 'port; 0 is any free one', wholeNumber, 0)
  .option('--latency <ms>', 'waited before every answer', wholeNumber, 0)
  .option('--world <name>', 'small, bench, large, issues or lively', worldName, 'small')
  .option('--seed <text>', 'the same seed gives the same world', '1')
  .addOption(new Option('--edition <name>', 'which edition it is').choices(['free', 'ee']).default('free'))
  .option('--prefix <path>', 'a relative root such as /gitlab', '')
  .option('--tick <ms>', 'between two happenings of the lively world', wholeNumber, 3000)
  .option('--code', 'adds a project with a real repository, to which somebody pushes now and then; needs git', false);
for (const [flag, meaning] of sizeFlags) program.option(flag, meaning, wholeNumber);
program.parse();

const { port, latency, world, seed, prefix, edition, tick, code, ...size } = program.opts<Flags>();
const simulator = await GitLabSimulator.start({ port, latencyMs: latency, pathPrefix: prefix, seed, edition });
const seedNow = () => seedWorld(simulator.world, { ...worlds[world], ...size, seed });
const seeded = seedNow();
openControl(simulator, () => {
  simulator.resetWorld();
  seedNow();
});
const repository = code ? await CodeProject.open(simulator, seeded, { seed, tickMs: pushEvery * tick }) : undefined;
const leaves = (project: Project) => project === repository?.project;
const lively = new LivelyWorld(() => simulator.world, { seed, tickMs: tick, leaves });
if (world === 'lively') lively.start();
const projects = seeded.projects.map(({ id, fullPath }) => ({ id, path: fullPath }));
const tokens = { token: seeded.token.value, writeToken: seeded.writeToken.value };
process.stdout.write(`${JSON.stringify({ url: simulator.url, ...tokens, projects, code: repository?.shown })}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    lively.stop();
    void Promise.resolve(repository?.stop()).then(() => simulator.stop());
  });
}
