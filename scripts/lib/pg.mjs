import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './root.mjs';

/** The hub's own PostgreSQL driver, so that scripts and hub speak with one version. */
export const pg = createRequire(join(root, 'apps/hub/package.json'))('pg');
