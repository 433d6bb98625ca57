import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../apps/hub/dist/database/data-source.js';
import { createDatabase, server } from './databases.mjs';

const SETTINGS = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'work_mem'];

/**
 * A migrated database of one's own, dropped at the end: on the server of TEST_DATABASE_URL or DATABASE_URL (its user may
 * create databases), else embedded in a temporary folder.
 */
export async function openBenchDatabase() {
  if (!server) {
    const dataDir = await mkdtemp(join(tmpdir(), 'syncline-bench-'));
    const database = await openDatabase({ dataDir });
    const close = async () => {
      await database.destroy();
      await rm(dataDir, { recursive: true, force: true });
    };
    return { database, embedded: true, close };
  }
  const { url, drop } = await createDatabase();
  const database = await openDatabase({ url });
  const close = async () => {
    await database.destroy();
    await drop();
  };
  return { database, embedded: false, close };
}

/** Where this was measured: without it no number means anything. */
export async function describePlace(database, embedded) {
  const shown = [];
  for (const name of SETTINGS) {
    const [row] = await database.query(`select current_setting($1, true) as value`, [name]);
    shown.push(`${name}=${row.value}`);
  }
  const [cpu] = cpus();
  return [
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} x ${cpu?.model.trim() ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB, load average ${loadavg()[0]?.toFixed(1)} at the start`,
    `${embedded ? 'embedded database (PGlite)' : 'PostgreSQL'}: ${shown.join(', ')}`,
  ].join('\n');
}
