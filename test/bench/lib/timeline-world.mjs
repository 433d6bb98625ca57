// A timeline as hubs grow it, made by the server itself: ten connections, 200 projects of very unequal size, 600
// authors, six types with their own statuses, titles from a vocabulary in which some words are everywhere and most are
// rare. The older half lies on disk as a backfill leaves it (project by project), the newer half in order of time.

/** Words by how often a title has them; the rarer ones are numbered (`topic17`) or unique (`ticket123456`). */
export const words = { frequent: 'fix', common: 'pipeline', occasional: 'kubernetes', rare: 'topic1234' };

const TYPES = `
  (values
    ('merge_request', 0.00, 0.15, array['merged','merged','merged','merged','closed','opened']),
    ('pipeline',      0.15, 0.55, array['success','success','success','success','success','success','failed','failed','canceled','running']),
    ('commit',        0.55, 0.90, array['committed']),
    ('deployment',    0.90, 0.95, array['success','success','success','failed']),
    ('image',         0.95, 0.99, array['published']),
    ('release',       0.99, 1.01, array['published'])
  ) as kinds (event_type, low, high, statuses)`;

/** Connections that the events belong to. */
export const CONNECTIONS = `
  insert into connection (name, connector_id, config, tags)
  select 'bench ' || n, 'gitlab-events', '{}', case when n <= 3 then array['backend'] when n = 4 then array['backend','mobile'] else array['team-' || n] end
  from generate_series(1, 10) n
  returning id`;

/** Rows numbered \`from\` to \`to\` of \`total\`: the first half project by project, the rest as time passes. */
export function eventsStatement({ from, to, total }) {
  return `
  with seeded as materialized (select setseed(${((from * 7) % 1000) / 1000})),
  drawn as materialized (
    select n, random() as kind, random() as pick, floor(200 * power(random(), 2.5))::int as project,
      floor(600 * power(random(), 2))::int as author, random() as w1, random() as w2, random() as w3, random() as w4, random() as age
    from seeded, generate_series(${from}, ${to}) n
  ),
  shaped as (
    select drawn.*, kinds.event_type, kinds.statuses[1 + floor(pick * cardinality(kinds.statuses))::int] as status,
      case when n <= ${Math.floor(total / 2)} then timestamptz '2024-11-01Z' + age * interval '365 days'
        else timestamptz '2025-11-01Z' + (n - ${Math.floor(total / 2)})::float8 / ${Math.ceil(total / 2)} * interval '365 days' end as at,
      md5(n::text) || md5((n + 1)::text) as sha
    from drawn join ${TYPES} on kind >= low and kind < high
  ),
  worded as (
    select shaped.*, array_remove(array[
      case when w1 < 0.30 then 'fix' end,
      case when w2 < 0.15 then 'pipeline' end,
      case when w3 < 0.01 then 'kubernetes' end,
      'topic' || floor(power(w4, 3) * 5000)::int,
      'area' || floor(w1 * 300)::int,
      'of', 'ticket' || n], null) as title_words
    from shaped
  )
  insert into change_event (connection_id, connector_id, event_id, event_type, title, description, status, author,
    project_id, project_path, url, occurred_at, version_at, hash, metadata, search)
  select c.id, 'gitlab-events', event_type || '-' || project || '-' || n, event_type, array_to_string(title_words, ' '),
    case when event_type = 'merge_request' then repeat('This change touches module m' || (n % 400) || ' and its tests. ', 4) end,
    status, 'user' || author, (1000 + project)::text, 'group' || project % 20 || '/project' || project,
    'https://gitlab.example/group' || project % 20 || '/project' || project || '/-/' || event_type || '/' || n,
    at, at, decode(sha, 'hex'),
    jsonb_build_object('iid', n, 'sha', left(sha, 40), 'labels', jsonb_build_array('team' || project % 12, 'prio' || n % 4), 'ref', 'feature-' || n % 1000),
    array_to_tsvector(title_words || array['user' || author, left(sha, 40)] || case when event_type = 'merge_request'
      then array['this','change','touches','module','m' || (n % 400),'and','its','tests'] else array[]::text[] end)
  from worded join (select id, row_number() over (order by name) - 1 as place from connection where name like 'bench %') c
    on c.place = project % 10
  order by case when n <= ${Math.floor(total / 2)} then project else 0 end, at`;
}
