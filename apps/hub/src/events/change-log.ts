import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EVENT_COLUMNS, type EventView, type StoredEventRow, toEventView } from './event-view.js';
import type { FeedPosition } from './feed-position.js';
import { contentConditions, Parameters, type ResolvedFilter, where, windowConditions } from './filter-sql.js';
import { settledBefore } from './settled-transactions.js';

export interface Change {
  readonly position: FeedPosition;
  readonly event: EventView;
}

interface ChangeRow extends StoredEventRow {
  readonly change_tx: string;
  readonly change_seq: string;
}

/** How many changes one look reads at most. */
export const CHANGES_PER_LOOK = 500;

/** Events in the order in which they were stored or changed; an event that changed twice is seen as it is now. */
@Injectable()
export class ChangeLog {
  constructor(private readonly database: DataSource) {}

  /** The place after everything that is settled by now. */
  async end(): Promise<FeedPosition> {
    return { tx: await settledBefore(this.database), seq: 0n };
  }

  /** What was settled after a place, up to another one if that is given. */
  async after(position: FeedPosition, upTo?: FeedPosition, filter?: ResolvedFilter): Promise<readonly Change[]> {
    // Before the rows are read, in a statement of its own.
    const settled = await settledBefore(this.database);
    const parameters = new Parameters();
    const place = ({ tx, seq }: FeedPosition) =>
      `(${parameters.add(tx.toString(), 'xid8')}, ${parameters.add(seq.toString(), 'bigint')})`;
    const conditions = [
      `(change_tx, change_seq) > ${place(position)}`,
      `change_tx < ${parameters.add(settled.toString(), 'xid8')}`,
      ...(upTo ? [`(change_tx, change_seq) <= ${place(upTo)}`] : []),
      ...(filter ? [...contentConditions(filter, parameters), ...windowConditions(filter, parameters)] : []),
    ];
    const rows: ChangeRow[] = await this.database.query(
      `select ${EVENT_COLUMNS.join(', ')}, change_tx::text, change_seq from change_event ${where(conditions)}
       order by change_event.change_tx, change_event.change_seq limit ${CHANGES_PER_LOOK}`,
      parameters.values,
    );
    return rows.map((row) => ({
      position: { tx: BigInt(row.change_tx), seq: BigInt(row.change_seq) },
      event: toEventView(row),
    }));
  }

  /** Which of these events a filter wants: the same conditions as the list's, so that both always agree. */
  async matching(ids: readonly string[], filter: ResolvedFilter): Promise<ReadonlySet<string>> {
    const parameters = new Parameters();
    const conditions = [
      `id = any(${parameters.add(ids, 'bigint[]')})`,
      ...contentConditions(filter, parameters),
      ...windowConditions(filter, parameters),
    ];
    const rows: { id: string }[] = await this.database.query(
      `select id from change_event ${where(conditions)}`,
      parameters.values,
    );
    return new Set(rows.map(({ id }) => id));
  }
}
