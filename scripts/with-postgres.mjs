// Runs a command beside a private PostgreSQL that lives as long as the command:
//   npm run with-postgres -- npm test
//   npm run with-postgres -- npm start
// The command finds TEST_DATABASE_URL (databases may be created) and DATABASE_URL (an empty database).
import { run } from './lib/run.mjs';
import { pg } from './lib/pg.mjs';
import { startPostgres } from './lib/postgres.mjs';

const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  console.error('Usage: npm run with-postgres -- <command> [arguments]');
  process.exit(2);
}

/** Signals that come while the server starts must not leave it behind. */
let interrupted = false;
const note = () => (interrupted = true);
process.on('SIGINT', note).on('SIGTERM', note);

const fail = (error) => {
  console.error(error.message);
  process.exit(1);
};
const postgres = await startPostgres().catch(fail);
try {
  const client = new pg.Client({ connectionString: postgres.maintenanceUrl });
  await client.connect();
  await client.query('create database syncline');
  const { rows } = await client.query('show server_version');
  await client.end();
  console.error(`PostgreSQL ${rows[0].server_version} is up (process ${postgres.pid}).`);
  if (interrupted) process.exitCode = 130;
  else {
    const env = { ...process.env, TEST_DATABASE_URL: postgres.maintenanceUrl, DATABASE_URL: postgres.url('syncline') };
    const { code } = await run(command, args, { env, cwd: process.cwd() });
    process.exitCode = code;
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await postgres.stop();
}
