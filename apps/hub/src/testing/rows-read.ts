import type { DataSource } from 'typeorm';

/** How many rows of these tables some work reads, whether it needs them or throws them away. Nothing else may be at work. */
export async function rowsRead(
  database: DataSource,
  tables: readonly string[],
  work: () => Promise<void>,
): Promise<number> {
  const before = await readSoFar(database, tables);
  await work();
  return (await readSoFar(database, tables)) - before;
}

async function readSoFar(database: DataSource, tables: readonly string[]): Promise<number> {
  // What was counted in the last second is not published yet.
  await database.query('select pg_stat_force_next_flush()');
  const [row]: { n: string }[] = await database.query(
    `select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) as n from pg_stat_user_tables where relname = any($1::text[])`,
    [tables],
  );
  return Number(row?.n);
}
