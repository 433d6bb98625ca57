import type { DataSource } from 'typeorm';

interface BoundRow {
  /** Of 64 bits: every transaction below it has begun to write before this moment. */
  readonly upper: string;
  /** Of 32 bits, as the server lists them. */
  readonly running: readonly string[];
}

/**
 * Transactions below the answer are over in this database: a statement sent after this sees all that they wrote, and
 * nothing can appear below any more. The answer never falls. A snapshot's own lower end would be of the whole server,
 * where a long transaction in somebody else's database would hold ours up.
 *
 * Two statements, in this order, because a list of transactions is read one by one and not at one moment:
 * - A transaction below `upper`, the end of a snapshot taken before the list is read, shows its number in the list until
 *   those who ask later see what it wrote. One that only reads gets its number later, above.
 * - One that was prepared meanwhile is in the second list before it leaves the first.
 */
export async function settledBefore(database: DataSource): Promise<bigint> {
  const [active]: BoundRow[] = await database.query(
    `select pg_snapshot_xmax(pg_current_snapshot())::text as upper, array(
       select backend_xid::text from pg_stat_activity where datname = current_database() and backend_xid is not null
     ) as running`,
  );
  const prepared: { xid: string }[] = await database.query(
    `select transaction::text as xid from pg_prepared_xacts where database = current_database()`,
  );
  if (active === undefined) throw new Error('the database answered nothing');
  const upper = BigInt(active.upper);
  const running = [...active.running, ...prepared.map(({ xid }) => xid)].map((xid) => inFull(BigInt(xid), upper));
  return running.reduce((lowest, xid) => (xid < lowest ? xid : lowest), upper);
}

/** Numbers of running transactions lie within 2^31 of each other; the upper half is that of a neighbour. */
export function inFull(xid: bigint, neighbour: bigint): bigint {
  return neighbour + BigInt.asIntN(32, xid - neighbour);
}
