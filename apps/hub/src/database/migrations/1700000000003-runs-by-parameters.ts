import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs that were asked for with different parameters wait side by side: each does what its asker wanted. */
export class RunsByParameters1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index sync_run_one_queued`);
    // By a digest: parameters may be longer than an entry of an index. The text of jsonb is the same for the same value.
    await runner.query(
      `create unique index sync_run_one_queued on sync_run (connection_id, kind, md5(params::text)) where status = 'queued'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `update sync_run r set status = 'cancelled', finished_at = clock_timestamp()
       where status = 'queued' and exists (
         select 1 from sync_run o where o.connection_id = r.connection_id and o.kind = r.kind and o.status = 'queued'
           and (o.queued_at, o.id) < (r.queued_at, r.id))`,
    );
    await runner.query(`drop index sync_run_one_queued`);
    await runner.query(
      `create unique index sync_run_one_queued on sync_run (connection_id, kind) where status = 'queued'`,
    );
  }
}
