import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { JsonObject, PairLink, SyncSession } from '@syncline/connector-sdk';
import { pairStoreContract, type PairStoreWorld } from '@syncline/connector-testing';
import { openTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { createTestConnection, createTestEngine } from '../testing/test-engine.js';

let opened: Promise<TestDatabase> | undefined;
afterAll(async () => (await opened)?.close());

/** Runs as the hub makes them, of two new connections. */
async function openWorld(): Promise<PairStoreWorld> {
  const { database } = await (opened ??= openTestDatabase());
  await database.query('delete from connection');
  await database.query('delete from instance');
  const [a, b]: { id: string }[] = await database.query(
    `insert into instance (name, kind, base_url) values ('A', 'x', 'https://a'), ('B', 'x', 'https://b') returning id`,
  );
  const instances = { A: a?.id ?? '', B: b?.id ?? '' };
  let sync: (session: SyncSession) => Promise<void> = async () => {};
  const engine = createTestEngine(database, (session) => sync(session));
  const connections = [await createTestConnection(database, 'first'), await createTestConnection(database, 'second')];
  const idOf = (connection: number): string => {
    const id = connections[connection];
    if (id === undefined) throw new Error(`there is no connection ${connection}`);
    return id;
  };
  const run = async (
    connection: number,
    work: (session: SyncSession) => Promise<void>,
    kind: 'sync' | 'plan' = 'sync',
  ): Promise<void> => {
    let failure: { error: unknown } | undefined;
    sync = async (session) => {
      await work(session).catch((error: unknown) => {
        failure = { error };
        throw error;
      });
    };
    await engine.triggers.trigger(idOf(connection), { trigger: 'manual', kind });
    await engine.executor.drain(idOf(connection));
    if (failure) throw failure.error;
  };
  return {
    inRun: run,
    inLostRun: (connection, work) =>
      run(connection, (session) =>
        work(session, async () => {
          await database.query('update lease set token = token + 1, run_id = null where connection_id = $1', [
            idOf(connection),
          ]);
        }),
      ).finally(() => database.query(`update sync_run set status = 'failed' where status in ('running', 'queued')`)),
    async sever(_connection, id) {
      await database.query(`update link set state = 'severed' where id = $1`, [id]);
    },
    async decide(_connection, linkId, field, resolution) {
      await database.query(
        `update conflict set state = 'resolved', resolution = $3 where link_id = $1 and field = $2 and not settled`,
        [linkId, field, JSON.stringify(resolution)],
      );
    },
    async conflictStates(_connection, linkId) {
      const rows: { text: string }[] = await database.query(
        `select state || case when settled then ' settled' else '' end as text from conflict where link_id = $1`,
        [linkId],
      );
      return rows.map(({ text }) => text);
    },
    instanceId: (name) => instances[name],
    async mapUser({ sourceInstanceId, sourceUsername, targetInstanceId, targetUsername }) {
      await database.query(
        `insert into user_mapping (source_instance_id, source_username, target_instance_id, target_username)
         values ($1, $2, $3, $4)`,
        [instances[sourceInstanceId], sourceUsername, instances[targetInstanceId], targetUsername],
      );
    },
    close: () => Promise.resolve(),
  };
}

pairStoreContract('of the hub', openWorld);

describe('a link in the store', () => {
  it('counts as synced by what was done, not by what was begun', async () => {
    const world = await openWorld();
    const { database } = await (opened ??= openTestDatabase());
    const link: PairLink = {
      id: randomUUID(),
      kind: 'issue',
      state: 'intended',
      origin: { key: 'a 1 1', side: 'left', place: 'b 2', data: {} },
      intent: { side: 'right' },
    };
    const syncedAfter = async (baseline: JsonObject): Promise<boolean> => {
      const { intent: _done, ...rest } = link;
      await world.inRun(0, (session) => session.pair.commit({ links: [{ ...rest, state: 'active', baseline }] }));
      const rows: { at: Date | null }[] = await database.query('select last_synced_at as at from link where id = $1', [
        link.id,
      ]);
      return rows[0]?.at instanceof Date;
    };
    await world.inRun(0, async (session) => void (await session.pair.claim([link])));
    expect(await syncedAfter({ begun: {} })).toBe(false);
    expect(await syncedAfter({})).toBe(true);
  });
});
