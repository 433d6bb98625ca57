import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  EVENT_COLUMNS,
  type EventDetailView,
  type StoredEventRow,
  toEventView,
  type TransitionView,
} from './event-view.js';

interface TransitionRow {
  readonly status: string;
  readonly at: Date;
  readonly observed_at: Date;
  readonly source: TransitionView['source'];
}

/** Reads one event. */
@Injectable()
export class EventQueries {
  constructor(private readonly database: DataSource) {}

  async find(id: string): Promise<EventDetailView | undefined> {
    const [row]: StoredEventRow[] = await this.database.query(
      `select ${EVENT_COLUMNS.join(', ')} from change_event where id = $1`,
      [id],
    );
    if (row === undefined) return undefined;
    const transitions: TransitionRow[] = await this.database.query(
      `select status, at, observed_at, source from change_event_transition where change_event_id = $1
       order by at, observed_at, status`,
      [id],
    );
    return Object.assign(toEventView(row), { transitions: transitions.map(toTransitionView) });
  }
}

function toTransitionView({ status, at, observed_at, source }: TransitionRow): TransitionView {
  return { status, at: at.toISOString(), observedAt: observed_at.toISOString(), source };
}
