import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RunRow } from './run.js';
import { RunExecutor } from './run-executor.js';

/** Cancels runs: a queued one at once, a running one at its next page, in whichever process it runs. */
@Injectable()
export class RunCancellation {
  constructor(
    private readonly database: DataSource,
    private readonly executor: RunExecutor,
  ) {}

  /** The run as it is now; undefined when it has ended already or never was. */
  async cancel(runId: string): Promise<RunRow | undefined> {
    const [rows]: [RunRow[], number] = await this.database.query(
      `update sync_run set cancel_requested = true,
         status = case when status = 'queued' then 'cancelled' else status end,
         finished_at = case when status = 'queued' then clock_timestamp() end
       where id = $1 and status in ('queued', 'running') returning *`,
      [runId],
    );
    this.executor.cancel(runId);
    return rows[0];
  }

  /** For a connection that is being switched off. */
  async cancelAll(connectionId: string): Promise<void> {
    const rows: { id: string }[] = await this.database.query(
      `select id from sync_run where connection_id = $1 and status in ('queued', 'running')`,
      [connectionId],
    );
    for (const { id } of rows) await this.cancel(id);
  }
}
