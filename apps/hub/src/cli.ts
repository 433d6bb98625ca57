import { join } from 'node:path';
import { Command } from 'commander';
import { registerCommands } from './commands/commands.js';
import { loadEnvironment } from './config/environment.js';
import { readSettings } from './config/read-settings.js';
import { StartError } from './config/start-error.js';
import { version } from './config/version.js';

const program = new Command('hub')
  .description('Works on the hub that the same environment describes: its database, its data folder, its keys.')
  .version(version)
  .showHelpAfterError();
registerCommands(
  program,
  () => readSettings(loadEnvironment(join(process.cwd(), '.env'))),
  (line) => {
    console.log(line);
  },
);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof StartError) console.error(error.message);
  else console.error(error);
  process.exitCode = 1;
}
