import { setTimeout } from 'node:timers/promises';
import { openDatabase } from '../../apps/hub/src/database/data-source.js';
import type { HubProcess } from '../bench/lib/hub.mjs';

/**
 * Stalls a process where it holds no transaction: an open one holds the lease's row against successors until the
 * server ends it, after a while; here only the lease's own time is of interest.
 */
export async function stallBetweenTransactions(stalled: HubProcess, databaseUrl: string): Promise<void> {
  // At once: opening takes its time, and the work would go on meanwhile.
  stalled.signal('SIGSTOP');
  const watcher = await openDatabase({ url: databaseUrl });
  try {
    for (;;) {
      stalled.signal('SIGSTOP');
      await setTimeout(50);
      const open: unknown[] = await watcher.query(
        `select 1 from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and (backend_xid is not null or state <> 'idle')
           and backend_type = 'client backend'`,
      );
      if (open.length === 0) return;
      stalled.signal('SIGCONT');
      await setTimeout(7);
    }
  } finally {
    await watcher.destroy();
  }
}
