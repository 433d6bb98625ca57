import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What keeping issues in step needs beside links: who is who. */
export class IssueSync1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables.toReversed()) await runner.query(`drop table if exists ${table} cascade`);
  }
}

const tables = ['user_mapping'];

const statements = [
  `create table user_mapping (
    id uuid primary key default gen_random_uuid(),
    source_instance_id uuid not null references instance on delete cascade,
    source_username text not null,
    target_instance_id uuid not null references instance on delete cascade,
    target_username text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (source_instance_id <> target_instance_id)
  )`,
  // One person there for each person here; usernames differ by more than their case.
  `create unique index user_mapping_source on user_mapping (source_instance_id, lower(source_username), target_instance_id)`,
  // The other direction is looked up as well.
  `create index user_mapping_target on user_mapping (target_instance_id, lower(target_username), source_instance_id)`,
];
