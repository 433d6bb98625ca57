import { exactly } from '../database/exactly.js';

/** What else the statement asks and writes, so that a page is stored in one round trip. */
export interface Frame {
  /** A query with one row if the page may be stored, and none if nothing at all may be. */
  readonly allowed: string;
  /** `with` queries, which may read `allowed` and `summary (created, updated)`; their parameters count from `$6`. */
  readonly besides: readonly string[];
}

const ALONE: Frame = { allowed: 'select', besides: [] };

/** Columns that an application writes anew, each named as in `change_event`. */
const CONTENT = [
  ...['connector_id', 'event_type', 'title', 'description', 'status', 'author', 'project_id', 'project_path', 'url'],
  ...['occurred_at', 'hash', 'metadata', 'search', 'changed_at', 'change_seq', 'change_tx'],
];

/** The rule, for a row that another page has stored meanwhile. An unknown version makes its first half null, which is no news. */
const IS_NEWS = `((excluded.version_at > change_event.version_at
      or (excluded.version_at >= change_event.version_at) is not false and excluded.hash <> change_event.hash) is true)`;

/**
 * Applies a page of events, one row per event id, in one statement.
 * Parameters: rows as jsonb, connection id, connector id, source, observed at.
 * Answers whether it was allowed, and how many events were created and updated.
 *
 * Rows that change nothing are filtered before the insert: an idle poll writes nothing, not even row locks. Should another
 * page of this connection store a row meanwhile, the rule is asked again, of the row as it is then; that row is written
 * whatever comes out, because only then its id is known, and with it where the statuses belong that this page proves.
 */
export function applyStatement({ allowed, besides }: Frame = ALONE): string {
  return `
with allowed as materialized (${allowed}),
incoming as materialized (
  select row.* from allowed cross join jsonb_to_recordset($1::jsonb) as row (
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
    where ${exactly({ event_id: 'incoming.event_id', connection_id: '$2::uuid' })}
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
    ${CONTENT.map((column) => `${column} = case when ${IS_NEWS} then excluded.${column} else change_event.${column} end`).join(',\n    ')},
    version_at = case when ${IS_NEWS} then coalesce(excluded.version_at, change_event.version_at)
      else change_event.version_at end,
    revision = change_event.revision + ${IS_NEWS}::int
  returning id, event_id, occurred_at, status, revision, change_tx = pg_current_xact_id() as is_news
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
    where judged.begins and written.is_news
  ) as facts
  on conflict do nothing
),
summary as materialized (
  select
    count(*) filter (where is_news and revision = 1)::int as created,
    count(*) filter (where is_news and revision > 1)::int as updated
  from written
)${besides.map((query) => `,\n${query}`).join('')}
select exists (select from allowed) as allowed, created, updated from summary`;
}

/** Parameters: `[{event_id, status, at}]` as jsonb, connection id, source, observed at. Unknown events are left out. */
export const ADD_TRANSITIONS = `
insert into change_event_transition (change_event_id, status, at, observed_at, source)
select distinct event.id, fact.status, fact.at, $4::timestamptz, $3::text
from jsonb_to_recordset($1::jsonb) as fact (event_id text, status text, at timestamptz)
cross join lateral (
  select id from change_event
  where ${exactly({ event_id: 'fact.event_id', connection_id: '$2::uuid' })}
  offset 0 -- one by one, for the same reason
  for key share -- no reference keeps an event from being deleted between being found and being referred to
) as event
on conflict do nothing
returning change_event_id`;
