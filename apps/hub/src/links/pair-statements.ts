import { linkWithId } from './link-statements.js';

/** What statements read of links as `pairLinkRecord` makes them. */
const RECORD = `(id uuid, kind text, state text, left_ref jsonb, right_ref jsonb, parent_id uuid, origin_key text,
  origin_side text, place_key text, origin jsonb, intent jsonb, awaits jsonb, baseline jsonb)`;

/** Every column of a link beside its id and its connection, from a record named `wanted`. */
const COLUMNS: readonly (readonly [column: string, value: string])[] = [
  ['kind', 'wanted.kind'],
  ...(['left', 'right'] as const).flatMap((side) =>
    (
      [
        ['instance', 'instanceId'],
        ['project', 'projectId'],
        ['key', 'key'],
        ['url', 'url'],
        ['title', 'title'],
      ] as const
    ).map(([column, field]) => [`${side}_${column}`, `wanted.${side}_ref->>'${field}'`] as const),
  ),
  ['parent_id', 'wanted.parent_id'],
  ['origin_key', 'wanted.origin_key'],
  ['origin_side', 'wanted.origin_side'],
  ['place_key', 'wanted.place_key'],
  ['origin', 'wanted.origin'],
  ['intent', 'wanted.intent'],
  ['awaits', `case when wanted.awaits is not null then array(select jsonb_array_elements_text(wanted.awaits)) end`],
  ['baseline', `coalesce(wanted.baseline, '{}')`],
];

const names = COLUMNS.map(([column]) => column).join(', ');
const values = COLUMNS.map(([, value]) => value).join(', ');
const assignments = COLUMNS.map(([column, value]) => `${column} = ${value}`).join(', ');

/** Links whose connection was deleted keep nothing in step any more; they must not stand in the way of new ones. */
export const SEVER_LEFTOVERS = `
with severed as (
  update link set state = 'severed'
  from jsonb_to_recordset($1::jsonb) as wanted ${RECORD}, connection
  where link.place_key = wanted.place_key and link.origin_key = wanted.origin_key
    and connection.id = link.connection_id and connection.deleted_at is not null and link.state <> 'severed'
  returning link.id
)
insert into link_history (link_id, action, reason) select id, 'severed', 'Its connection was deleted.' from severed`;

/**
 * Has this link the copy, or had it until it was taken apart or one of its two deleted? Parameters: the connection that
 * asks.
 */
const IS_RIVAL = `(link.state in ('intended', 'active', 'conflicted') or (link.state in ('severed', 'gone') and link.connection_id <> $1
  and exists (select from connection where connection.id = link.connection_id and connection.deleted_at is null)))`;

/** For each wanted link the rival that has, or had, the same copy. Parameters: connection, links as jsonb. */
export const FIND_RIVALS = `
select distinct on (wanted.id) wanted.id, link.id as link_id, link.connection_id, link.origin_key, link.origin, link.copy_key
from jsonb_to_recordset($2::jsonb) as wanted ${RECORD}
join link on link.place_key = wanted.place_key and link.origin_key = wanted.origin_key and link.kind = wanted.kind
  and link.id <> wanted.id
where ${IS_RIVAL}
order by wanted.id, (link.state in ('severed', 'gone')), link.created_at desc`;

/**
 * Rewrites links of the connection; one that people severed meanwhile stays severed. Parameters: connection, links as
 * jsonb. Returns what they are now.
 */
export const UPDATE_PAIR_LINKS = `
update link set ${assignments},
  state = case when link.state = 'severed' then 'severed'
    when wanted.state = 'active' and exists (select from conflict c where c.link_id = link.id and not c.settled) then 'conflicted'
    else wanted.state end,
  last_synced_at = case when wanted.state in ('active', 'conflicted') and not coalesce(wanted.baseline ? 'begun', false)
    then now() else link.last_synced_at end
from jsonb_to_recordset($2::jsonb) as wanted ${RECORD}
where ${linkWithId('wanted.id')}
returning link.id, link.state, link.id as link_id, link.connection_id, link.origin_key, link.origin, link.copy_key`;

const insert = (conflict: string, condition = ''): string => `
insert into link (id, connection_id, state, last_synced_at, ${names})
select wanted.id, $1, wanted.state, case when wanted.state = 'active' then now() end, ${values}
from jsonb_to_recordset($2::jsonb) as wanted ${RECORD} ${condition} ${conflict} returning id`;

/** Parameters: connection, links as jsonb. What another link has fails the statement, or is left out. */
export const INSERT_PAIR_LINKS = insert('');
export const INSERT_FREE_PAIR_LINKS = insert('on conflict do nothing');

/** The same but for those that `FIND_RIVALS` would find a rival of: nearly all claims are granted by this statement alone. */
export const INSERT_UNRIVALLED_LINKS = insert(
  'on conflict do nothing',
  `where not exists (
  select from link where link.place_key = wanted.place_key and link.origin_key = wanted.origin_key
    and link.kind = wanted.kind and ${IS_RIVAL}
)`,
);

/** Parameters: run, lines as jsonb. Lines of links that are gone are left out. */
export const INSERT_HISTORY = `
insert into link_history (link_id, run_id, action, side, field, reason)
select line.link_id, $1, line.action, line.side, line.field, line.reason
from jsonb_to_recordset($2::jsonb) as line (link_id uuid, action text, side text, field text, reason text)
join link on link.id = line.link_id`;

/** The state of a link says whether a conflict waits. Parameters: connection, link ids. */
export const SHOW_CONFLICTS = `
update link set state = shown.state
from (
  select l.id, case when exists (select from conflict c where c.link_id = l.id and not c.settled)
    then 'conflicted' else 'active' end as state
  from link l where l.connection_id is not distinct from $1::uuid and l.id = any($2::uuid[]) and l.state in ('active', 'conflicted')
) as shown
where link.id = shown.id and link.state <> shown.state`;
