import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  findChromium,
  findDatabaseUrl,
  findGit,
  findLfs,
  findOpenSsl,
  findRecordings,
  markOf,
} from '../../test/support/detect.mjs';
import { pg } from './pg.mjs';
import { root } from './root.mjs';

const require = createRequire(import.meta.url);

const firstLine = (command, ...args) =>
  spawnSync(command, args, { encoding: 'utf8', timeout: 20_000 }).stdout?.split('\n')[0]?.trim() || command;

function embeddedVersion() {
  try {
    return require(join(root, 'node_modules/@electric-sql/pglite/package.json')).version;
  } catch {
    return '';
  }
}

async function describeDatabase(url) {
  if (url === undefined) return { state: `embedded (PGlite ${embeddedVersion()})` };
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query('show server_version');
    return { state: `PostgreSQL ${rows[0].server_version.split(' ')[0]}` };
  } catch (error) {
    const cause = error.message || error.code;
    return { broken: true, state: `TEST_DATABASE_URL is set, but there is no PostgreSQL: ${cause}` };
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What this machine offers to tests: `missing` is left out, `broken` was asked for and does not work. */
export async function describeCapabilities(env) {
  const url = findDatabaseUrl(env);
  const chromium = findChromium(env);
  const git = findGit();
  const lfs = findLfs();
  const openssl = findOpenSsl();
  const recordings = findRecordings();
  return [
    { name: 'database', ...(await describeDatabase(url)) },
    {
      name: 'postgres',
      mark: markOf('postgres'),
      required: true,
      missing: url === undefined,
      state: url ? 'a real server, for tests that need one' : 'none (TEST_DATABASE_URL is not set)',
    },
    {
      name: 'browser',
      mark: markOf('browser'),
      required: true,
      missing: chromium === undefined,
      state: chromium
        ? firstLine(chromium, '--version', '--no-sandbox')
        : `none (${env.CHROMIUM_PATH || '/usr/bin/chromium'} is absent)`,
    },
    {
      name: 'git',
      mark: markOf('git'),
      required: true,
      missing: git === undefined,
      state: git ? firstLine(git, '--version') : 'none, or without git http-backend',
    },
    {
      name: 'git-lfs',
      mark: markOf('git-lfs'),
      required: true,
      missing: lfs === undefined,
      state: lfs ? firstLine('git', 'lfs', 'version') : 'none',
    },
    {
      name: 'openssl',
      mark: markOf('openssl'),
      required: true,
      missing: openssl === undefined,
      state: openssl ? firstLine(openssl, 'version') : 'none',
    },
    {
      name: 'recordings',
      mark: markOf('recordings'),
      required: false,
      missing: recordings === undefined,
      state: recordings ? 'of a real GitLab, beside the checkout' : 'none beside the checkout (../shared/data)',
    },
  ];
}
