import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AdminToken } from '../auth/admin-token.js';
import { Settings } from '../config/settings.js';
import { StartError } from '../config/start-error.js';
import { HubLog } from '../logging/hub-log.js';
import { KeyCheck } from '../secrets/key-check.js';
import { migrate } from './data-source.js';
import { DatabaseState } from './database-state.js';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/** Connects, migrates, checks the key, and says that work may begin. */
@Injectable()
export class DatabaseOpener {
  private readonly stop = new AbortController();

  constructor(
    private readonly database: DataSource,
    private readonly settings: Settings,
    private readonly state: DatabaseState,
    private readonly keyCheck: KeyCheck,
    private readonly adminToken: AdminToken,
    private readonly log: HubLog,
  ) {}

  /**
   * Returns when the database is ready. A server that cannot be reached is tried again until it can; what no waiting
   * heals (a foreign key, a damaged folder) rejects, here and in `DatabaseState.whenReady`.
   */
  async open(): Promise<void> {
    for (let waitMs = FIRST_WAIT_MS; !this.stop.signal.aborted; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      try {
        await this.openOnce();
        return;
      } catch (error) {
        if (error instanceof StartError || this.settings.embedded) {
          const fatal = error instanceof Error ? error : new Error(String(error));
          this.state.markRefused(fatal);
          throw fatal;
        }
        this.state.problem = error instanceof Error ? error.message : String(error);
        this.log.warn({ err: error }, `the database cannot be reached; next attempt in ${waitMs / 1000} s`);
        await wait(waitMs, undefined, { signal: this.stop.signal }).catch(() => undefined);
      }
    }
  }

  /** Ends the attempts; for a hub that is stopped before it ever reached its database. */
  abandon(): void {
    this.stop.abort();
  }

  private async openOnce(): Promise<void> {
    if (!this.database.isInitialized) await this.database.initialize();
    await migrate(this.database, this.settings.database);
    await this.keyCheck.run();
    await this.adminToken.ensure();
    await this.state.markReady();
  }
}
