import type { Cursor } from '@syncline/connector-sdk';
import type { EntityManager } from 'typeorm';
import { askPrepared, type Prepared } from '../database/prepared.js';
import type { RunCounts } from './counts.js';

/** What a commit leaves behind beside its records. */
export interface PageEnd {
  readonly connectionId: string;
  readonly runId: string;
  readonly stream: string;
  /** Items that need not be tried again. */
  readonly settled: readonly string[];
  /** Undefined: the checkpoint stays where it is. */
  readonly cursor: Cursor | undefined;
  readonly counts: RunCounts;
  readonly progress: { readonly done: number; readonly total?: number } | undefined;
}

const END_PAGE: Prepared = {
  name: 'end-page',
  text: `
with settled as (
  delete from set_aside where connection_id = $1::uuid and stream = $2::text and item = any($3::text[])
),
moved as (
  insert into checkpoint (connection_id, stream, cursor)
  select $1::uuid, $2::text, $4::jsonb where $4::jsonb is not null
  on conflict (connection_id, stream) do update set cursor = excluded.cursor, updated_at = now()
)
update sync_run set counts = $5::jsonb, progress = $6::jsonb where id = $7::uuid`,
};

/** Checkpoint, settled items and counts in one statement: a first sync commits hundreds of pages, and each round trip costs. */
export async function endPage(manager: EntityManager, page: PageEnd): Promise<void> {
  const { connectionId, stream, settled, cursor, counts, progress, runId } = page;
  await askPrepared(manager, END_PAGE, [
    connectionId,
    stream,
    settled,
    cursor === undefined ? null : JSON.stringify(cursor),
    JSON.stringify(counts),
    progress === undefined ? null : JSON.stringify(progress),
    runId,
  ]);
}
