import type { HistoryLine, LinkSide } from '@syncline/connector-sdk';
import type { DataSource } from 'typeorm';

/** A decision about an item that has no link: it stands in the log alone. */
export interface ItemLine {
  readonly item: string;
  readonly side: LinkSide | undefined;
  readonly action: HistoryLine['action'];
  /** As it is logged. */
  readonly message: string;
}

const keyOf = (item: string, side: string | undefined | null, message: string): string =>
  JSON.stringify([item, side ?? null, message]);

/**
 * Leaves out skips that the log has told already: an item that is left out for the same cause in every run would fill it.
 * What the last run that spoke of the item said counts, so that a cause that comes back is told again.
 */
export async function withoutToldSkips<T extends ItemLine>(
  database: DataSource,
  connectionId: string,
  lines: readonly T[],
): Promise<readonly T[]> {
  const items = [...new Set(lines.filter(({ action }) => action === 'skipped').map(({ item }) => item))];
  if (items.length === 0) return lines;
  const rows: { item: string; side: string | null; message: string }[] = await database.query(
    `select item, side, message from (
       select item, data->>'side' as side, message, run_id,
         first_value(run_id) over (partition by item, data->>'side' order by id desc) as last_run
       from run_log where item = any($2::text[]) and data->>'action' = 'skipped'
         -- not to be read by connection: its log is long, and a new one's is taken for empty until the next analysis
         and connection_id is not distinct from $1::uuid
     ) as told where run_id = last_run`,
    [connectionId, items],
  );
  const told = new Set(rows.map(({ item, side, message }) => keyOf(item, side, message)));
  return lines.filter(
    ({ item, side, action, message }) => action !== 'skipped' || !told.has(keyOf(item, side, message)),
  );
}
