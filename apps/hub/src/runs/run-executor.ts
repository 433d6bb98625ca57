import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { ConnectorError, type SyncRequest } from '@syncline/connector-sdk';
import { budgetKey, createRedactor, type Redactor } from '@syncline/remote-http';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConnectionSource, type ResolvedConnection } from '../connections/connection-source.js';

import { HubLog } from '../logging/hub-log.js';
import { Metrics } from '../metrics/metrics.js';
import { ConnectionOutcomes } from './connection-outcomes.js';
import { noCounts } from './counts.js';
import { LeaseKeeper } from './lease-keeper.js';
import { Leases } from './leases.js';
import { failed, type Outcome, redacted, succeeded } from './outcome.js';
import { nothingPending, type PendingWakes } from './pending-wakes.js';
import { RunLog } from './run-log.js';
import { RunSession } from './run-session.js';
import { type ClaimedRun, RunStore } from './run-store.js';
import { RunParts } from './run-parts.js';
import { WakeUps } from './wake-ups.js';

/** Executes queued runs: claim, lend a session to the connector, record what came of it. */
@Injectable()
export class RunExecutor {
  /** Names this process in leases; unique, because process ids are not. */
  readonly worker = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
  private readonly active = new Map<string, { keeper: LeaseKeeper; ended: Promise<void> }>();
  private stopping = false;

  constructor(
    private readonly database: DataSource,
    private readonly runs: RunStore,
    private readonly leases: Leases,
    private readonly connections: ConnectionSource,
    private readonly parts: RunParts,
    private readonly outcomes: ConnectionOutcomes,
    private readonly wakeUps: WakeUps,
    private readonly hubLog: HubLog,
    private readonly metrics: Metrics,
  ) {}

  /** Works off what is queued for a connection; ends at once when another process is at it. */
  async drain(connectionId: string): Promise<void> {
    while (!this.stopping) {
      const claimed = await this.runs.claim(connectionId, this.worker);
      if (claimed === undefined) return;
      const keeper = new LeaseKeeper(this.leases, claimed.lease);
      const ended = this.execute(claimed, keeper).finally(() => {
        keeper.close();
        this.active.delete(claimed.run.id);
      });
      this.active.set(claimed.run.id, { keeper, ended });
      await ended;
    }
  }

  /** Stops a run of this process now; other processes see the request at their next lease extension. */
  cancel(runId: string): void {
    this.active.get(runId)?.keeper.stop('cancelled');
  }

  /** Every run stops at its next page and leaves its successor queued. */
  async stopAll(): Promise<void> {
    this.stopping = true;
    for (const { keeper } of this.active.values()) keeper.stop('shutdown');
    await Promise.allSettled([...this.active.values()].map(({ ended }) => ended));
  }

  private async execute(claimed: ClaimedRun, keeper: LeaseKeeper): Promise<void> {
    const { run } = claimed;
    let outcome: Outcome;
    let log: RunLog | undefined;
    let session: RunSession | undefined;
    let pending: PendingWakes | undefined;
    let redact = createRedactor([]);
    try {
      const connection = await this.connections.resolve(run.connection_id);
      redact = createRedactor(connection.secrets);
      log = this.openLog(claimed, connection.name, redact);
      await this.runs.noteBudgets(run.id, connection.instances.map(budgetKey));
      pending = run.kind === 'plan' ? nothingPending : await this.parts.inbox.take(run.connection_id);
      const hubId = await this.parts.hub.read();
      session = this.openSession(claimed, connection, { pending, hubId, log, keeper });
      log.info(`${run.kind === 'plan' ? 'Plan' : 'Run'} started (${run.trigger}, ${run.mode}).`);
      try {
        const { fetched } = await connection.connector.sync(session, connection.config, connection.id);
        // Commits tell what was read for them; what was read for a single item, or for a plan, only the end tells.
        session.counts.fetched = Math.max(session.counts.fetched, fetched);
      } finally {
        await session.endPlan();
      }
      outcome = keeper.stopped ? failed(undefined, keeper.stopped) : succeeded(session.failures);
    } catch (error) {
      outcome = failed(error, keeper.stopped);
      log ??= this.openLog(claimed, run.connection_id, redact);
      if (outcome.error?.kind === 'permanent')
        this.hubLog.error({ runId: run.id, err: error }, 'a run failed unexpectedly');
    }
    // Whoever sees that the run has ended finds what it said.
    await log.flush();
    await this.record(claimed, redacted(outcome, redact), session, pending, log);
    await log.close();
  }

  private openLog({ run }: ClaimedRun, connection: string, redact: Redactor): RunLog {
    const processLog = this.hubLog.child({ runId: run.id, connectionId: run.connection_id, connection });
    return new RunLog(
      this.database,
      { id: run.id, connectionId: run.connection_id },
      redact,
      (level, message, { item }) => processLog[level]({ item }, message),
    );
  }

  private openSession(
    { run, lease }: ClaimedRun,
    connection: ResolvedConnection,
    { pending, hubId, log, keeper }: { pending: PendingWakes; hubId: string; log: RunLog; keeper: LeaseKeeper },
  ): RunSession {
    const request: SyncRequest = {
      kind: run.kind,
      mode: run.mode,
      wakes: pending.wakes,
      items: pending.items.map(({ side, key }) => ({ side, key })),
      since: run.since ?? undefined,
      params: run.params,
    };
    return new RunSession(
      { ...this.parts.forSession, database: this.database, leases: this.leases },
      {
        lease,
        connection,
        request,
        hubId,
        log,
        redact: createRedactor(connection.secrets),
        signal: keeper.signal,
        assertHeldFor: (ms) => keeper.assertHeldFor(ms),
        onStored: (stored) => this.metrics.eventsStored(connection.connectorId, stored),
      },
    );
  }

  /** Until the outcome is stored the lease is kept; if it cannot be stored, the lease expires and a successor takes over. */
  private async record(
    claimed: ClaimedRun,
    outcome: Outcome,
    session: RunSession | undefined,
    pending: PendingWakes | undefined,
    log: RunLog | undefined,
  ): Promise<void> {
    const { run } = claimed;
    try {
      const final = await this.outcomes.record(
        claimed,
        outcome,
        session?.counts ?? { ...noCounts(), ...run.counts },
        pending,
        { streams: session?.streams ?? [], putOff: session?.putOff ?? [] },
      );
      this.metrics.runEnded(final.status);
      const { counts } = session ?? { counts: noCounts() };
      log?.info(
        `Run ${final.status}: ${counts.fetched} read, ${counts.created} new, ${counts.updated} changed, ` +
          `${counts.failed} failed, ${counts.requests} requests.`,
      );
      if (final.error)
        log?.[final.status === 'partial' ? 'warn' : 'error'](final.error.message, { data: { ...final.error } });
      await this.wakeUps.send(run.connection_id);
    } catch (error) {
      const { kind, message } = ConnectorError.from(error);
      this.hubLog.warn({ runId: run.id, kind }, `the outcome of a run could not be stored: ${message}`);
    }
  }
}
