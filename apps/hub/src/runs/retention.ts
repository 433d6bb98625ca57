import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Settings } from '../config/settings.js';

/** How long what explains the past is kept. Events, transitions, links and the newest run of a connection stay; how long the history of
 * links is kept is a setting. */
const KEPT = { logs: '30 days', runs: '90 days', deliveries: '30 days' };

/** Drops old explanations in small portions, so that nothing waits for it. */
@Injectable()
export class Retention {
  constructor(
    private readonly database: DataSource,
    private readonly settings: Settings,
  ) {}

  async prune(): Promise<void> {
    await this.inPortions(
      `delete from run_log where id in (select id from run_log where at < now() - $1::interval limit 5000)`,
      KEPT.logs,
    );
    await this.inPortions(
      `delete from webhook_delivery where id in (
         select id from webhook_delivery where received_at < now() - $1::interval and state <> 'pending' limit 5000)`,
      KEPT.deliveries,
    );
    await this.inPortions(
      `delete from sync_run where id in (
         select r.id from sync_run r where r.finished_at < now() - $1::interval
           and r.id is distinct from (select c.last_run_id from connection c where c.id = r.connection_id) limit 1000)`,
      KEPT.runs,
    );
    await this.pruneHistory(`${this.settings.historyDays} days`);
  }

  /** The last line of each item stays: it says how things came to be as they are. */
  private async pruneHistory(age: string): Promise<void> {
    await this.inPortions(
      `delete from link_history where id in (
         select h.id from link_history h where h.at < now() - $1::interval
           and exists (select from link_history later where later.link_id = h.link_id and later.id > h.id) limit 5000)`,
      age,
    );
    await this.inPortions(
      `delete from conflict where id in (
         select id from conflict where settled and updated_at < now() - $1::interval limit 5000)`,
      age,
    );
  }

  private async inPortions(statement: string, age: string): Promise<void> {
    let deleted: number;
    do {
      [, deleted] = await this.database.query<[unknown[], number]>(statement, [age]);
    } while (deleted > 0);
  }
}
