import type { JsonObject } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Problem } from '../http/problem.js';
import type { RunKind, RunMode, RunTrigger } from './run.js';
import { WakeUps } from './wake-ups.js';

export interface TriggerRequest {
  readonly trigger: RunTrigger;
  readonly kind?: RunKind;
  readonly mode?: RunMode;
  readonly since?: Date;
  readonly params?: JsonObject;
}

/** Parameters in use by runs that wait: more askers than this are a loop rather than people. */
const MOST_WAITING = 50;

/**
 * Queues runs. Whoever asks for the same (kind and parameters) while one waits gets that one: the stronger mode and the
 * earlier `since` win. Runs with other parameters wait beside it, in the order in which they were asked for.
 */
@Injectable()
export class RunTriggers {
  constructor(
    private readonly database: DataSource,
    private readonly wakeUps: WakeUps,
  ) {}

  /** `coalesced`: a run is queued or running already, and this is (or became) its one follow-up. */
  async trigger(
    connectionId: string,
    request: TriggerRequest,
    manager: EntityManager = this.database.manager,
  ): Promise<{ runId: string; coalesced: boolean }> {
    const params = JSON.stringify(request.params ?? {});
    if (params !== '{}') await this.requireRoom(manager, connectionId, params);
    const rows: { id: string; inserted: boolean; running: boolean }[] = await manager.query(
      `insert into sync_run (connection_id, kind, trigger, mode, since, params)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (connection_id, kind, md5(params::text)) where status = 'queued' do update set
         mode = case when array_position($7::text[], excluded.mode) > array_position($7::text[], sync_run.mode)
                     then excluded.mode else sync_run.mode end,
         since = least(excluded.since, sync_run.since),
         not_before = least(sync_run.not_before, excluded.not_before)
       returning id, xmax = 0 as inserted,
         exists (select 1 from sync_run r where r.connection_id = $1 and r.status = 'running') as running`,
      [
        connectionId,
        request.kind ?? 'sync',
        request.trigger,
        request.mode ?? 'incremental',
        request.since ?? null,
        params,
        modesByStrength,
      ],
    );
    const row = rows[0];
    if (row === undefined) throw new Error('the database returned no run');
    // A wake-up before the caller's transaction ends finds nothing yet; the tick finds the run then.
    if (manager === this.database.manager) await this.wakeUps.send(connectionId);
    return { runId: row.id, coalesced: !row.inserted || row.running };
  }

  /** Throws a `Problem` 409 where too many other runs wait. */
  private async requireRoom(manager: EntityManager, connectionId: string, params: string): Promise<void> {
    const [row]: { others: number }[] = await manager.query(
      `select count(*)::int as others from sync_run
       where connection_id = $1 and status = 'queued' and params <> $2::jsonb`,
      [connectionId, params],
    );
    if ((row?.others ?? 0) < MOST_WAITING) return;
    throw Problem.conflict(`${MOST_WAITING} runs with other parameters wait for this connection already.`);
  }

  /**
   * Queues a run for each of these connections (all, without ids) that has deliveries waiting and may run: one that its
   * owner must fix first, or that waits after faults or because the remote asks for it, takes them along when it runs
   * again. A flood is no retry storm, and what the run under way has taken wakes no other one.
   */
  async followDeliveries(only: readonly string[] | undefined, olderThanMs = 0): Promise<void> {
    const rows: { connection_id: string }[] = await this.database.query(
      `insert into sync_run (connection_id, trigger, mode)
       select c.id, 'webhook', 'wake' from connection c
       where c.enabled and ($1::uuid[] is null or c.id = any($1::uuid[]))
         and c.health_state <> 'failing'
         and not (c.health_state = 'needs_attention' and c.last_error->>'kind' in ('auth', 'config'))
         and not (c.last_error->>'kind' is not distinct from 'rate_limit' and c.next_run_at > clock_timestamp())
         and exists (select 1 from webhook_delivery d where d.connection_id = c.id and d.state = 'pending'
                       and d.received_at <= clock_timestamp() - $2 * interval '1 millisecond'
                       and not exists (select 1 from sync_run r where r.connection_id = c.id and r.status = 'running'
                                         and r.kind <> 'plan' and r.started_at > d.received_at))
       on conflict do nothing
       returning connection_id`,
      [only ?? null, olderThanMs],
    );
    for (const row of rows) await this.wakeUps.send(row.connection_id);
  }

  /** Continues connections that were stopped until somebody fixed them. */
  async resume(connectionIds: readonly string[]): Promise<void> {
    const [rows]: [{ id: string }[], number] = await this.database.query(
      `update connection set failures = 0, health_state = 'new', health_since = now()
       where id = any($1::uuid[]) and enabled and health_state in ('needs_attention', 'failing')
       returning id`,
      [connectionIds],
    );
    for (const { id } of rows) await this.trigger(id, { trigger: 'startup' });
  }
}

/** Weakest first: a coalesced run does at least what each asker wanted. */
const modesByStrength: readonly RunMode[] = ['wake', 'incremental', 'full'];
