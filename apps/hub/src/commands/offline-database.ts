import type { DataSource } from 'typeorm';
import type { Settings } from '../config/settings.js';
import { StartError } from '../config/start-error.js';
import { openDatabase } from '../database/data-source.js';
import { FolderLock } from '../database/folder-lock.js';
import { isDatabaseDown } from '../http/database-errors.js';
import { keepFirstKey } from '../secrets/key-files.js';

/**
 * The hub's database while no hub uses it (embedded) or beside those that do (PostgreSQL). Throws a `StartError` when
 * the folder is in use or the server cannot be reached.
 */
export async function withDatabase<T>(settings: Settings, work: (database: DataSource) => Promise<T>): Promise<T> {
  const lock = settings.embedded ? await FolderLock.acquire(settings.dataDir) : undefined;
  if (settings.embedded) keepFirstKey(settings);
  let database: DataSource | undefined;
  try {
    database = await openDatabase(settings.database);
    return await work(database);
  } catch (error) {
    if (isDatabaseDown(error)) throw new StartError(`The database cannot be reached: ${(error as Error).message}`);
    throw error;
  } finally {
    await database?.destroy();
    lock?.release();
  }
}
