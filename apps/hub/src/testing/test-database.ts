import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import { openDatabase, type DatabaseTarget } from '../database/data-source.js';
import { startQueueSchema } from '../runs/queue.js';

export interface TestDatabase {
  readonly target: DatabaseTarget;
  readonly database: DataSource;
  /** Closes and removes it. */
  close(): Promise<void>;
}

/**
 * A migrated database of one's own: on the server of TEST_DATABASE_URL where it is set, embedded in a temporary folder
 * otherwise. Copied from a template that is made once, because migrating takes seconds.
 */
export async function openTestDatabase(entities: EntityTarget<ObjectLiteral>[] = []): Promise<TestDatabase> {
  const { target, remove } = await createTestTarget();
  const database = await openDatabase(target, entities);
  return {
    target,
    database,
    async close() {
      await database.destroy();
      await remove();
    },
  };
}

/** A migrated database that nobody has opened yet, for tests that start the hub themselves. */
export async function createTestTarget(): Promise<{ target: DatabaseTarget; remove(): Promise<void> }> {
  const server = process.env['TEST_DATABASE_URL'];
  return server ? createServerDatabase(server) : createEmbeddedTarget();
}

const here = new URL('..', import.meta.url);

/** Templates are named after what made them: a changed migration makes a new one. */
async function templateKey(): Promise<string> {
  const hash = createHash('sha256');
  const migrations = (await readdir(new URL('database/migrations/', here))).sort();
  for (const file of [...migrations.map((name) => `database/migrations/${name}`), 'runs/queue.ts']) {
    hash.update(await readFile(new URL(file, here)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** The same, embedded on every machine. */
export async function createEmbeddedTarget(): Promise<{
  target: { dataDir: string };
  dataDir: string;
  remove(): Promise<void>;
}> {
  const template = join(tmpdir(), `syncline-test-template-${await templateKey()}`);
  await stat(template).catch(() => makeEmbeddedTemplate(template));
  const dataDir = await mkdtemp(join(tmpdir(), 'syncline-test-'));
  await copyFolder(template, dataDir);
  return { target: { dataDir }, dataDir, remove: () => rm(dataDir, { recursive: true, force: true }) };
}

/** A thousand files: the system's own program takes a third of the time that Node's copying does. */
async function copyFolder(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-R', `${from}/.`, to]).catch(() => cp(from, to, { recursive: true }));
}

async function makeEmbeddedTemplate(template: string): Promise<void> {
  const draft = `${template}-${randomUUID()}`;
  await mkdir(draft, { recursive: true });
  const database = await openDatabase({ dataDir: draft });
  await startQueueSchema(database);
  await database.destroy();
  // Of several makers the first to rename wins; the others' work is the same.
  await rename(draft, template).catch(() => rm(draft, { recursive: true, force: true }));
}

async function createServerDatabase(server: string): Promise<{ target: DatabaseTarget; remove(): Promise<void> }> {
  const template = `syncline_template_${await templateKey()}`;
  const name = `syncline_test_${randomUUID().replaceAll('-', '')}`;
  const withName = (database: string) => Object.assign(new URL(server), { pathname: `/${database}` }).toString();
  await asAdmin(server, async (admin) => {
    // Serialised: a template that is being connected to cannot be copied.
    await admin.query('select pg_advisory_lock(7201978)');
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [template]);
    if (!rowCount) {
      // Whoever began one and was killed has left it behind.
      await admin.query(`drop database if exists ${template}_draft with (force)`);
      await admin.query(`create database ${template}_draft`);
      const database = await openDatabase({ url: withName(`${template}_draft`) });
      await startQueueSchema(database);
      await database.destroy();
      await admin.query(`alter database ${template}_draft rename to ${template}`);
    }
    await admin.query(`create database ${name} template ${template}`);
    await admin.query('select pg_advisory_unlock(7201978)');
  });
  return {
    target: { url: withName(name) },
    remove: () => asAdmin(server, async (admin) => void (await admin.query(`drop database ${name} with (force)`))),
  };
}

async function asAdmin(url: string, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
