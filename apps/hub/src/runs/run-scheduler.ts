import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { nextRunAt, type Schedule } from '../connections/schedule.js';
import { RunStore } from './run-store.js';
import { RunTriggers } from './run-triggers.js';
import { WakeUps } from './wake-ups.js';

/** What `updated_after` never shows is looked for this often. */
const FULL_PASS_EVERY = '24 hours';
/** The receiver queues the run itself, a moment after the delivery. */
const DELIVERY_GRACE_MS = 5_000;

/**
 * Finds what is due. Every statement may run in several processes at once and any number of times: rows are taken with
 * `skip locked`, and the database allows one queued run per connection, kind and parameters.
 */
@Injectable()
export class RunScheduler {
  constructor(
    private readonly database: DataSource,
    private readonly runs: RunStore,
    private readonly triggers: RunTriggers,
    private readonly wakeUps: WakeUps,
  ) {}

  /** One look at everything. Tells how many runs were taken over and how many wait. */
  async tick(): Promise<{ takenOver: number; queued: number }> {
    const takenOver = await this.runs.takeOverExpired();
    await this.rescheduleForgotten();
    await this.queueDue();
    // Deliveries that no run has taken: the process that should have queued one died, or the run failed.
    await this.triggers.followDeliveries(undefined, DELIVERY_GRACE_MS);
    const waiting = await this.waiting();
    for (const id of waiting) await this.wakeUps.send(id);
    return { takenOver: takenOver.length, queued: waiting.length };
  }

  private async queueDue(): Promise<void> {
    await this.database.transaction(async (manager) => {
      const due: { id: string; full: boolean }[] = await manager.query(
        `select id, last_full_at < now() - $1::interval as full from connection
         where enabled and next_run_at <= now() order by next_run_at limit 500 for update skip locked`,
        [FULL_PASS_EVERY],
      );
      if (due.length === 0) return;
      await manager.query(
        `insert into sync_run (connection_id, trigger, mode)
         select d.id, 'schedule', case when d.full then 'full' else 'incremental' end
         from jsonb_to_recordset($1::jsonb) as d(id uuid, "full" boolean)
         on conflict (connection_id, kind, md5(params::text)) where status = 'queued' do update
           set mode = case when sync_run.mode = 'wake' then excluded.mode else sync_run.mode end`,
        [JSON.stringify(due)],
      );
      await manager.query('update connection set next_run_at = null where id = any($1::uuid[])', [
        due.map((row) => row.id),
      ]);
    });
  }

  /** A scheduled connection with neither a time nor a run has lost its turn (a cancelled or pruned run): give it one. */
  private async rescheduleForgotten(): Promise<void> {
    const forgotten: { id: string; schedule: Schedule }[] = await this.database.query(
      `select id, schedule from connection c
       where enabled and schedule is not null and next_run_at is null
         and not (health_state = 'needs_attention' and last_error->>'kind' in ('auth', 'config'))
         and not exists (select 1 from sync_run r where r.connection_id = c.id and r.status in ('queued', 'running'))`,
    );
    for (const { id, schedule } of forgotten) {
      await this.database.query('update connection set next_run_at = $2 where id = $1 and next_run_at is null', [
        id,
        nextRunAt(schedule, new Date()),
      ]);
    }
  }

  /** Connections whose queued run is due and that nobody runs. */
  async waiting(): Promise<string[]> {
    const rows: { connection_id: string }[] = await this.database.query(
      `select connection_id from sync_run r join connection c on c.id = r.connection_id
       where r.status = 'queued' and r.not_before <= now() and (c.enabled or r.kind = 'plan') and c.deleted_at is null
         and not exists (select 1 from lease l where l.connection_id = r.connection_id and l.run_id is not null and l.until > now())
       order by r.queued_at limit 500`,
    );
    return rows.map((row) => row.connection_id);
  }
}
