import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of the first release. Statements rather than a schema builder: what runs is what is written. */
export class Initial1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables.toReversed()) await runner.query(`drop table if exists ${table} cascade`);
    await runner.query('drop sequence if exists change_event_seq');
    for (const step of ['added', 'removed', 'moved', 'emptied']) {
      await runner.query(`drop function if exists change_event_count_${step}()`);
    }
  }
}

const tables = [
  'hub_setting',
  'api_token',
  'audit_log',
  'instance',
  'budget',
  'connection',
  'sync_run',
  'run_log',
  'lease',
  'checkpoint',
  'set_aside',
  'change_event_count',
  'change_event',
  'change_event_transition',
  'webhook_delivery',
  'link',
  'link_history',
];

const statements = [
  `create table hub_setting (key text primary key, value jsonb not null)`,

  `create table api_token (
    id uuid primary key default gen_random_uuid(),
    name text not null unique,
    hash bytea not null unique,
    created_at timestamptz not null default now(),
    last_used_at timestamptz
  )`,

  `create table audit_log (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor text not null,
    action text not null,
    subject_kind text not null,
    subject_id text,
    subject_name text,
    data jsonb not null default '{}'
  )`,
  `create index audit_log_subject on audit_log (subject_kind, subject_id, id)`,

  `create table instance (
    id uuid primary key default gen_random_uuid(),
    name text not null unique,
    kind text not null,
    base_url text not null,
    description text,
    credentials jsonb not null default '{}',
    ca_certificate text,
    proxy_url jsonb,
    limits jsonb not null default '{}',
    expires_at timestamptz,
    account jsonb,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,

  // One row per host and account: what one process learned from a 429, all obey.
  `create table budget (key text primary key, blocked_until timestamptz not null)`,

  `create table connection (
    id uuid primary key default gen_random_uuid(),
    name text not null unique,
    description text,
    connector_id text not null,
    enabled boolean not null default true,
    schedule jsonb,
    config jsonb not null,
    tags text[] not null default '{}',
    next_run_at timestamptz,
    last_full_at timestamptz,
    failures integer not null default 0,
    health_state text not null default 'new',
    health_since timestamptz not null default now(),
    last_run_id uuid,
    last_success_at timestamptz,
    last_error jsonb,
    switched_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    -- a deleted connection leaves its events and links behind, and a row for them to belong to
    deleted_at timestamptz
  )`,
  `create index connection_due on connection (next_run_at) where enabled and next_run_at is not null`,
  // Which connections use an instance is a question about their configs.
  `create index connection_config on connection using gin (config jsonb_path_ops)`,

  `create table sync_run (
    id uuid primary key default gen_random_uuid(),
    connection_id uuid not null references connection on delete cascade,
    kind text not null default 'sync',
    trigger text not null,
    status text not null default 'queued',
    mode text not null default 'incremental',
    since timestamptz,
    params jsonb not null default '{}',
    queued_at timestamptz not null default clock_timestamp(),
    not_before timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    counts jsonb not null default '{}',
    progress jsonb,
    error jsonb,
    cancel_requested boolean not null default false,
    worker text
  )`,
  // A trigger during a run coalesces into the one queued follow-up; the database says so, whoever asks.
  `create unique index sync_run_one_queued on sync_run (connection_id, kind) where status = 'queued'`,
  `create unique index sync_run_one_running on sync_run (connection_id) where status = 'running'`,
  `create index sync_run_by_connection on sync_run (connection_id, queued_at desc, id desc)`,
  `create index sync_run_by_time on sync_run (queued_at desc, id desc)`,
  `create index sync_run_active on sync_run (status, not_before) where status in ('queued', 'running')`,

  `create table run_log (
    id bigint generated always as identity primary key,
    run_id uuid not null references sync_run on delete cascade,
    connection_id uuid not null,
    at timestamptz not null,
    level text not null,
    message text not null,
    item text,
    data jsonb
  )`,
  `create index run_log_by_run on run_log (run_id, id)`,
  `create index run_log_by_connection on run_log (connection_id, id)`,
  `create index run_log_by_item on run_log (item, id) where item is not null`,

  // The row outlives the run: the token only grows, so that a late holder is always recognised.
  `create table lease (
    connection_id uuid primary key references connection on delete cascade,
    run_id uuid,
    worker text,
    token bigint not null default 1,
    until timestamptz not null
  )`,
  `create index lease_expiring on lease (until) where run_id is not null`,

  `create table checkpoint (
    connection_id uuid not null references connection on delete cascade,
    stream text not null,
    cursor jsonb not null,
    updated_at timestamptz not null default now(),
    primary key (connection_id, stream)
  )`,

  `create table set_aside (
    connection_id uuid not null references connection on delete cascade,
    stream text not null,
    item text not null,
    error jsonb not null,
    attempts integer not null default 1,
    first_at timestamptz not null default now(),
    next_try_at timestamptz not null,
    primary key (connection_id, stream, item)
  )`,

  // Numbers every application of an event, so that a live reader can ask for what came after.
  `create sequence change_event_seq`,

  `create table change_event (
    id bigint generated always as identity primary key,
    connection_id uuid not null references connection on delete cascade,
    connector_id text not null,
    event_id text not null,
    event_type text not null,
    title text not null,
    description text,
    status text not null,
    author text,
    project_id text not null,
    project_path text not null,
    url text,
    occurred_at timestamptz not null,
    version_at timestamptz,
    hash bytea not null,
    revision integer not null default 1,
    metadata jsonb not null,
    first_seen_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    -- words cut by our own code: the server's parser tears hexadecimal names apart, and its letters depend on a locale
    search tsvector not null,
    change_seq bigint not null default nextval('change_event_seq'),
    change_tx xid8 not null default pg_current_xact_id(),
    unique (connection_id, event_id)
  )`,
  // The included columns let a histogram count single days from the index alone.
  `create index change_event_by_time on change_event (occurred_at desc, id desc) include (event_type, status)`,
  `create index change_event_by_connection on change_event (connection_id, occurred_at desc, id desc)`,
  // Serves both together and each alone: a type has few statuses, and a status occurs in few types.
  `create index change_event_by_type_status on change_event (event_type, status, occurred_at desc, id desc)`,
  `create index change_event_by_author on change_event (author, occurred_at desc, id desc)`,
  `create index change_event_by_project on change_event (project_id, occurred_at desc, id desc)`,
  `create index change_event_by_project_path on change_event (project_path, occurred_at desc, id desc)`,
  `create index change_event_search on change_event using gin (search)`,
  // By transaction first: sequence numbers become visible out of order, finished transactions do not.
  `create index change_event_by_change on change_event (change_tx, change_seq)`,

  // How many events there are a day, as sums to be added up: only ever appended to, so that pages that are stored at
  // once do not wait for each other. By triggers, so that no way of writing events can forget it.
  `create table change_event_count (
    connection_id uuid not null,
    day date not null,
    event_type text not null,
    status text not null,
    n integer not null
  )`,
  `create function change_event_count_added() returns trigger language plpgsql as $$
  begin
    insert into change_event_count
    select connection_id, (occurred_at at time zone 'UTC')::date, event_type, status, count(*)
    from added group by 1, 2, 3, 4;
    return null;
  end $$`,
  `create function change_event_count_removed() returns trigger language plpgsql as $$
  begin
    insert into change_event_count
    select connection_id, (occurred_at at time zone 'UTC')::date, event_type, status, -count(*)
    from removed group by 1, 2, 3, 4;
    return null;
  end $$`,
  `create function change_event_count_moved() returns trigger language plpgsql as $$
  begin
    insert into change_event_count
    select connection_id, (occurred_at at time zone 'UTC')::date, event_type, status, sum(n)
    from (
      select connection_id, occurred_at, event_type, status, 1 as n from added
      union all
      select connection_id, occurred_at, event_type, status, -1 from removed
    ) as moved
    group by 1, 2, 3, 4 having sum(n) <> 0;
    return null;
  end $$`,
  `create function change_event_count_emptied() returns trigger language plpgsql as $$
  begin
    truncate change_event_count;
    return null;
  end $$`,
  `create trigger change_event_added after insert on change_event referencing new table as added
    for each statement execute function change_event_count_added()`,
  `create trigger change_event_moved after update on change_event referencing new table as added old table as removed
    for each statement execute function change_event_count_moved()`,
  `create trigger change_event_removed after delete on change_event referencing old table as removed
    for each statement execute function change_event_count_removed()`,
  `create trigger change_event_emptied after truncate on change_event
    for each statement execute function change_event_count_emptied()`,

  `create table change_event_transition (
    change_event_id bigint not null references change_event on delete cascade,
    status text not null,
    at timestamptz not null,
    observed_at timestamptz not null,
    source text not null,
    primary key (change_event_id, status, at)
  )`,

  `create table webhook_delivery (
    id uuid primary key default gen_random_uuid(),
    connection_id uuid not null references connection on delete cascade,
    received_at timestamptz not null default clock_timestamp(),
    event text not null,
    dedup_key text not null,
    state text not null,
    scope text,
    wakes jsonb not null default '[]',
    transitions jsonb not null default '[]',
    payload jsonb,
    attempts integer not null default 0,
    run_id uuid,
    error jsonb,
    unique (connection_id, dedup_key)
  )`,
  `create index webhook_delivery_pending on webhook_delivery (connection_id, received_at) where state = 'pending'`,
  `create index webhook_delivery_by_time on webhook_delivery (received_at desc, id desc)`,
  `create index webhook_delivery_by_connection on webhook_delivery (connection_id, received_at desc, id desc)`,

  `create table link (
    id uuid primary key default gen_random_uuid(),
    connection_id uuid not null references connection on delete cascade,
    kind text not null,
    state text not null,
    left_instance text, left_project text, left_key text, left_url text, left_title text,
    right_instance text, right_project text, right_key text, right_url text, right_title text,
    baseline jsonb not null default '{}',
    last_synced_at timestamptz,
    created_at timestamptz not null default now()
  )`,
  // A severed link gives its sides free; it is still found, so that runs leave apart what people took apart.
  `create unique index link_left on link (connection_id, kind, left_instance, left_project, left_key)
    where left_key is not null and state <> 'severed'`,
  `create unique index link_right on link (connection_id, kind, right_instance, right_project, right_key)
    where right_key is not null and state <> 'severed'`,
  `create index link_find_left on link (connection_id, kind, left_project, left_key) where left_key is not null`,
  `create index link_find_right on link (connection_id, kind, right_project, right_key) where right_key is not null`,
  `create index link_by_connection on link (connection_id, created_at desc, id desc)`,

  `create table link_history (
    id bigint generated always as identity primary key,
    link_id uuid not null references link on delete cascade,
    at timestamptz not null default now(),
    run_id uuid,
    action text not null,
    side text,
    field text,
    reason text not null
  )`,
  `create index link_history_by_link on link_history (link_id, id)`,
];
