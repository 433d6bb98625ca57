/**
 * Applies a page of events, one row per event id, in one statement.
 * Parameters: rows as jsonb, connection id, connector id, source, observed at.
 *
 * Rows that change nothing are filtered before the insert: an idle poll writes nothing, not even row locks. The
 * condition of the update repeats the rule for the row as it is then, should another page of this connection have
 * stored it meanwhile; such a page makes `written` smaller than `wanted`.
 */
export const APPLY_EVENTS = `
with incoming as materialized (
  select * from jsonb_to_recordset($1::jsonb) as row (
    event_id text, event_type text, title text, description text, status text, author text, project_id text,
    project_path text, url text, occurred_at timestamptz, exact boolean, version_at timestamptz, hash text,
    metadata jsonb, words text[], transitions jsonb
  )
),
judged as materialized (
  select incoming.*,
    stored.id as stored_id,
    stored.id is null
      or incoming.version_at > stored.version_at
      or (incoming.version_at >= stored.version_at) is not false and decode(incoming.hash, 'hex') <> stored.hash
      as applies,
    case
      when incoming.exact or stored.id is null then incoming.occurred_at
      when incoming.status = stored.status then greatest(stored.occurred_at, incoming.occurred_at)
      else greatest(incoming.occurred_at, incoming.version_at)
    end as resulting_at,
    stored.id is null or incoming.exact or incoming.status <> stored.status as begins
  from incoming
  left join lateral (
    select id, version_at, hash, status, occurred_at from change_event
    where connection_id = $2::uuid and event_id = incoming.event_id
    -- Looked up row by row: before a first analysis the planner would read all events of the connection for each page.
    offset 0
  ) stored on true
),
written as (
  insert into change_event (
    connection_id, connector_id, event_id, event_type, title, description, status, author, project_id, project_path,
    url, occurred_at, version_at, hash, metadata, search, first_seen_at, changed_at
  )
  select $2::uuid, $3::text, event_id, event_type, title, description, status, author, project_id, project_path,
    url, resulting_at, version_at, decode(hash, 'hex'), metadata, array_to_tsvector(words), $5::timestamptz, $5::timestamptz
  from judged where applies
  order by event_id
  on conflict (connection_id, event_id) do update set
    connector_id = excluded.connector_id, event_type = excluded.event_type, title = excluded.title,
    description = excluded.description, status = excluded.status, author = excluded.author,
    project_id = excluded.project_id, project_path = excluded.project_path, url = excluded.url,
    occurred_at = excluded.occurred_at, version_at = coalesce(excluded.version_at, change_event.version_at),
    hash = excluded.hash, metadata = excluded.metadata, search = excluded.search, changed_at = excluded.changed_at,
    revision = change_event.revision + 1, change_seq = excluded.change_seq, change_tx = excluded.change_tx
  where excluded.version_at > change_event.version_at
    or (excluded.version_at >= change_event.version_at) is not false and excluded.hash <> change_event.hash
  returning id, event_id, occurred_at, status, revision
),
moved as (
  insert into change_event_transition (change_event_id, status, at, observed_at, source)
  select id, status, at, $5::timestamptz, $4::text from (
    select coalesce(written.id, judged.stored_id) as id, proven.status, proven.at
    from judged
    left join written using (event_id)
    cross join jsonb_to_recordset(judged.transitions) as proven (status text, at timestamptz)
    where coalesce(written.id, judged.stored_id) is not null
    union
    select written.id, written.status, written.occurred_at
    from written join judged using (event_id)
    where judged.begins
  ) as facts
  on conflict do nothing
)
select
  (select count(*) from judged where applies)::int as wanted,
  count(*)::int as written,
  count(*) filter (where revision = 1)::int as created
from written`;

/** Parameters: `[{event_id, status, at}]` as jsonb, connection id, source, observed at. Unknown events are left out. */
export const ADD_TRANSITIONS = `
insert into change_event_transition (change_event_id, status, at, observed_at, source)
select distinct event.id, fact.status, fact.at, $4::timestamptz, $3::text
from jsonb_to_recordset($1::jsonb) as fact (event_id text, status text, at timestamptz)
join change_event event on event.connection_id = $2 and event.event_id = fact.event_id
on conflict do nothing
returning change_event_id`;
