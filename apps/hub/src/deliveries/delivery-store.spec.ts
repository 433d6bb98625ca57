import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsRead } from '../testing/rows-read.js';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { createTestConnection } from '../testing/test-engine.js';
import { DeliveryStore } from './delivery-store.js';

describe('the inbox of deliveries', () => {
  let test: TestDatabase;
  let connectionId: string;
  let deliveries: DeliveryStore;
  beforeAll(async () => {
    test = await openTestDatabase();
    connectionId = await createTestConnection(test.database, 'hooked');
    deliveries = new DeliveryStore(test.database);
  });
  afterAll(() => test.close());

  it('keeps what PostgreSQL cannot hold as it can: a refused delivery is one that the remote counts as failed', async () => {
    const half = 'cut in the middle of an emoji \ud83d';
    const identified = {
      event: 'odd \0',
      dedupKey: 'key:\0',
      scope: '7\0',
      wakes: [{ stream: 'things', scope: '7', item: half }],
      transitions: [{ eventId: half, transition: { status: 'closed', at: new Date(0) } }],
      payload: { text: half, nested: { ['key \0']: ['nul \0'] } },
    };
    const first = await deliveries.store(connectionId, { identified, state: 'pending' });
    expect(first.duplicate).toBe(false);
    expect(await deliveries.store(connectionId, { identified, state: 'pending' })).toEqual({
      ...first,
      duplicate: true,
    });
    const [row] = await test.database.query('select event, payload from webhook_delivery where id = $1', [first.id]);
    expect(row).toEqual({
      event: 'odd \ufffd',
      payload: { text: 'cut in the middle of an emoji \ufffd', nested: { 'key \ufffd': ['nul \ufffd'] } },
    });
  });

  it('finds what was sent again without reading the rest, also of a connection that is new', async () => {
    const send = async (id: string, n: number) => {
      const identified = { event: 'push', dedupKey: `key ${n}`, wakes: [], transitions: [], payload: {} };
      return deliveries.store(id, { identified, state: 'done' });
    };
    const flood = async (id: string) => {
      for (let n = 0; n < 500; n++) {
        await send(id, n);
        expect((await send(id, n)).duplicate).toBe(true);
      }
    };
    await flood(connectionId);
    await test.database.query('analyze');
    const other = await createTestConnection(test.database, 'hooked later');
    // The least that is read otherwise is the half of the square.
    expect(await rowsRead(test.database, ['webhook_delivery'], () => flood(other))).toBeLessThan(10_000);
  });
});
