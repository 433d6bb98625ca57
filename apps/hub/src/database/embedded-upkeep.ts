import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { Settings } from '../config/settings.js';
import { HubLog } from '../logging/hub-log.js';
import { DatabaseState } from './database-state.js';

const EVERY_MS = 60_000;

/** As a server decides it by default: a fifth of the rows, and more than a handful. */
const DUE = `
select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables
where greatest(n_dead_tup, n_ins_since_vacuum, n_mod_since_analyze) > 1000 + 0.2 * n_live_tup
order by n_live_tup`;

/**
 * A server vacuums and analyzes by itself; the embedded database has nobody for it. Without, dead rows stay for ever, new
 * words wait unsorted beside their index, and the planner guesses.
 */
@Injectable()
export class EmbeddedUpkeep {
  constructor(
    private readonly database: DataSource,
    private readonly settings: Settings,
    private readonly state: DatabaseState,
    private readonly log: HubLog,
  ) {}

  @Interval(EVERY_MS)
  async onceInAWhile(): Promise<void> {
    if (!this.settings.embedded || !this.state.ready) return;
    try {
      await this.tidy();
    } catch (error) {
      this.log.warn({ err: error }, 'the embedded database was not tidied up; it will be the next time');
    }
  }

  /** The smallest tables first; other questions have their turn between two. Returns the tables it tidied. */
  async tidy(): Promise<readonly string[]> {
    // What was counted in the last second is not published yet.
    await this.database.query('select pg_stat_force_next_flush()');
    const due: { name: string }[] = await this.database.query(DUE);
    for (const { name } of due) await this.database.query(`vacuum (analyze) ${name}`);
    return due.map(({ name }) => name);
  }
}
