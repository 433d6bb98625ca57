// A database of its own on a PostgreSQL server, dropped afterwards.
import { randomUUID } from 'node:crypto';
import { pg } from '../../../scripts/lib/pg.mjs';

/** The server to measure on; undefined: only the embedded database can be measured. */
export const server = process.env.TEST_DATABASE_URL || process.env.DATABASE_URL;

async function asAdmin(work) {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

export async function createDatabase() {
  const name = `syncline_bench_${randomUUID().replaceAll('-', '')}`;
  await asAdmin((admin) => admin.query(`create database ${name}`));
  return {
    name,
    url: Object.assign(new URL(server), { pathname: `/${name}` }).toString(),
    drop: () => asAdmin((admin) => admin.query(`drop database ${name} with (force)`)),
  };
}
