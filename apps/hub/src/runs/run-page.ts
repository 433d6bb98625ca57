import type { Cursor } from '@syncline/connector-sdk';
import type { Prepared } from '../database/prepared.js';
import { applyStatement } from '../events/apply-statement.js';
import type { Page } from '../events/event-store.js';
import type { RunCounts } from './counts.js';
import { type Lease, leaseLost } from './leases.js';

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
  /** Of the run before this page. */
  readonly counts: RunCounts;
  readonly progress: { readonly done: number; readonly total?: number } | undefined;
}

/**
 * Events, checkpoint, settled items and counts, if the lease is still ours, in one statement: a first sync commits hundreds
 * of pages, and as a transaction of five each would cost as much again in round trips as in rows.
 */
const STORE_PAGE: Prepared = {
  name: 'store-page',
  text: applyStatement({
    // As Leases.fence.
    allowed: `select 1 from lease
      where connection_id = $2::uuid and token = $6::bigint and run_id = $7::uuid and until > clock_timestamp()
      for key share`,
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
      `counted as (
  update sync_run set progress = $12::jsonb, counts = $11::jsonb || jsonb_build_object(
    'fetched', ($11::jsonb->>'fetched')::int + $13::int,
    'created', ($11::jsonb->>'created')::int + created,
    'updated', ($11::jsonb->>'updated')::int + updated,
    'stored', ($11::jsonb->>'stored')::int + created + updated,
    'skipped', ($11::jsonb->>'skipped')::int + $13::int - created - updated
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
