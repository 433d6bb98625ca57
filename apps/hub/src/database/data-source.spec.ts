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

  it('learns at an upgrade which projects its events are of', async () => {
    const projects = () => test.database.query(`select project_id, path from event_project order by 1, 2`);
    const [connection]: { id: string }[] = await test.database.query(
      `insert into connection (name, connector_id, config) values ('c', 'example', '{}') returning id`,
    );
    const add = (eventId: string, path: string) =>
      test.database.query(
        `insert into change_event (connection_id, connector_id, event_id, event_type, title, status, project_id, project_path, occurred_at, hash, metadata, search)
         values ($1, 'example', $2, 'thing', 't', 's', '7', $3, now(), '', '{}', '')`,
        [connection?.id, eventId, path],
      );
    while ((await test.database.query(`select to_regclass('event_project') as found`))[0].found !== null) {
      await test.database.undoLastMigration();
    }
    await add('a', 'old/name');
    await add('b', 'old/name');
    await test.database.runMigrations();
    expect(await projects()).toEqual([{ project_id: '7', path: 'old/name' }]);
    await add('c', 'new/name');
    expect(await projects()).toHaveLength(2);
  });
});
