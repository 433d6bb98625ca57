import { randomBytes } from 'node:crypto';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePrivateFile } from '../../apps/hub/src/secrets/private-file.js';
import { createEmbeddedTarget } from '../../apps/hub/src/testing/test-database.js';
import { type HubProcess, type HubProcessOptions, startHub } from '../bench/lib/hub.mjs';

/** A data folder as a first start leaves it, without the seconds that making a database takes. */
export async function createDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'syncline-hub-'));
  const { dataDir } = await createEmbeddedTarget();
  await rename(dataDir, join(folder, 'database'));
  writePrivateFile(join(folder, 'secret-key'), randomBytes(32).toString('hex'));
  return folder;
}

/** The hub as it is shipped. Where no place for its data is given, it gets a folder that is removed when it is stopped. */
export async function startHubProcess(options: HubProcessOptions = {}): Promise<HubProcess> {
  if (options.databaseUrl !== undefined || options.dataDir !== undefined) return startHub(options);
  const dataDir = await createDataFolder();
  const hub = await startHub({ ...options, dataDir });
  return {
    ...hub,
    async stop(signal) {
      await hub.stop(signal);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
