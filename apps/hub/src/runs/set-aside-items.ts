import type { SetAside } from '@syncline/connector-sdk';
import { redactText } from '@syncline/remote-http';
import type { EntityManager } from 'typeorm';
import { storableJson } from '../events/storable-text.js';

const FIRST_WAIT_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 24 * 60 * 60;

/** An item that a run put off until a moment that is near. */
export interface PutOffItem {
  readonly stream: string;
  readonly item: string;
  readonly until: Date;
}

/** Items of one connection that could not be read or applied, and when to try each again. */
export class SetAsideItems {
  constructor(
    private readonly connectionId: string,
    private readonly redact: (text: string) => string = redactText,
  ) {}

  /** The wait doubles with each attempt; one that the connector asks for counts where it is longer. */
  async add(manager: EntityManager, stream: string, items: readonly SetAside[]): Promise<void> {
    if (items.length === 0) return;
    const rows = items.map(({ item, error: { kind, message, hint }, retryAt }) => ({
      item,
      error: { kind, message: this.redact(message), hint },
      retry_at: retryAt?.toISOString(),
    }));
    await manager.query(
      `insert into set_aside (connection_id, stream, item, error, next_try_at)
       select distinct on (i.item) $1::uuid, $2, i.item, i.error, greatest(now() + $4 * interval '1 second', i.retry_at)
       from jsonb_to_recordset($3::jsonb) as i(item text, error jsonb, retry_at timestamptz)
       on conflict (connection_id, stream, item) do update set
         error = excluded.error, attempts = set_aside.attempts + 1,
         next_try_at = greatest(now() + least($4 * power(2, least(set_aside.attempts, 20)), $5) * interval '1 second',
           excluded.next_try_at)`,
      [this.connectionId, stream, storableJson(rows), FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS],
    );
  }

  async clear(manager: EntityManager, stream: string, items: readonly string[]): Promise<void> {
    if (items.length === 0) return;
    await manager.query('delete from set_aside where connection_id = $1 and stream = $2 and item = any($3::text[])', [
      this.connectionId,
      stream,
      items,
    ]);
  }

  async due(manager: EntityManager, stream: string): Promise<readonly string[]> {
    const rows: { item: string }[] = await manager.query(
      'select item from set_aside where connection_id = $1 and stream = $2 and next_try_at <= now() order by next_try_at limit 100',
      [this.connectionId, stream],
    );
    return rows.map((row) => row.item);
  }

  /** How many wait in these streams, but for those that were only put off; errors never look healthy. */
  async count(manager: EntityManager, streams: Iterable<string>, putOff: readonly PutOffItem[]): Promise<number> {
    const rows: { n: number }[] = await manager.query(
      `select count(*)::int as n from set_aside s where connection_id = $1 and stream = any($2::text[])
         and not exists (select 1 from jsonb_to_recordset($3::jsonb) as p(stream text, item text)
           where p.stream = s.stream and p.item = s.item)`,
      [this.connectionId, [...streams], storableJson(putOff.map(({ stream, item }) => ({ stream, item })))],
    );
    return rows[0]?.n ?? 0;
  }

  async countAll(manager: EntityManager): Promise<number> {
    const rows: { n: number }[] = await manager.query(
      'select count(*)::int as n from set_aside where connection_id = $1',
      [this.connectionId],
    );
    return rows[0]?.n ?? 0;
  }
}
