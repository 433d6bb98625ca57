import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConnectorError, type LinkRef, type PairLink } from '@syncline/connector-sdk';
import { ConflictStore } from '../conflicts/conflict-store.js';
import { addConnection } from '../events/testing/events.js';
import { WaitingItems } from '../items/waiting-items.js';
import { SetAsideItems } from '../runs/set-aside-items.js';
import { rowsRead } from '../testing/rows-read.js';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { LinkStore } from './link-store.js';
import { PairReads } from './pair-reads.js';
import { PairWrites } from './pair-writes.js';

const MANY = 3_000;
const PAGE = 100;

/** What a first sync of a pair asks, page by page: of a pair that was analyzed, then of one that came afterwards. */
describe('a lookup of links reads what it is asked for, and no more', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase();
  });
  afterAll(() => test.close());

  const keys = (first: number) => Array.from({ length: PAGE }, (_, n) => String(first + n));
  const ref = (side: 'left' | 'right', key: string): LinkRef => ({ instanceId: side, projectId: `${side} 1`, key });
  const copied = (key: string): PairLink => ({
    id: randomUUID(),
    kind: 'issue',
    state: 'active',
    left: ref('left', key),
    origin: { key: `left 1 ${key}`, side: 'left', place: randomUUID(), data: {} },
  });

  /** Returns how many rows each kind of question read. */
  async function firstSync() {
    const { database } = test;
    const { id: connectionId } = await addConnection(database);
    const reads = new PairReads(database);
    const writes = new PairWrites();
    const links = new LinkStore(database);
    const conflicts = new ConflictStore(database);
    const read = { byKey: 0, ensured: 0, conflicts: 0 };
    const count = async (what: keyof typeof read, work: () => Promise<unknown>) => {
      read[what] += await rowsRead(database, ['link', 'conflict'], async () => void (await work()));
    };
    for (let first = 0; first < MANY; first += PAGE) {
      const page = keys(first).map(copied);
      const sides = keys(first).map((key) => ({ projectId: 'left 1', key }));
      await count('byKey', () => reads.byKey(connectionId, 'issue', 'left', sides));
      await database.transaction(async (manager) => {
        await writes.claim(manager, connectionId, page);
        const whole = page.map((link) => ({ ...link, right: ref('right', link.left?.key ?? '') }));
        await writes.save(manager, connectionId, whole);
      });
      await count('byKey', () => reads.byKey(connectionId, 'issue', 'left', sides));
      await count('ensured', () =>
        database.transaction((manager) =>
          links.intendIn(
            manager,
            connectionId,
            keys(first).map((key) => ({ kind: 'ref', left: ref('left', key), right: ref('right', key) })),
          ),
        ),
      );
      await count('conflicts', () =>
        database.transaction((manager) =>
          conflicts.apply(
            manager,
            connectionId,
            page.map(({ id: linkId }) => ({ linkId, field: 'title', base: 'a', left: 'b', right: 'c', state: 'open' })),
          ),
        ),
      );
    }
    return { connectionId, read };
  }

  it.each(['before any analysis', 'of a connection that had none at the last analysis'])('%s', async () => {
    const { connectionId, read } = await firstSync();
    // Each is found once; a new one again for what refers to it.
    expect(read.byKey).toBeLessThanOrEqual(2 * MANY);
    expect(read.ensured).toBeLessThanOrEqual(6 * MANY);
    expect(read.conflicts).toBeLessThanOrEqual(20 * MANY);

    const { database } = test;
    const setAside = new SetAsideItems(connectionId);
    const error = new ConnectorError('permanent', 'no');
    await database.transaction((manager) =>
      setAside.add(
        manager,
        'left',
        Array.from({ length: 1_000 }, (_, key) => ({ item: String(key), error })),
      ),
    );
    const listed = await rowsRead(database, ['link'], async () => {
      const rows = await new WaitingItems(database).list(connectionId, [], { limit: 50 });
      expect(rows.filter(({ link_id }) => link_id !== null)).toHaveLength(50);
    });
    // Those of the page, of all connections.
    expect(listed).toBeLessThanOrEqual(2 * 50);
    await database.query('analyze');
  });
});
