import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Projects that events name by former paths, console sessions that end when they are ended, and who waits for whom. */
export class ProjectsAndSessions1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}

const up = [
  // Under which paths a project was ever seen: events keep the path of their day, and a question by path means the project.
  // By connection, because two remote systems number their projects alike. By triggers, so that no way of writing events
  // can forget it.
  `create table event_project (
    connection_id uuid not null references connection on delete cascade,
    project_id text not null,
    path text not null,
    primary key (path, connection_id, project_id)
  )`,
  `create index event_project_by_id on event_project (project_id, connection_id)`,
  `insert into event_project select distinct connection_id, project_id, project_path from change_event`,
  `create function event_project_seen() returns trigger language plpgsql as $$
  begin
    insert into event_project
    select distinct connection_id, project_id, project_path from added order by 3, 1, 2
    on conflict do nothing;
    return null;
  end $$`,
  `create trigger change_event_seen_new after insert on change_event referencing new table as added
    for each statement execute function event_project_seen()`,
  `create trigger change_event_seen_again after update on change_event referencing new table as added
    for each statement execute function event_project_seen()`,
  `drop index change_event_by_project_path`,
  `drop index change_event_by_project`,
  `create index change_event_by_project on change_event (connection_id, project_id, occurred_at desc, id desc)`,

  // One row per login. The cookie names it and is worth nothing without it.
  `create table console_session (
    id uuid primary key,
    token_id uuid not null references api_token on delete cascade,
    expires_at timestamptz not null
  )`,
  `create index console_session_by_token on console_session (token_id)`,

  // Keys of the budgets a run draws on: while one of them is blocked, the run waits.
  `alter table sync_run add column budgets text[] not null default '{}'`,
];

const down = [
  `alter table sync_run drop column budgets`,
  `drop table console_session`,
  `drop index change_event_by_project`,
  `create index change_event_by_project on change_event (project_id, occurred_at desc, id desc)`,
  `create index change_event_by_project_path on change_event (project_path, occurred_at desc, id desc)`,
  `drop trigger change_event_seen_new on change_event`,
  `drop trigger change_event_seen_again on change_event`,
  `drop function event_project_seen()`,
  `drop table event_project`,
];
