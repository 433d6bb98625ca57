import type { PlanItem, PlanOp } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { storableJson } from '../events/storable-text.js';

export const PLAN_OPS: readonly PlanOp[] = [
  'create',
  'update',
  'link',
  'close',
  'reopen',
  'delete',
  'skip',
  'conflict',
];

/** Of one plan. All are counted; the first so many are kept. */
const MOST_ITEMS = 20_000;
/** Of one connection: older ones say nothing about it any more. */
const MOST_PLANS = 5;

/** `<op> <kind>` and how often. */
export type PlanCounts = Readonly<Record<string, number>>;

export interface PlanRow {
  readonly counts: PlanCounts;
  /** How many items are kept. */
  readonly items: number;
}

export interface PlanItemRow {
  readonly position: number;
  readonly op: PlanItem['op'];
  readonly kind: PlanItem['kind'];
  readonly side: PlanItem['side'];
  readonly ref: PlanItem['ref'] | null;
  readonly title: string | null;
  readonly fields: readonly string[] | null;
  readonly reason: string;
}

interface PlanTarget {
  readonly runId: string;
  readonly connectionId: string;
  readonly redact: (text: string) => string;
}

/** What plans found out: data to be looked at, which nothing acts on. */
@Injectable()
export class PlanStore {
  constructor(private readonly database: DataSource) {}

  /** Goes on with the run's plan, or begins it; then older plans of the connection go. */
  async add(manager: EntityManager, target: PlanTarget, items: readonly PlanItem[]): Promise<void> {
    const { runId, connectionId, redact } = target;
    const begun: unknown[] = await manager.query(
      'insert into plan (run_id, connection_id) values ($1, $2) on conflict do nothing returning 1',
      [runId, connectionId],
    );
    if (begun.length > 0) await this.dropOld(manager, connectionId);
    if (items.length === 0) return;
    const [plan]: PlanRow[] = await manager.query('select counts, items from plan where run_id = $1 for update', [
      runId,
    ]);
    const first = plan?.items ?? 0;
    const kept = items.slice(0, Math.max(0, MOST_ITEMS - first)).map((item, index) => ({
      ...item,
      title: item.title === undefined ? undefined : redact(item.title),
      reason: redact(item.reason),
      position: first + index,
    }));
    await manager.query(
      `insert into plan_item (run_id, position, op, kind, side, ref, title, fields, reason)
       select $1, i.position, i.op, i.kind, i.side, i.ref, i.title,
         case when i.fields is not null then array(select jsonb_array_elements_text(i.fields)) end, i.reason
       from jsonb_to_recordset($2::jsonb) as i
         (position int, op text, kind text, side text, ref jsonb, title text, fields jsonb, reason text)`,
      [runId, storableJson(kept)],
    );
    await manager.query('update plan set counts = $2, items = $3 where run_id = $1', [
      runId,
      JSON.stringify(added(plan?.counts ?? {}, items)),
      first + kept.length,
    ]);
  }

  async find(runId: string): Promise<PlanRow | undefined> {
    const rows: PlanRow[] = await this.database.query('select counts, items from plan where run_id = $1', [runId]);
    return rows[0];
  }

  /** In the order in which they were planned. */
  items(
    runId: string,
    filter: { readonly ops: readonly string[]; readonly kinds: readonly string[] },
    page: { readonly limit: number; readonly after?: string },
  ): Promise<readonly PlanItemRow[]> {
    return this.database.query(
      `select * from plan_item
       where run_id = $1 and ($2::int is null or position > $2::int)
         and (cardinality($3::text[]) = 0 or op = any($3::text[]))
         and (cardinality($4::text[]) = 0 or kind = any($4::text[]))
       order by position limit $5`,
      [runId, page.after ?? null, filter.ops, filter.kinds, page.limit],
    );
  }

  private async dropOld(manager: EntityManager, connectionId: string): Promise<void> {
    await manager.query(
      `delete from plan where run_id in (
         select run_id from plan where connection_id = $1 order by created_at desc, run_id offset $2)`,
      [connectionId, MOST_PLANS],
    );
  }
}

function added(counts: PlanCounts, items: readonly PlanItem[]): PlanCounts {
  const sum: Record<string, number> = { ...counts };
  for (const { op, kind } of items) sum[`${op} ${kind}`] = (sum[`${op} ${kind}`] ?? 0) + 1;
  return sum;
}
