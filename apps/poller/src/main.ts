#!/usr/bin/env node
import 'reflect-metadata';
import { Command } from 'commander';
import { loadEnvironment, StartError } from '@syncline/hub/engine';
import { Poller } from './poller.js';
import { readPollerSettings } from './settings.js';

const program = new Command('poller')
  .description('Polls GitLab for changes and stores them as change events, one line a cycle. Stops cleanly on SIGTERM.')
  .option('--check', 'test the token, the URL and the projects, then exit: 0 when all is well')
  .option('--once', 'one cycle, then exit: 0 when it was whole')
  .option('--print', 'also print each new or changed event as a line of JSON')
  .addHelpText(
    'after',
    `
Environment:
  GITLAB_TOKEN   required; scope read_api (or GITLAB_TOKEN_FILE)
  GITLAB_URL     default https://gitlab.com; may carry a path prefix
  POLL_INTERVAL  seconds between cycles, default 300
  REPOS          comma-separated projects (group/project or id); default: those the token is a member of
  BRANCHES       comma-separated branches; needed for commits
  DATA_DIR       where the events are kept, default ./data/poller
  DATABASE_URL   keep them in this PostgreSQL instead, e.g. the hub's
  LOG_LEVEL      debug: log each request`,
  )
  .parse();

const options = program.opts<{ check?: boolean; once?: boolean; print?: boolean }>();

async function main(): Promise<number> {
  const settings = readPollerSettings(loadEnvironment());
  const poller = await Poller.open(settings, (line) => process.stdout.write(`${line}\n`));
  const stop = (): void => poller.stop();
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  try {
    const reachable = await poller.check();
    if (options.check) return reachable ? 0 : 1;
    if (options.once) return (await poller.cycle(options.print ?? false)) ? 0 : 1;
    await poller.run(options.print ?? false);
    return 0;
  } finally {
    await poller.close();
  }
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const known = error instanceof StartError;
    process.stderr.write(
      known
        ? `ERROR: ${error.message}\n`
        : `ERROR: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = 1;
  },
);
