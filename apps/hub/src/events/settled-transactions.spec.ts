import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { inFull, settledBefore } from './settled-transactions.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

/** The URL of the test's own database; the embedded one has one session, so that nothing runs beside a question. */
function serverUrl(): string | undefined {
  if ('url' in test.target) return test.target.url;
  process.stdout.write('One session only: the embedded database cannot hold two transactions open.\n');
  return undefined;
}

async function begin(url: string): Promise<{ client: pg.Client; xid: bigint }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('begin');
  const { rows } = await client.query<{ xid: string }>('select pg_current_xact_id()::text as xid');
  return { client, xid: BigInt(rows[0]?.xid ?? 0) };
}

async function writeOnce(database: DataSource): Promise<bigint> {
  const [row]: { xid: string }[] = await database.query('select pg_current_xact_id()::text as xid');
  return BigInt(row?.xid ?? 0);
}

describe('settledBefore', () => {
  it('is above what is over, and never falls', async () => {
    const before = await settledBefore(test.database);
    const xid = await writeOnce(test.database);
    const after = await settledBefore(test.database);
    expect(xid >= before).toBe(true);
    expect(after > xid).toBe(true);
  });

  it('waits for a transaction of this database, and for none of another one', async () => {
    const url = serverUrl();
    if (url === undefined) return;
    const elsewhere = await begin(Object.assign(new URL(url), { pathname: '/postgres' }).toString());
    const foreign = await writeOnce(test.database);
    expect((await settledBefore(test.database)) > foreign).toBe(true);
    const here = await begin(url);
    await writeOnce(test.database);
    expect(await settledBefore(test.database)).toBe(here.xid);
    await here.client.query('commit');
    expect((await settledBefore(test.database)) > here.xid).toBe(true);
    await Promise.all([here.client.end(), elsewhere.client.end()]);
  });

  it('sees the transactions of other roles without being privileged', async () => {
    const url = serverUrl();
    if (url === undefined) return;
    const role = `syncline_test_${randomUUID().replaceAll('-', '')}`;
    const here = await begin(url);
    await test.database.query(`create role ${role}`);
    try {
      const asked = await test.database.transaction(async (manager) => {
        await manager.query(`set local role ${role}`);
        const rows: { xid: string }[] = await manager.query(
          `select backend_xid::text as xid from pg_stat_activity where datname = current_database() and backend_xid is not null`,
        );
        return rows.map(({ xid }) => inFull(BigInt(xid), here.xid));
      });
      expect(asked).toContain(here.xid);
    } finally {
      await here.client.end();
      await test.database.query(`drop role ${role}`);
    }
  });

  it('waits for a prepared transaction until it is committed', async () => {
    const url = serverUrl();
    if (url === undefined) return;
    const [allowed]: { n: number }[] = await test.database.query(
      `select current_setting('max_prepared_transactions')::int as n`,
    );
    if (!allowed?.n) {
      process.stdout.write('The server allows no prepared transactions (max_prepared_transactions is 0).\n');
      return;
    }
    const here = await begin(url);
    const name = randomUUID();
    await here.client.query(`prepare transaction '${name}'`);
    await writeOnce(test.database);
    expect(await settledBefore(test.database)).toBe(here.xid);
    await here.client.query(`commit prepared '${name}'`);
    expect((await settledBefore(test.database)) > here.xid).toBe(true);
    await here.client.end();
  });
});

describe('inFull', () => {
  it('finds the number of 64 bits that is nearest, on either side of a turn', () => {
    const turn = 1n << 32n;
    expect(inFull(7n, 9n)).toBe(7n);
    expect(inFull(12n, 9n)).toBe(12n);
    expect(inFull(7n, 5n * turn + 9n)).toBe(5n * turn + 7n);
    expect(inFull(turn - 3n, 5n * turn + 9n)).toBe(5n * turn - 3n);
    expect(inFull(2n, 5n * turn - 3n)).toBe(5n * turn + 2n);
  });
});
