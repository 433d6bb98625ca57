import { DataSource, type DataSourceOptions, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { Initial1700000000000 } from './migrations/1700000000000-initial.js';
import { IssueSync1700000000001 } from './migrations/1700000000001-issue-sync.js';
import { ProjectsAndSessions1700000000002 } from './migrations/1700000000002-projects-and-sessions.js';
import { RunsByParameters1700000000003 } from './migrations/1700000000003-runs-by-parameters.js';
import { LookupsByKey1700000000004 } from './migrations/1700000000004-lookups-by-key.js';
import { EventsWithoutReferences1700000000005 } from './migrations/1700000000005-events-without-references.js';
import { holdingLock } from './holding-lock.js';
import { createPgliteDriver } from './pglite-driver.js';

/** Where the data lives: a PostgreSQL server, a folder of the embedded database, or memory (tests only). */
export type DatabaseTarget = { readonly url: string } | { readonly dataDir: string | undefined };

const migrations = [
  Initial1700000000000,
  IssueSync1700000000001,
  ProjectsAndSessions1700000000002,
  RunsByParameters1700000000003,
  LookupsByKey1700000000004,
  EventsWithoutReferences1700000000005,
];

/** Serialises migrations between processes that start at once. The number is ours alone. */
const MIGRATION_LOCK = 7_201_977;

const SESSION_SETTINGS = [
  // JIT costs more than it gains on queries of this size.
  'jit=off',
  'timezone=UTC',
  // Bitmaps of a million events must stay exact, or every row of a page is looked at again.
  'work_mem=16MB',
  // A process that stalls inside a transaction would hold its lease's row for as long as it stalls, against every
  // successor. Nothing of ours pauses in a transaction; after this the server ends it.
  'idle_in_transaction_session_timeout=15s',
];

export function databaseOptions(
  target: DatabaseTarget,
  entities: EntityTarget<ObjectLiteral>[] = [],
): DataSourceOptions {
  const common = {
    type: 'postgres' as const,
    entities: entities as never,
    migrations,
    migrationsTransactionMode: 'all' as const,
    synchronize: false,
    installExtensions: false,
    uuidExtension: 'pgcrypto' as const,
    applicationName: 'syncline',
  };
  if ('url' in target) {
    return {
      ...common,
      url: target.url,
      poolSize: 20,
      connectTimeoutMS: 5_000,
      extra: { options: SESSION_SETTINGS.map((setting) => `-c ${setting}`).join(' '), keepAlive: true },
    };
  }
  return { ...common, driver: createPgliteDriver(target.dataDir) };
}

/** Brings the schema up to date; safe when several processes start at once. */
export async function migrate(database: DataSource, target: DatabaseTarget): Promise<void> {
  await holdingLock(database, target, MIGRATION_LOCK, () => database.runMigrations());
}

export async function openDatabase(
  target: DatabaseTarget,
  entities: EntityTarget<ObjectLiteral>[] = [],
): Promise<DataSource> {
  const database = await new DataSource(databaseOptions(target, entities)).initialize();
  await migrate(database, target);
  return database;
}
