import { setTimeout } from 'node:timers/promises';
import type PgBoss from 'pg-boss';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { Settings } from '../config/settings.js';
import { DatabaseState } from '../database/database-state.js';
import { holdingLock } from '../database/holding-lock.js';
import { HubLog } from '../logging/hub-log.js';
import { Metrics } from '../metrics/metrics.js';
import { Leases } from './leases.js';
import { createBoss, startQueueSchema } from './queue.js';
import { Retention } from './retention.js';
import { RunExecutor } from './run-executor.js';
import { RunScheduler } from './run-scheduler.js';
import { WakeUps } from './wake-ups.js';
import { WakeWorkers } from './wake-workers.js';

const TICK_MS = 5_000;
const PRUNE_EVERY_MS = 60 * 60_000;
const RESTART_MS = 3_000;
const QUEUE_LOCK = 7_201_979;

/** Turns the queue and the tick into runs, once the database answers. */
@Injectable()
export class RunDispatcher implements OnApplicationBootstrap, OnModuleDestroy {
  private boss: PgBoss | undefined;
  private workers: WakeWorkers | undefined;
  private ticking: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly database: DataSource,
    private readonly databaseState: DatabaseState,
    private readonly settings: Settings,
    private readonly leases: Leases,
    private readonly scheduler: RunScheduler,
    private readonly executor: RunExecutor,
    private readonly wakeUps: WakeUps,
    private readonly retention: Retention,
    private readonly hubLog: HubLog,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    this.databaseState.onReady(() => this.startUntilDone());
  }

  @Interval(TICK_MS)
  tick(): Promise<void> {
    if (this.boss === undefined || this.stopped) return Promise.resolve();
    this.ticking ??= this.runTick().finally(() => (this.ticking = undefined));
    return this.ticking;
  }

  @Interval(PRUNE_EVERY_MS)
  async prune(): Promise<void> {
    if (this.boss === undefined || this.stopped || this.settings.role === 'api') return;
    await this.retention
      .prune()
      .catch((error: unknown) => this.hubLog.warn({ err: error }, 'old logs could not be removed'));
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    await this.ticking;
    await this.executor.stopAll();
    await this.workers?.stop();
    await this.boss?.stop({ graceful: false, wait: true }).catch(() => undefined);
    this.boss = undefined;
  }

  private async runTick(): Promise<void> {
    try {
      if (this.settings.role === 'api') return this.metrics.queueDepth((await this.scheduler.waiting()).length);
      const { takenOver, queued } = await this.scheduler.tick();
      this.metrics.takeovers(takenOver);
      this.metrics.queueDepth(queued);
    } catch (error) {
      this.hubLog.warn({ err: error }, 'the tick could not look for due work; it tries again');
    }
  }

  /** A database that goes away between its first answer and this is no reason to run without a queue for ever. */
  private async startUntilDone(): Promise<void> {
    while (!this.stopped) {
      try {
        return await this.start();
      } catch (error) {
        this.hubLog.warn({ err: error }, 'the job queue could not be started; it tries again');
        await setTimeout(RESTART_MS, undefined, { ref: false });
      }
    }
  }

  private async start(): Promise<void> {
    if (!('url' in this.settings.database)) await this.leases.voidAll();
    await this.createQueue();
    const boss = createBoss(this.database);
    boss.on('error', (error) => this.hubLog.warn({ err: error }, 'the job queue met an error; it tries again'));
    await boss.start();
    if (this.settings.role !== 'api') {
      this.workers = new WakeWorkers({
        boss,
        count: this.settings.workerConcurrency,
        work: (connectionId) => this.executor.drain(connectionId),
        onError: (error) => this.hubLog.warn({ err: error }, 'the queue did not answer; it is asked again'),
      });
    }
    this.boss = boss;
    this.wakeUps.connect(boss, () => this.workers?.notify());
    await this.tick();
  }

  /** Two processes creating the queue at once deadlock in pg-boss, so one at a time. */
  private createQueue(): Promise<void> {
    return holdingLock(this.database, this.settings.database, QUEUE_LOCK, () => startQueueSchema(this.database));
  }
}
