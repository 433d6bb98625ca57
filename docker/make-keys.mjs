// Makes what a hub beside PostgreSQL needs and nobody should have to invent: the key that encrypts credentials, the
// administrator's token and the database's password. Runs before every start; what exists is never changed.
//   node docker/make-keys.mjs <folder>     with DATABASE_HOST (default `db`)
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
if (!folder) {
  console.error('Usage: make-keys.mjs <folder>');
  process.exit(2);
}

/** Appears whole or not at all: a half-written key would lock everybody out. */
function keep(name, mode, make) {
  const file = join(folder, name);
  if (!existsSync(file)) {
    const draft = `${file}.new`;
    rmSync(draft, { force: true });
    writeFileSync(draft, make(), { mode, flush: true });
    linkSync(draft, file);
    rmSync(draft);
    console.log(`made ${name}`);
  }
  return readFileSync(file, 'utf8');
}

keep('secret-key', 0o400, () => randomBytes(32).toString('hex'));
keep('admin-token', 0o400, () => randomBytes(24).toString('hex'));
const password = keep('database-password', 0o400, () => randomBytes(24).toString('hex'));
const host = process.env.DATABASE_HOST ?? 'db';
keep('database-url', 0o400, () => `postgres://syncline:${password}@${host}:5432/syncline`);
