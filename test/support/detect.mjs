// What this machine offers to tests beyond Node. One place for the rules: the test runner prints them, specs obey them.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const isOpenSslThere = () => spawnSync('openssl', ['version'], { stdio: 'ignore' }).status === 0;

/** The Chromium to drive: `CHROMIUM_PATH`, or Debian's. A path that is set but wrong counts as absent. */
export function findChromium(env = process.env) {
  const path = env.CHROMIUM_PATH || '/usr/bin/chromium';
  return existsSync(path) ? path : undefined;
}

/** Recorded answers of a real GitLab. They are not part of this repository; they lie beside the checkout, or nowhere. */
export function findRecordings() {
  const path = fileURLToPath(new URL('../../../shared/data', import.meta.url));
  return existsSync(path) ? path : undefined;
}

/** A PostgreSQL where tests may create and drop databases; undefined: the embedded database is used. */
export const findDatabaseUrl = (env = process.env) => env.TEST_DATABASE_URL || undefined;

export const findOpenSsl = () => (isOpenSslThere() ? 'openssl' : undefined);

/** Git with its server side, `git http-backend`, which some distributions ship apart. */
export function findGit() {
  const path = spawnSync('git', ['--exec-path'], { encoding: 'utf8' }).stdout?.trim();
  return path && existsSync(`${path}/git-http-backend`) ? 'git' : undefined;
}

/** The extension of git that carries large files. */
export const findLfs = () =>
  findGit() && spawnSync('git', ['lfs', 'version'], { stdio: 'ignore' }).status === 0 ? 'git-lfs' : undefined;

/** In a complete run nothing may be left out for want of a tool: absence is a failure. */
export const isCompleteRun = (env = process.env) => env.SYNCLINE_TEST_COMPLETE === '1';

/** The mark a capability leaves in the names of its tests, by which the runner counts them. */
export const markOf = (capability) => `[${capability}]`;
