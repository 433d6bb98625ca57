import { join, resolve } from 'node:path';

/** Where the caches lie: `WORK_DIR`, or the folder `git` in the hub's `DATA_DIR`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env['WORK_DIR']) return resolve(env['WORK_DIR']);
  return join(resolve(env['DATA_DIR'] || 'data'), 'git');
}
