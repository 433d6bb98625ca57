import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Settings } from '../config/settings.js';
import { createHubLog } from '../logging/hub-log.js';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { DatabaseState } from './database-state.js';
import { EmbeddedUpkeep } from './embedded-upkeep.js';

describe('EmbeddedUpkeep', () => {
  let test: TestDatabase;
  let upkeep: EmbeddedUpkeep;
  beforeAll(async () => {
    test = await openTestDatabase();
    const log = createHubLog({ logLevel: 'silent' });
    upkeep = new EmbeddedUpkeep(test.database, new Settings(), new DatabaseState(), log);
  });
  afterAll(() => test.close());

  it('tidies what has changed much, and nothing twice', async () => {
    if ('url' in test.target) {
      process.stdout.write('A server tidies up by itself: this is about the embedded database.\n');
      return;
    }
    await upkeep.tidy();
    await test.database.query(`insert into hub_setting select n::text, '1' from generate_series(1, 3000) n`);
    await test.database.query(`delete from hub_setting where value = '1' and key::int % 2 = 0`);
    const plannerKnows = async () =>
      (
        await test.database.query(
          `select reltuples = (select count(*) from hub_setting) as yes from pg_class where relname = 'hub_setting'`,
        )
      )[0].yes;
    expect(await plannerKnows()).toBe(false);
    expect(await upkeep.tidy()).toEqual(['public.hub_setting']);
    expect(await plannerKnows()).toBe(true);
    expect(await upkeep.tidy()).toEqual([]);
  });
});
