import type { Cursor } from '@syncline/connector-sdk';
import type { Prepared } from '../database/prepared.js';
import { applyStatement } from '../events/apply-statement.js';
import type { Page } from '../events/event-store.js';
import type { RunCounts } from './counts.js';
import { heldLease, type Lease, leaseLost } from './leases.js';

/** What a run stores with a page of events. */
export interface RunPage {
  readonly lease: Lease;
  readonly stream: string;
  /** Events of the page, equal ones counted each. */
  readonly size: number;
  /** Items that need not be tried again. */
  readonly settled: readonly string[];
  /** Undefined: the checkpoint stays where it is. */
  readonly cursor: Cursor | undefined;
  /** Of the run: what pages do not count, as requests and failures. */
  readonly counts: RunCounts;
  readonly progress: { readonly done: number; readonly total?: number } | undefined;
}

function adding(counts: Readonly<Partial<Record<keyof RunCounts, string>>>): string {
  return Object.entries(counts)
    .map(([name, more]) => `'${name}', coalesce((sync_run.counts->>'${name}')::int, 0) + ${more}`)
    .join(',\n    ');
}

/**
 * Events, checkpoint, settled items and counts, if the lease is still ours, in one statement: a first sync commits hundreds
 * of pages, and as a transaction of five each would cost as much again in round trips as in rows.
 */
const STORE_PAGE: Prepared = {
  name: 'store-page',
  text: applyStatement({
    allowed: heldLease('$2', '$6', '$7'),
    besides: [
      `settled as (
  delete from set_aside
  where connection_id = $2::uuid and stream = $8::text and item = any($9::text[]) and exists (select from allowed)
)`,
      `moved_on as (
  insert into checkpoint (connection_id, stream, cursor)
  select $2::uuid, $8::text, $10::jsonb from allowed where $10::jsonb is not null
  on conflict (connection_id, stream) do update set cursor = excluded.cursor, updated_at = now()
)`,
      // Several streams store pages at once: what each adds is added to the row, and the rest is as the process knows it.
      `counted as (
  update sync_run set progress = $12::jsonb, counts = $11::jsonb || jsonb_build_object(
    ${adding({ fetched: '$13::int', created: 'created', updated: 'updated', stored: 'created + updated', skipped: '$13::int - created - updated' })}
  )
  from allowed, summary where id = $7::uuid
)`,
    ],
  }),
};

export function runPage({ lease, stream, size, settled, cursor, counts, progress }: RunPage): Page {
  return {
    statement: STORE_PAGE,
    values: [
      lease.token,
      lease.runId,
      stream,
      settled,
      cursor === undefined ? null : JSON.stringify(cursor),
      JSON.stringify(counts),
      progress === undefined ? null : JSON.stringify(progress),
      size,
    ],
    refused: leaseLost,
  };
}
