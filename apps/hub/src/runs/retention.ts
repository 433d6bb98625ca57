import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** How long what explains the past is kept. Events, transitions, links and the newest run of a connection stay. */
const KEPT = { logs: '30 days', runs: '90 days', deliveries: '30 days' };

/** Drops old explanations in small portions, so that nothing waits for it. */
@Injectable()
export class Retention {
  constructor(private readonly database: DataSource) {}

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
  }

  private async inPortions(statement: string, age: string): Promise<void> {
    let deleted: number;
    do {
      [, deleted] = await this.database.query<[unknown[], number]>(statement, [age]);
    } while (deleted > 0);
  }
}
