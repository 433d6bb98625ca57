import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What keeping issues in step needs: who is who, where items come from, conflicts, plans, and items people ask for. */
export class IssueSync1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables.toReversed()) await runner.query(`drop table if exists ${table} cascade`);
    for (const column of linkColumns.toReversed())
      await runner.query(`alter table link drop column if exists ${column}`);
    await runner.query(`delete from hub_setting where key = 'hub_id'`);
  }
}

const tables = ['user_mapping', 'kept_pair', 'conflict', 'plan', 'plan_item', 'item_request'];
const linkColumns = ['parent_id', 'origin_key', 'origin_side', 'place_key', 'origin', 'intent', 'awaits', 'copy_key'];

/** States in which a link keeps all others from making the same copy. */
const holding = `state in ('intended', 'active', 'conflicted')`;

const statements = [
  // What this hub calls itself in what it leaves at remotes.
  `insert into hub_setting values ('hub_id', to_jsonb(gen_random_uuid()::text)) on conflict (key) do nothing`,

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

  // Two places, the smaller text first, so that a pair and its other direction are one row. A connection may have
  // several: its project by path and by id.
  `create table kept_pair (
    low text not null,
    high text not null,
    connection_id uuid not null references connection on delete cascade,
    primary key (low, high)
  )`,
  `create index kept_pair_connection on kept_pair (connection_id)`,

  `alter table link
    add column parent_id uuid references link on delete cascade,
    add column origin_key text,
    add column origin_side text,
    add column place_key text,
    add column origin jsonb,
    add column intent jsonb,
    add column awaits text[],
    add column copy_key text generated always as
      (case origin_side when 'left' then right_key when 'right' then left_key end) stored`,
  // One copy of an origin in a place, whichever connection makes it. Milestones and files have natural keys instead.
  `create unique index link_copy on link (place_key, origin_key, kind)
    where origin_key is not null and kind in ('issue', 'comment') and ${holding}`,
  `create index link_origin on link (place_key, origin_key) where origin_key is not null`,
  `create index link_copy_at on link (place_key, copy_key) where origin_key is not null and copy_key is not null`,
  `create index link_parent on link (parent_id) where parent_id is not null`,
  `create index link_unsettled on link (connection_id) where state = 'intended'`,
  `create index link_page on link (connection_id, kind, id)`,
  `create index link_awaits on link using gin (awaits) where awaits is not null`,

  `create table conflict (
    id uuid primary key default gen_random_uuid(),
    connection_id uuid not null references connection on delete cascade,
    link_id uuid not null references link on delete cascade,
    field text not null,
    base jsonb not null,
    left_value jsonb not null,
    right_value jsonb not null,
    state text not null default 'open',
    -- decided and carried out, or closed: no run needs to look at it any more
    settled boolean not null default false,
    resolution jsonb,
    detected_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create unique index conflict_unsettled on conflict (link_id, field) where not settled`,
  `create index conflict_waiting on conflict (connection_id) where not settled`,
  `create index conflict_by_time on conflict (detected_at desc, id desc)`,
  `create index conflict_by_connection on conflict (connection_id, detected_at desc, id desc)`,

  `create table plan (
    run_id uuid primary key references sync_run on delete cascade,
    connection_id uuid not null references connection on delete cascade,
    -- by op and by kind, of everything, also of what is not kept
    counts jsonb not null default '{}',
    items integer not null default 0,
    created_at timestamptz not null default now()
  )`,
  `create index plan_by_connection on plan (connection_id, created_at desc)`,
  `create table plan_item (
    run_id uuid not null references plan on delete cascade,
    position integer not null,
    op text not null,
    kind text not null,
    side text not null,
    ref jsonb,
    title text,
    fields text[],
    reason text not null,
    primary key (run_id, position)
  )`,

  // What people asked for, until a run has dealt with it.
  `create table item_request (
    connection_id uuid not null references connection on delete cascade,
    side text not null,
    key text not null,
    requested_at timestamptz not null default clock_timestamp(),
    attempts integer not null default 0,
    primary key (connection_id, side, key)
  )`,
];
