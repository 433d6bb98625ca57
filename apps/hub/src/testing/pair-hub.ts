import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { DataSource } from 'typeorm';
import { pairMetadata, pairSource, startTestStore, type TestStore } from './pair-connector.js';
import { writeConnectors } from './test-connectors.js';
import { startTestHub, type TestHub } from './test-hub.js';

export interface PairHub extends TestHub {
  readonly here: TestStore;
  readonly there: TestStore;
  readonly source: string;
  readonly target: string;
  readonly database: DataSource;
  /** A new connection from `source` to `target`, without a schedule. Returns its id. */
  connect(changes?: object): Promise<string>;
}

/** A hub with a connector that keeps two stores in step, by default under the id `pairs`. */
export async function startPairHub(metadata: object = {}): Promise<PairHub> {
  const here = await startTestStore({ '/script': [] });
  const there = await startTestStore();
  const pairs = { ...pairMetadata, instanceKinds: pairMetadata.instanceKinds.slice(0, 1), ...metadata };
  const folder = await writeConnectors({ pairs: { metadata: pairs, source: pairSource } });
  const hub = await startTestHub({ connectorDirs: [folder] });
  const instance = async (name: string, baseUrl: string): Promise<string> => {
    const credentials = { token: 'secret-token-1' };
    const made = await hub.api('POST', '/api/instances', { name, kind: 'pair-store', baseUrl, credentials });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return String(made.body.id);
  };
  const source = await instance('Production', here.url);
  const target = await instance('Mirror', there.url);
  return {
    ...hub,
    here,
    there,
    source,
    target,
    database: hub.hub.app.get(DataSource),
    async connect(changes = {}) {
      const made = await hub.api('POST', '/api/connections', {
        name: randomUUID(),
        connectorId: pairs.id,
        schedule: null,
        config: { source: { instance: source, project: randomUUID() }, target: { instance: target, project: '2' } },
        ...changes,
      });
      if (made.status !== 201) throw new Error(JSON.stringify(made.body));
      return String(made.body.id);
    },
    async close() {
      await hub.close();
      await here.close();
      await there.close();
      await rm(folder, { recursive: true });
    },
  };
}
