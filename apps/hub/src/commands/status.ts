import type { Settings } from '../config/settings.js';
import { folderHolder } from '../database/folder-lock.js';
import { KEY_SETTING } from '../secrets/key-check.js';
import { withDatabase } from './offline-database.js';
import { callHub } from './running-hub.js';

/** What can be said about the hub from here, in a few lines. */
export async function status(settings: Settings): Promise<string> {
  if (!settings.embedded) return withDatabase(settings, (database) => describeDatabase(database));
  const holder = folderHolder(settings.dataDir);
  if (holder === undefined) return `No hub uses the data folder ${settings.dataDir}.`;
  const where = `A hub (process ${holder.pid}) uses the data folder ${settings.dataDir}`;
  if (holder.url === undefined) return `${where} and is starting.`;
  const health = await callHub(settings, holder).call('GET', '/health');
  return `${where} and answers at ${holder.url}: ${JSON.stringify(health)}`;
}

async function describeDatabase(database: {
  query(sql: string, values?: unknown[]): Promise<unknown[]>;
}): Promise<string> {
  const [row] = await database.query(
    `select (select count(*)::int from connection where deleted_at is null) as connections,
            (select count(*)::int from sync_run where status = 'running') as running,
            (select count(*)::int from sync_run where status = 'queued') as queued,
            (select value from hub_setting where key = $1) as key`,
    [KEY_SETTING],
  );
  return `The database answers: ${JSON.stringify(row)}`;
}
