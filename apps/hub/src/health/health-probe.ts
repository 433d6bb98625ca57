import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Settings } from '../config/settings.js';
import { DatabaseState } from '../database/database-state.js';

export interface Findings {
  readonly database: 'ok' | 'down';
  readonly queue: 'ok' | 'starting' | 'down';
}

const SERVER_TIMEOUT_MS = 2_000;
/** The embedded database answers one question at a time: waiting for a long one is not being down. */
const EMBEDDED_TIMEOUT_MS = 10_000;

/** Asks the database a small question, and looks for the tables of the job queue with it. */
@Injectable()
export class HealthProbe {
  private looking: Promise<Findings> | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly state: DatabaseState,
    private readonly settings: Settings,
  ) {}

  /** Many askers at once cost one question. */
  look(): Promise<Findings> {
    this.looking ??= this.ask().finally(() => (this.looking = undefined));
    return this.looking;
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
      return { database: 'ok', queue: answer[0]?.queue ? 'ok' : 'starting' };
    } catch {
      return { database: 'down', queue: 'down' };
    } finally {
      clearTimeout(timer);
    }
  }
}
