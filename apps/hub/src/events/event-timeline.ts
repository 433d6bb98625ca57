import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EVENT_COLUMNS, type StoredEventRow } from './event-view.js';
import {
  contentConditions,
  matchesNothing,
  Parameters,
  type ResolvedFilter,
  where,
  windowConditions,
} from './filter-sql.js';
import { type OrderedScan, OrderedScans } from './ordered-scans.js';
import { WalkLengths } from './walk-lengths.js';
import { afterPlace, type Direction, orderBy, type Place, PLACE_COLUMNS } from './timeline-order.js';

export interface TimelineRow extends StoredEventRow {
  readonly place_at: string;
}

export interface TimelineRequest {
  readonly filter: ResolvedFilter;
  readonly direction: Direction;
  readonly after: Place | undefined;
  /** Rows to return at most. */
  readonly limit: number;
}

/** Everything, in the order of time. */
const BY_TIME: readonly OrderedScan[] = [() => []];

/** What makes the second worth it: it then finds the rest sooner than all matches can be collected. */
const PROMISING_SHARE = 0.25;

const columns = (of: string) => EVENT_COLUMNS.map((column) => `${of}.${column}`).join(', ');

/**
 * Reads the timeline. The planner cannot know whether a filter's matches are many or few, near or far (it guesses badly
 * for word prefixes and for values that go together), so the work is bounded in steps instead:
 *
 * 1. A filter on one dimension is read from that dimension's index in order of time; it costs what it returns.
 * 2. Otherwise a bounded number of rows is read in order and tested. Frequent matches are found here.
 * 3. What is not found is rare from here on: all matches are collected through the most selective indexes and sorted.
 */
@Injectable()
export class EventTimeline {
  constructor(
    private readonly database: DataSource,
    private readonly scans: OrderedScans,
    private readonly walks: WalkLengths,
  ) {}

  async read(request: TimelineRequest): Promise<readonly TimelineRow[]> {
    const { filter } = request;
    if (matchesNothing(filter)) return [];
    const { scannable, all } = await this.scans.dimensions(filter);
    const [lead] = scannable;
    if (lead?.scans.length === 0) return [];
    if (all === 0 && filter.search === undefined) return this.walk(request, BY_TIME);
    if (all === 1 && lead !== undefined && filter.search === undefined) return this.walk(request, lead.scans);
    return this.search(request, lead?.scans ?? BY_TIME);
  }

  private async search(request: TimelineRequest, scans: readonly OrderedScan[]): Promise<readonly TimelineRow[]> {
    const found: TimelineRow[] = [];
    let { after } = request;
    for (const rows of this.walks.rows) {
      const rest = { ...request, after, limit: request.limit - found.length };
      found.push(...(await this.walk(rest, scans, rows)));
      if (found.length >= request.limit) return found;
      after = await this.endOfWalk(rest, scans, rows);
      if (after === undefined) return found;
      if (found.length < request.limit * PROMISING_SHARE) break;
    }
    return [...found, ...(await this.collect({ ...request, after, limit: request.limit - found.length }))];
  }

  /** The first matches in order; with `rows`, those among so many rows of these scans. */
  private walk(request: TimelineRequest, scans: readonly OrderedScan[], rows?: number): Promise<TimelineRow[]> {
    const { direction, filter, limit } = request;
    const parameters = new Parameters();
    const bound = parameters.add(rows ?? limit, 'bigint');
    const walked = `select * from (${this.merged(request, scans, parameters, bound)}) merged ${orderBy(direction)} limit ${bound}`;
    const conditions = rows === undefined ? [] : contentConditions(filter, parameters);
    return this.database.query(
      `select ${columns('walked')}, ${PLACE_COLUMNS} from (${walked}) walked ${where(conditions)}
       ${orderBy(direction)} limit ${parameters.add(limit, 'bigint')}`,
      parameters.values,
    );
  }

  /** Where a walk of so many rows ends; undefined if there are fewer. Read from the index alone. */
  private async endOfWalk(
    request: TimelineRequest,
    scans: readonly OrderedScan[],
    rows: number,
  ): Promise<Place | undefined> {
    const parameters = new Parameters();
    const merged = this.merged(request, scans, parameters, parameters.add(rows, 'bigint'), 'occurred_at, id');
    const [last]: { id: string; place_at: string }[] = await this.database.query(
      `select id, ${PLACE_COLUMNS} from (${merged}) merged ${orderBy(request.direction)}
       offset ${parameters.add(rows - 1, 'bigint')} limit 1`,
      parameters.values,
    );
    return last && { at: last.place_at, id: last.id };
  }

  /** The scans as one. Each is in order by its index, so that the server merges them and stops early. */
  private merged(
    { filter, after, direction }: TimelineRequest,
    scans: readonly OrderedScan[],
    parameters: Parameters,
    bound: string,
    selected = '*',
  ): string {
    const window = [...windowConditions(filter, parameters), ...afterPlace(after, direction, parameters)];
    return scans
      .map((scan) => {
        const conditions = where([...scan(parameters), ...window]);
        return `(select ${selected} from change_event ${conditions} ${orderBy(direction)} limit ${bound})`;
      })
      .join(' union all ');
  }

  /** All matches, by whatever indexes the planner likes, then sorted. Materialised, so that it does not walk again. */
  private collect({ filter, direction, after, limit }: TimelineRequest): Promise<TimelineRow[]> {
    const parameters = new Parameters();
    const conditions = [
      ...contentConditions(filter, parameters),
      ...windowConditions(filter, parameters),
      ...afterPlace(after, direction, parameters),
    ];
    return this.database.query(
      `with matching as materialized (select occurred_at, id from change_event ${where(conditions)}),
       page as materialized (
         select id as page_id from matching ${orderBy(direction)} limit ${parameters.add(limit, 'bigint')}
       )
       select ${columns('event')}, ${PLACE_COLUMNS} from page join change_event event on event.id = page.page_id
       ${orderBy(direction)}`,
      parameters.values,
    );
  }
}
