import type { LinkSide } from '@syncline/connector-sdk';
import { exactly } from '../database/exactly.js';

/** What statements read of `[{..., left, right, baseline}]`; refs stay jsonb until they are written. */
const REFS = `left_ref jsonb, right_ref jsonb, baseline jsonb`;

/**
 * Of the connection in $1, without making that the way in: while a table grows faster than it is analysed, the planner
 * takes a connection for a few rows and would read all of it rather than look up the ones that are asked for. For ids and
 * keys in a list; where they come as rows to be joined, expecting one row of the connection makes the join compare each
 * of its links with each wanted row, and `exactly` says it.
 */
export const OF_CONNECTION = `link.connection_id is not distinct from $1::uuid`;

/** The link with this id, if it is of the connection in $1. */
export const linkWithId = (id: string): string => exactly({ 'link.id': id, 'link.connection_id': '$1::uuid' });

/** Links of the connection in $1 that have this item on this side. */
const ofSide = (side: LinkSide, { key, project, kind }: Readonly<Record<'key' | 'project' | 'kind', string>>): string =>
  exactly({
    [`link.${side}_key`]: key,
    [`link.${side}_project`]: project,
    'link.kind': kind,
    'link.connection_id': '$1::uuid',
  });

const ofRef = (side: LinkSide): string =>
  ofSide(side, {
    key: `(wanted.${side}_ref->>'key')`,
    project: `(wanted.${side}_ref->>'projectId')`,
    kind: 'wanted.kind',
  });

/**
 * The live link of each side, or the one severed last: a connector must see that people took two items apart.
 * Parameters: connection, kind, `[{projectId, key}]` as jsonb.
 */
export function findBySide(side: LinkSide): string {
  return `
select distinct on (found.${side}_instance, found.${side}_project, found.${side}_key) found.*
from jsonb_to_recordset($3::jsonb) as wanted ("projectId" text, key text)
cross join lateral (
  select * from link
  where ${ofSide(side, { key: 'wanted.key', project: 'wanted."projectId"', kind: '$2::text' })}
  offset 0 -- each wanted row by the index, for the same reason
) as found
order by found.${side}_instance, found.${side}_project, found.${side}_key, (found.state <> 'severed') desc,
  found.created_at desc, found.id`;
}

/**
 * For each wanted link, in order, the one that already has its left or its right side (live before severed, left before
 * right). Parameters: connection, links as jsonb.
 */
export const FIND_TAKEN = `
select wanted.position, taken.*
from jsonb_to_recordset($2::jsonb) as wanted (position int, kind text, ${REFS})
cross join lateral (
  select found.* from (
    select link.*, 0 as rank from link
    where ${ofRef('left')} and link.left_instance = wanted.left_ref->>'instanceId'
    union all
    select link.*, 1 from link
    where ${ofRef('right')} and link.right_instance = wanted.right_ref->>'instanceId'
  ) as found
  order by (found.state <> 'severed') desc, found.rank, found.created_at desc, found.id
  limit 1
) as taken
order by wanted.position`;

/**
 * Inserts the links whose sides are free, each with its first line of history. Both unique indexes count, also between
 * the rows of one call: the first wins. Parameters: connection, links as jsonb, run.
 */
export const INSERT_LINKS = `
with inserted as (
  insert into link (
    connection_id, kind, state, baseline, left_instance, left_project, left_key, left_url, left_title,
    right_instance, right_project, right_key, right_url, right_title, last_synced_at
  )
  select $1, kind, state, coalesce(baseline, '{}'),
    left_ref->>'instanceId', left_ref->>'projectId', left_ref->>'key', left_ref->>'url', left_ref->>'title',
    right_ref->>'instanceId', right_ref->>'projectId', right_ref->>'key', right_ref->>'url', right_ref->>'title',
    case when state = 'active' and baseline is not null then now() end
  from jsonb_to_recordset($2::jsonb) as wanted (position int, kind text, state text, reason text, ${REFS})
  order by position
  on conflict do nothing
  returning id, state, left_key is null as to_left, right_key is null as to_right
)
insert into link_history (link_id, run_id, action, side, reason)
select id, $3, 'created', case when to_left then 'left' when to_right then 'right' end,
  coalesce($4, case state when 'active' then 'Both items exist and are linked.'
    else 'Noted before the copy is written.' end)
from inserted
returning link_id`;

/**
 * Fills the missing sides and makes links active; a link that was severed meanwhile stays severed. Returns the ids that
 * exist. Parameters: connection, `[{id, left_ref, right_ref, baseline}]` as jsonb, run.
 */
export const CONFIRM_LINKS = `
with confirmed as (
  update link set
    state = case link.state when 'severed' then 'severed' else 'active' end,
    left_instance = coalesce(change.left_ref->>'instanceId', link.left_instance),
    left_project = coalesce(change.left_ref->>'projectId', link.left_project),
    left_key = coalesce(change.left_ref->>'key', link.left_key),
    left_url = coalesce(change.left_ref->>'url', link.left_url),
    left_title = coalesce(change.left_ref->>'title', link.left_title),
    right_instance = coalesce(change.right_ref->>'instanceId', link.right_instance),
    right_project = coalesce(change.right_ref->>'projectId', link.right_project),
    right_key = coalesce(change.right_ref->>'key', link.right_key),
    right_url = coalesce(change.right_ref->>'url', link.right_url),
    right_title = coalesce(change.right_ref->>'title', link.right_title),
    baseline = link.baseline || coalesce(change.baseline, '{}'),
    last_synced_at = now()
  from jsonb_to_recordset($2::jsonb) as change (id uuid, ${REFS})
  where ${linkWithId('change.id')}
  returning link.id, link.state,
    case when change.left_ref is not null and change.right_ref is null then 'left'
      when change.right_ref is not null and change.left_ref is null then 'right' end as side
),
noted as (
  insert into link_history (link_id, run_id, action, side, reason)
  select id, $3, 'updated', side, case state
    when 'severed' then 'The copy was written, but the link had been severed meanwhile.'
    else 'The copy was written; both sides are linked.' end
  from confirmed
)
select id from confirmed`;

/**
 * Replaces baselines, and states where given; a severed link stays severed. Parameters: connection,
 * `[{id, baseline, state, reason}]` as jsonb, run. Returns the ids that exist.
 */
export const REBASE_LINKS = `
with wanted as materialized (
  select change.id, change.reason, link.baseline as before, link.baseline || change.baseline as after, link.state as was,
    case when link.state = 'severed' then link.state else coalesce(change.state, link.state) end as becomes
  from jsonb_to_recordset($2::jsonb) as change (id uuid, baseline jsonb, state text, reason text)
  join link on ${linkWithId('change.id')}
),
rebased as (
  update link set baseline = wanted.after, state = wanted.becomes,
    last_synced_at = case wanted.becomes when 'conflicted' then link.last_synced_at else now() end
  from wanted where link.id = wanted.id
),
noted as (
  insert into link_history (link_id, run_id, action, reason)
  select id, $3, case becomes when 'conflicted' then 'conflicted' else 'updated' end,
    coalesce(reason, 'Both sides agree again.')
  from wanted where before is distinct from after or was <> becomes
)
select id from wanted`;
