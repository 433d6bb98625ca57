import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { nextRunAt, type Schedule } from '../connections/schedule.js';
import { EventStore } from '../events/event-store.js';
import { storableJson } from '../events/storable-text.js';
import type { RunCounts } from './counts.js';
import { type HealthState, judge } from './health.js';
import { isFaultOfRequest, type Outcome } from './outcome.js';
import { type PendingWakes, WakeInbox } from './pending-wakes.js';
import { type ClaimedRun, RunStore } from './run-store.js';
import { type PutOffItem, SetAsideItems } from './set-aside-items.js';

interface ConnectionRow {
  readonly enabled: boolean;
  readonly schedule: Schedule | null;
  readonly next_run_at: Date | null;
  readonly failures: number;
  readonly health_state: HealthState;
  readonly last_success_at: Date | null;
  readonly items_only: boolean;
}

/** What a run leaves behind beside its outcome. */
export interface RunTraces {
  /** Those it read. */
  readonly streams: Iterable<string>;
  readonly putOff: readonly PutOffItem[];
}

/** Writes what a run's end means for its connection: health, the next run, and the deliveries it answered. */
@Injectable()
export class ConnectionOutcomes {
  constructor(
    private readonly database: DataSource,
    private readonly runs: RunStore,
    private readonly inbox: WakeInbox,
    private readonly events: EventStore,
  ) {}

  /** All in the transaction that ends the run. Returns the outcome as stored. */
  async record(
    claimed: ClaimedRun,
    outcome: Outcome,
    counts: RunCounts,
    pending: PendingWakes | undefined,
    { streams, putOff }: RunTraces,
  ): Promise<Outcome> {
    const connectionId = claimed.run.connection_id;
    const isPlan = claimed.run.kind === 'plan';
    // A run that only dealt with what was named is whole when that went well, whatever else waits.
    const isWhole = !isPlan && claimed.run.mode !== 'wake';
    const whole = isWhole ? await this.withWaitingItems(connectionId, outcome, { streams, putOff }) : outcome;
    const isDone = whole.status === 'succeeded' || whole.status === 'partial';
    const final = isDone && putOff.length > 0 ? { ...whole, followUpAt: latest(putOff) } : whole;
    await this.runs.finish(claimed, { status: final.status, error: final.error, counts }, async (manager) => {
      // A plan changes nothing, also not what is thought of the connection.
      if (!isPlan && pending) await this.settleDeliveries(manager, claimed, final, pending);
      if (!isPlan) await this.updateConnection(manager, claimed, final);
      if (final.error?.kind === 'interrupted') await this.runs.queueSuccessor(manager, connectionId, [claimed.run]);
    });
    return final;
  }

  /** A run is not whole while items of earlier runs are still set aside in the streams it read. */
  private async withWaitingItems(
    connectionId: string,
    outcome: Outcome,
    { streams, putOff }: RunTraces,
  ): Promise<Outcome> {
    if (outcome.status !== 'succeeded') return outcome;
    const waiting = await new SetAsideItems(connectionId).count(this.database.manager, streams, putOff);
    if (waiting === 0) return outcome;
    return {
      status: 'partial',
      itemsOnly: true,
      error: {
        kind: 'permanent',
        message: `${waiting} ${waiting === 1 ? 'item is' : 'items are'} still set aside.`,
        hint: 'Each is tried again with growing waits; the log names the causes.',
      },
    };
  }

  private async settleDeliveries(
    manager: EntityManager,
    { run }: ClaimedRun,
    outcome: Outcome,
    pending: PendingWakes,
  ): Promise<void> {
    if (outcome.status === 'succeeded' || outcome.status === 'partial') {
      if (pending.transitions.length > 0) {
        await this.events.addTransitions(manager, run.connection_id, pending.transitions, 'hook', new Date());
      }
      await this.inbox.done(manager, pending.deliveryIds, run.id);
      await this.inbox.requests.done(manager, run.connection_id, pending.items);
    } else if (
      outcome.error &&
      !['interrupted', 'rate_limit'].includes(outcome.error.kind) &&
      !isFaultOfRequest(outcome)
    ) {
      await this.inbox.failed(manager, pending.deliveryIds, run.id, outcome.error);
      await this.inbox.requests.failed(manager, run.connection_id, pending.items);
    }
  }

  private async updateConnection(manager: EntityManager, { run }: ClaimedRun, outcome: Outcome): Promise<void> {
    const rows: ConnectionRow[] = await manager.query(
      `select enabled, schedule, next_run_at, failures, health_state, last_success_at,
         coalesce((last_error->>'itemsOnly')::boolean, false) as items_only
       from connection where id = $1 for update`,
      [run.connection_id],
    );
    const connection = rows[0];
    if (connection === undefined) return;
    const now = new Date();
    const before = {
      state: connection.health_state,
      failures: connection.failures,
      hasSucceeded: connection.last_success_at !== null,
      itemsOnly: connection.health_state === 'needs_attention' && connection.items_only,
    };
    const wakeOnly = run.mode === 'wake';
    const waitingItems = wakeOnly ? await new SetAsideItems(run.connection_id).countAll(manager) : undefined;
    const verdict = judge({ ...outcome, wakeOnly, waitingItems }, before, now, Math.random);
    const hasSucceeded = outcome.status === 'succeeded' && (verdict.state === 'ok' || verdict.state === 'new');
    const leavesSchedule = wakeOnly || isFaultOfRequest(outcome);
    const next = nextTime(connection, leavesSchedule, verdict.retryAt, now);
    await manager.query(
      `update connection set
         health_since = case when health_state = $2 then health_since else now() end,
         health_state = $2, failures = $3, last_run_id = $4, next_run_at = $5,
         last_error = case when $6::boolean then last_error else $7::jsonb end,
         last_success_at = case when $8 then now() else last_success_at end,
         last_full_at = case when $9 or ($8 and last_full_at is null) then now() else last_full_at end
       where id = $1`,
      [
        run.connection_id,
        verdict.state,
        verdict.failures,
        run.id,
        connection.enabled ? sooner(next, outcome.followUpAt) : null,
        verdict.saysNothing === true,
        outcome.error ? storableJson({ ...outcome.error, path: outcome.path, itemsOnly: outcome.itemsOnly }) : null,
        hasSucceeded,
        run.mode === 'full' && (outcome.status === 'succeeded' || outcome.status === 'partial'),
      ],
    );
  }
}

const latest = (putOff: readonly PutOffItem[]): Date =>
  new Date(Math.max(...putOff.map(({ until }) => until.getTime())));

/** A connection without a schedule does what it put off, too. */
function sooner(next: Date | null, followUpAt: Date | undefined): Date | null {
  return followUpAt !== undefined && (next === null || followUpAt < next) ? followUpAt : next;
}

/** The next run is counted from the end of the last, but for one that leaves the schedule alone. */
function nextTime(
  connection: ConnectionRow,
  leavesSchedule: boolean,
  retryAt: Date | null | undefined,
  now: Date,
): Date | null {
  if (retryAt === null) return null;
  const scheduled =
    leavesSchedule && connection.next_run_at ? connection.next_run_at : nextRunAt(connection.schedule, now);
  return retryAt ?? scheduled;
}
