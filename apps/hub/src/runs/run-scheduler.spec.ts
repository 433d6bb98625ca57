import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Engine } from '../engine.js';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { createTestConnection, createTestEngine } from '../testing/test-engine.js';

let test: TestDatabase;
let engine: Engine;
let connectionId: string;
beforeAll(async () => {
  test = await openTestDatabase();
  engine = createTestEngine(test.database, () => Promise.resolve());
  connectionId = await createTestConnection(test.database, 'by the clock');
});
afterAll(() => test.close());

/** Its time has come, and this long ago it was last read in full. */
async function dueRun(sinceFull: string): Promise<string | undefined> {
  await test.database.query(
    `update connection set next_run_at = now(), last_full_at = now() - $2::interval where id = $1`,
    [connectionId, sinceFull],
  );
  await engine.scheduler.tick();
  await engine.executor.drain(connectionId);
  const [run]: { trigger: string; mode: string; status: string }[] = await test.database.query(
    'select trigger, mode, status from sync_run where connection_id = $1 order by queued_at desc limit 1',
    [connectionId],
  );
  return run && `${run.trigger} ${run.mode} ${run.status}`;
}

it('reads a connection in full once a day, of its own accord', async () => {
  expect(await dueRun('23 hours')).toBe('schedule incremental succeeded');
  expect(await dueRun('25 hours')).toBe('schedule full succeeded');
  const [connection]: { recent: boolean }[] = await test.database.query(
    `select last_full_at > now() - interval '1 minute' as recent from connection where id = $1`,
    [connectionId],
  );
  expect(connection?.recent).toBe(true);
  expect(await dueRun('1 minute')).toBe('schedule incremental succeeded');
});
