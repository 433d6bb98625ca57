import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Settings } from '../config/settings.js';
import { DatabaseState } from '../database/database-state.js';
import { Metrics } from '../metrics/metrics.js';

export interface Findings {
  readonly database: 'ok' | 'down';
  readonly queue: 'ok' | 'starting' | 'down';
}

const SERVER_TIMEOUT_MS = 2_000;
/** The embedded database answers one question at a time: waiting for a long one is not being down. */
const EMBEDDED_TIMEOUT_MS = 10_000;

/** A queue that nobody looked at for this long does not work. */
const QUEUE_SILENCE_MS = 60_000;

/** Asks the database a small question, and whether the job queue is worked on. */
@Injectable()
export class HealthProbe {
  private looking: Promise<Findings> | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly state: DatabaseState,
    private readonly settings: Settings,
    private readonly metrics: Metrics,
  ) {}

  /** Many askers at once cost one question. */
  look(): Promise<Findings> {
    this.looking ??= this.ask().finally(() => (this.looking = undefined));
    return this.looking;
  }

  /** A process that executes runs looks at the queue every few seconds; one that only answers requests never does. */
  private queueState(now: Date): Findings['queue'] {
    if (this.settings.role === 'api') return 'ok';
    const { queueSeenAt } = this.metrics;
    if (queueSeenAt === undefined) return 'starting';
    return now.getTime() - queueSeenAt.getTime() > QUEUE_SILENCE_MS ? 'down' : 'ok';
  }

  private async ask(): Promise<Findings> {
    if (!this.state.ready) return { database: 'down', queue: 'down' };
    const timeoutMs = this.settings.embedded ? EMBEDDED_TIMEOUT_MS : SERVER_TIMEOUT_MS;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), timeoutMs);
    });
    try {
      const question: Promise<{ queue: string | null }[]> = this.database.query(
        `select to_regclass('pgboss.queue')::text as queue`,
      );
      const answer = await Promise.race([question, timeout]);
      if (answer === 'late') return { database: 'down', queue: 'down' };
      return { database: 'ok', queue: answer[0]?.queue ? this.queueState(new Date()) : 'starting' };
    } catch {
      return { database: 'down', queue: 'down' };
    } finally {
      clearTimeout(timer);
    }
  }
}
