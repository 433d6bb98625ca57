import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { DatabaseState } from '../database/database-state.js';
import { HubLog } from '../logging/hub-log.js';

const EVERY_MS = 10 * 60_000;
/** So many sums are read in a few milliseconds; fewer are not worth rewriting. */
const WORTH_IT = 20_000;

/** Adds up what storing has appended to the sums by day, so that reading them stays cheap. Changes no answer. */
@Injectable()
export class DayCountCompaction {
  /** How many sums the last pass left. */
  private left = 0;

  constructor(
    private readonly database: DataSource,
    private readonly state: DatabaseState,
    private readonly log: HubLog,
  ) {}

  @Interval(EVERY_MS)
  async onceInAWhile(): Promise<void> {
    if (!this.state.ready) return;
    try {
      const [row]: { n: number }[] = await this.database.query(`select count(*)::int as n from change_event_count`);
      if ((row?.n ?? 0) > 2 * this.left + WORTH_IT) this.left = await this.compact();
    } catch (error) {
      this.log.warn({ error }, 'The sums by day were not added up; they will be the next time.');
    }
  }

  /** One statement, so that readers see the sums before or after it. Returns how many are left. */
  async compact(): Promise<number> {
    const left: unknown[] = await this.database.query(
      `with taken as (delete from change_event_count returning *)
       insert into change_event_count
       select connection_id, day, event_type, status, sum(n) from taken group by 1, 2, 3, 4 having sum(n) <> 0
       returning 1`,
    );
    return left.length;
  }
}
