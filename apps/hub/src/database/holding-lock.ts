import type { DataSource } from 'typeorm';
import type { DatabaseTarget } from './data-source.js';

/** Work that one process does at a time. The embedded database has one process only. */
export async function holdingLock<T>(
  database: DataSource,
  target: DatabaseTarget,
  lock: number,
  work: () => Promise<T>,
): Promise<T> {
  if (!('url' in target)) return work();
  const holder = database.createQueryRunner();
  try {
    await holder.query('select pg_advisory_lock($1)', [lock]);
    return await work();
  } finally {
    await holder.query('select pg_advisory_unlock($1)', [lock]).catch(() => undefined);
    await holder.release();
  }
}
