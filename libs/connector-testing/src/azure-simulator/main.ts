import { Command } from 'commander';
import { AzureSimulator } from './simulator.js';

/**
 * Runs an Azure DevOps as a process of its own, with an empty repository whose pushes start a pipeline: prints one line of
 * JSON when it is ready, ends at SIGTERM or SIGINT.
 */
const program = new Command('azure-simulator')
  .description('An Azure DevOps with real git, over real HTTP on the loopback interface')
  .option('--port <n>', 'port; 0 is any free one', '0')
  .option('--name <text>', 'of the project and its repository', 'Web Shop')
  .parse();

const { port, name } = program.opts<{ port: string; name: string }>();
const simulator = await AzureSimulator.start({ port: Number(port) });
const repository = await simulator.createProject(name);
simulator.world.builds.createDefinition(repository.project, {
  name: 'build and test',
  repository,
  course: { queueMs: 5_000, runMs: 20_000, result: 'succeeded' },
});
const token = simulator.world.createToken(simulator.world.createUser('Sync Robot')).value;
process.stdout.write(`${JSON.stringify({ url: simulator.url, token, project: name, repository: name })}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void simulator.stop());
