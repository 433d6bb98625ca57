import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';

describe('the database', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase();
  });
  afterAll(() => test.close());

  it('answers with the types node-postgres answers with', async () => {
    const [row] = await test.database.query(
      `select 1::bigint as big, $1::jsonb as json, $2::text[] as list, now() as at, $3::bytea as bytes`,
      [{ a: 1 }, ['x', 'y'], Buffer.from('z')],
    );
    expect(row).toMatchObject({ big: '1', json: { a: 1 }, list: ['x', 'y'] });
    expect(row.at).toBeInstanceOf(Date);
    expect(Buffer.from(row.bytes).toString()).toBe('z');
  });

  it('names the violated constraint', async () => {
    await test.database.query(`insert into hub_setting values ('a', '1')`);
    await expect(test.database.query(`insert into hub_setting values ('a', '2')`)).rejects.toMatchObject({
      code: '23505',
      constraint: 'hub_setting_pkey',
    });
  });

  it('keeps a transaction to itself and rolls it back whole', async () => {
    const failed = test.database.transaction(async (manager) => {
      await manager.query(`insert into hub_setting values ('b', '1')`);
      throw new Error('no');
    });
    const beside = test.database.query(`select count(*)::int as n from hub_setting where key = 'b'`);
    await expect(failed).rejects.toThrow('no');
    expect(await beside).toEqual([{ n: 0 }]);
  });
});
