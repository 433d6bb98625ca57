import { setFlagsFromString } from 'node:v8';
import { join } from 'node:path';
import { adminTokenFile } from './auth/admin-token.js';
import { lendPackages } from './catalog/borrowed-packages.js';
import { loadEnvironment } from './config/environment.js';
import { readSettings } from './config/read-settings.js';
import type { Settings } from './config/settings.js';
import { StartError } from './config/start-error.js';
import { version } from './config/version.js';
import { type RunningHub, startHub } from './hub.js';

// The heap grows by half at most between collections, not by as much as the machine has: a first sync of 200,000 objects
// then stays far below 300 MB at the same speed.
setFlagsFromString('--heap-growing-percent=50');

/** The longest a stop may take; a container is killed soon after. */
const STOP_WITHIN_MS = 25_000;

let stopping = false;

try {
  const settings = readSettings(loadEnvironment(join(process.cwd(), '.env')));
  lendPackages(settings.connectorDirs);
  lendToConnectors(settings);
  const hub = await startHub(settings);
  stopOnSignals(hub);
  exitOnUnexpected(hub);
  console.log(`Syncline ${version} listens on ${settings.publicUrl ?? hub.url}`);
  try {
    await hub.ready;
  } catch (error) {
    await hub.close();
    throw error;
  }
  showToken(hub, settings);
} catch (error) {
  fail(error);
}

/** Connectors look for folders and limits in the environment, of which a `.env` file is no part by itself. */
function lendToConnectors({ dataDir, workDir, gitProcesses }: Settings): void {
  process.env['DATA_DIR'] = dataDir;
  process.env['GIT_PROCESSES'] = String(gitProcesses);
  if (workDir !== undefined) process.env['WORK_DIR'] = workDir;
}

function showToken(hub: RunningHub, settings: Settings): void {
  // Stopped before the database was reached.
  if (stopping) return;
  if (!hub.adminTokenIsNew) {
    console.log('Ready. Log in with your admin token.');
    return;
  }
  const kept = settings.embedded
    ? `It is kept in ${adminTokenFile(settings.dataDir)}.`
    : 'Only its hash is kept: note it now.';
  console.log(`Ready. Log in with this admin token, which is shown this once:\n\n  ${hub.adminToken}\n\n${kept}`);
}

function stopOnSignals(hub: RunningHub): void {
  const stop = (signal: NodeJS.Signals): void => {
    // Who asks twice does not want to wait.
    if (stopping) process.exit(1);
    stopping = true;
    hub.log.info(`${signal}: stopping`);
    setTimeout(() => {
      hub.log.error('the stop takes too long; what runs is taken over at the next start');
      process.exit(1);
    }, STOP_WITHIN_MS).unref();
    hub.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** A state that nobody foresaw is not worked on: the next start takes up what was committed. */
function exitOnUnexpected(hub: RunningHub): void {
  const exit = (error: unknown): void => {
    hub.log.fatal({ err: error }, 'an unexpected error ends this process');
    process.exitCode = 1;
    setTimeout(() => process.exit(1), 1_000).unref();
    void hub.log.flush().then(() => process.exit(1));
  };
  process.on('uncaughtException', exit);
  process.on('unhandledRejection', exit);
}

function fail(error: unknown): never {
  if (error instanceof StartError) console.error(error.message);
  else console.error(error);
  process.exit(1);
}
