import type { SyncSession } from '@syncline/connector-sdk';
import { exampleMetadata } from '../contract/testing/example-metadata.js';
import { pairStoreContract, type PairStoreWorld } from '../pair-store/index.js';
import { MemoryHost, type RunOptions } from './memory-host.js';
import { MemoryHub } from './memory-hub.js';
import { MemoryStore } from './memory-store.js';
import { VirtualClock } from './virtual-clock.js';

function openWorld(): Promise<PairStoreWorld> {
  const hub = new MemoryHub();
  const clock = new VirtualClock();
  const stores = [new MemoryStore(hub, 'first'), new MemoryStore(hub, 'second')];
  const storeOf = (connection: number): MemoryStore => {
    const store = stores[connection];
    if (store === undefined) throw new Error(`there is no connection ${connection}`);
    return store;
  };
  const run = async (
    connection: number,
    work: (session: SyncSession) => Promise<void>,
    options: RunOptions,
  ): Promise<void> => {
    const host = new MemoryHost({
      connector: {
        check: () => Promise.resolve({ steps: [] }),
        sync: async (session) => {
          await work(session);
          return { fetched: 0, stored: 0 };
        },
      },
      metadata: exampleMetadata,
      config: {},
      clock,
      store: storeOf(connection),
    });
    const { error } = await host.run(options);
    if (error !== undefined) throw error.cause instanceof Error ? error.cause : error;
  };
  return Promise.resolve({
    inRun: (connection, work, kind) => run(connection, work, { kind }),
    inLostRun: (connection, work) =>
      run(connection, (session) => work(session, () => Promise.resolve()), { loseLeaseAtCommit: 1 }),
    sever: (connection, id) => {
      storeOf(connection).pair.sever(id);
      return Promise.resolve();
    },
    decide: (connection, linkId, field, resolution) => {
      storeOf(connection).pair.decide(linkId, field, resolution);
      return Promise.resolve();
    },
    conflictStates: (connection, linkId) =>
      Promise.resolve(
        storeOf(connection)
          .pair.conflicts.filter((conflict) => conflict.linkId === linkId)
          .map(({ state, settled }) => (settled ? `${state} settled` : state)),
      ),
    mapUser: (mapping) => {
      hub.mappings.push(mapping);
      return Promise.resolve();
    },
    instanceId: (name) => name,
    close: () => Promise.resolve(),
  });
}

pairStoreContract('in memory', openWorld);
