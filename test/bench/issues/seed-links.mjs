// Links of issues that nobody copied: what the hub's database looks like after years, without waiting for years.
import { pg } from '../../../scripts/lib/pg.mjs';

/** Each linked issue again under other numbers, with its history, until there are so many. */
export async function fillLinks(databaseUrl, wanted) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select count(*)::int as linked, max(left_key::int) as newest from link where kind = 'issue'`,
    );
    const [{ linked, newest }] = rows;
    await client.query(
      `with fresh as (
         insert into link (connection_id, kind, state, left_instance, left_project, left_key, left_url, left_title,
           right_instance, right_project, right_key, right_url, right_title, baseline, last_synced_at,
           origin_key, origin_side, place_key, origin)
         select connection_id, kind, state, left_instance, left_project, number, left_url, left_title,
           right_instance, right_project, number, right_url, right_title, baseline, last_synced_at,
           origin_key || number, origin_side, place_key, origin
         from generate_series(1, $1::int) as n
         join (select *, row_number() over (order by id) as position from link where kind = 'issue') as l
           on l.position = 1 + n % $2::int
         cross join lateral (select ($3::int + n)::text as number) as numbered
         returning id
       )
       insert into link_history (link_id, action, side, reason) select id, 'created', 'right', 'Seeded.' from fresh`,
      [Math.max(0, wanted - linked), linked, newest],
    );
    await client.query('analyze link');
    await client.query('analyze link_history');
  } finally {
    await client.end();
  }
}
