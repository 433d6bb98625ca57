import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { storableJson } from '../events/storable-text.js';
import type { RunCounts } from './counts.js';
import { type Lease, Leases } from './leases.js';
import type { RunError, RunRow, RunStatus } from './run.js';

export interface ClaimedRun {
  readonly run: RunRow;
  readonly lease: Lease;
}

const INTERRUPTED: RunError = {
  kind: 'interrupted',
  message: 'The process that ran this stopped before it was done.',
  hint: 'Nothing to do: the next run continues after the last committed page.',
};

/** The rows of sync_run: claiming, ending and taking over, each in one transaction. */
@Injectable()
export class RunStore {
  constructor(
    private readonly database: DataSource,
    private readonly leases: Leases,
  ) {}

  /** The connection's queued run, if it is due and nobody runs the connection. */
  async claim(connectionId: string, worker: string): Promise<ClaimedRun | undefined> {
    return this.database.transaction(async (manager) => {
      const queued: { id: string }[] = await manager.query(
        `select id from sync_run
         where connection_id = $1 and status = 'queued' and not_before <= clock_timestamp()
         order by queued_at limit 1 for update skip locked`,
        [connectionId],
      );
      const id = queued[0]?.id;
      if (id === undefined) return undefined;
      const lease = await this.leases.acquire(manager, connectionId, id, worker);
      if (lease === undefined) return undefined;
      await this.endRunning(manager, connectionId);
      const [runs]: [RunRow[], number] = await manager.query(
        `update sync_run set status = 'running', started_at = clock_timestamp(), worker = $2 where id = $1 returning *`,
        [id, worker],
      );
      const run = runs[0];
      return run && { run, lease };
    });
  }

  /** Notes whose budgets the run draws on, so that everybody can see what it waits for. */
  async noteBudgets(runId: string, keys: readonly string[]): Promise<void> {
    await this.database.query('update sync_run set budgets = $2 where id = $1', [runId, keys]);
  }

  /** Ends a run we hold. Throws `interrupted` when the lease is lost: then the successor has ended it already. */
  async finish(
    { run, lease }: ClaimedRun,
    outcome: { status: RunStatus; error?: RunError; counts: RunCounts },
    within: (manager: EntityManager) => Promise<void>,
  ): Promise<void> {
    await this.database.transaction(async (manager) => {
      await this.leases.fence(manager, lease);
      await manager.query(
        `update sync_run set status = $2, error = $3, counts = $4, finished_at = clock_timestamp() where id = $1`,
        [run.id, outcome.status, outcome.error ? storableJson(outcome.error) : null, JSON.stringify(outcome.counts)],
      );
      await within(manager);
      await this.leases.release(manager, lease);
    });
  }

  /** Frees connections whose holder went silent, and queues a successor for each. Returns their ids. */
  async takeOverExpired(): Promise<string[]> {
    return this.database.transaction(async (manager) => {
      const [expired]: [{ connection_id: string }[], number] = await manager.query(
        `update lease set run_id = null, worker = null, token = token + 1
         where connection_id in (
           select connection_id from lease where run_id is not null and until < clock_timestamp() for update skip locked
         )
         returning connection_id`,
      );
      for (const { connection_id } of expired) {
        const ended = await this.endRunning(manager, connection_id);
        await this.queueSuccessor(manager, connection_id, ended);
      }
      return expired.map((row) => row.connection_id);
    });
  }

  /** The run that continues what an interrupted one left, unless one is queued anyway. */
  async queueSuccessor(manager: EntityManager, connectionId: string, ended: readonly RunRow[]): Promise<void> {
    for (const run of ended) {
      await manager.query(
        `insert into sync_run (connection_id, kind, trigger, mode, since, params)
         select $1, $2, 'takeover', $3, $4, $5 from connection where id = $1 and enabled
         on conflict do nothing`,
        [connectionId, run.kind, run.mode, run.since, JSON.stringify(run.params)],
      );
    }
  }

  private async endRunning(manager: EntityManager, connectionId: string): Promise<RunRow[]> {
    const [rows]: [RunRow[], number] = await manager.query(
      `update sync_run set status = case when cancel_requested then 'cancelled' else 'failed' end,
         error = case when cancel_requested then null else $2::jsonb end, finished_at = clock_timestamp()
       where connection_id = $1 and status = 'running' returning *`,
      [connectionId, JSON.stringify(INTERRUPTED)],
    );
    return rows.filter((run) => run.status === 'failed');
  }
}
