import type { DataSource } from 'typeorm';
import { Audit } from '../audit/audit.js';
import type { Settings } from '../config/settings.js';
import { StartError } from '../config/start-error.js';
import { openDatabase } from '../database/data-source.js';
import { folderHolder } from '../database/folder-lock.js';
import { REPAIR_RUN } from '../links/repair-run.js';
import { noCounts, type RunCounts } from '../runs/counts.js';
import type { RunError, RunStatus } from '../runs/run.js';
import { RunQueries } from '../runs/run-queries.js';
import { RunTriggers } from '../runs/run-triggers.js';
import { WakeUps } from '../runs/wake-ups.js';
import { callHub, type RunningHubApi } from './running-hub.js';

export interface SeenRun {
  readonly status: RunStatus;
  readonly counts: RunCounts;
  readonly error?: RunError;
}

/** Where runs are asked for and watched, wherever the database is. The work itself is a hub's. */
export interface RunDesk extends AsyncDisposable {
  /** By name or id. Throws a `StartError` where there is none. */
  find(connection: string): Promise<{ readonly id: string; readonly name: string }>;
  /** Returns the run's id. */
  repairLinks(connectionId: string): Promise<string>;
  look(runId: string): Promise<SeenRun>;
}

/** Through the API of the hub that holds the embedded folder; otherwise beside the hubs that share the database. */
export async function openRunDesk(settings: Settings): Promise<RunDesk> {
  if (!settings.embedded) return openDatabaseDesk(await openDatabase(settings.database));
  const holder = folderHolder(settings.dataDir);
  if (holder === undefined) {
    throw new StartError(`No hub uses the data folder ${settings.dataDir}. Start it first: the hub does the work.`);
  }
  return openApiDesk(callHub(settings, holder));
}

const unknown = (connection: string): StartError =>
  new StartError(`There is no connection with the name or id "${connection}".`);

function openApiDesk(hub: RunningHubApi): RunDesk {
  return {
    async find(connection) {
      let cursor = '';
      do {
        const page = (await hub.call('GET', `/api/connections?limit=500${cursor}`)) as {
          readonly items: readonly { readonly id: string; readonly name: string }[];
          readonly nextCursor: string | null;
        };
        const found = page.items.find(({ id, name }) => name === connection || id === connection.toLowerCase());
        if (found !== undefined) return found;
        cursor = page.nextCursor === null ? '' : `&cursor=${encodeURIComponent(page.nextCursor)}`;
      } while (cursor !== '');
      throw unknown(connection);
    },
    async repairLinks(connectionId) {
      const answer = await hub.call('POST', `/api/connections/${connectionId}/repair-links`);
      return (answer as { readonly runId: string }).runId;
    },
    look: async (runId) => (await hub.call('GET', `/api/runs/${runId}`)) as SeenRun,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function openDatabaseDesk(database: DataSource): RunDesk {
  const triggers = new RunTriggers(database, new WakeUps());
  const queries = new RunQueries(database);
  return {
    async find(connection) {
      const rows: { id: string; name: string; enabled: boolean }[] = await database.query(
        `select id, name, enabled from connection where deleted_at is null and (name = $1 or id::text = lower($1))`,
        [connection],
      );
      const [row] = rows;
      if (row === undefined) throw unknown(connection);
      if (!row.enabled) throw new StartError('The connection is paused. Enable it to run it.');
      return row;
    },
    async repairLinks(connectionId) {
      const { runId } = await triggers.trigger(connectionId, REPAIR_RUN);
      const subject = { kind: 'connection', id: connectionId };
      await new Audit(database).record('command line', 'connection.repair_links', subject, { runId });
      return runId;
    },
    async look(runId) {
      const run = await queries.find(runId);
      if (run === undefined) throw new StartError('The run is gone: its connection was deleted.');
      return { status: run.status, counts: { ...noCounts(), ...run.counts }, error: run.error ?? undefined };
    },
    [Symbol.asyncDispose]: () => database.destroy(),
  };
}
