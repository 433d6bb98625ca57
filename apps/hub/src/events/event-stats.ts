import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { answeredByDays, countByDays } from './day-counts.js';
import {
  contentConditions,
  matchesNothing,
  Parameters,
  type ResolvedFilter,
  where,
  windowConditions,
} from './filter-sql.js';
import { binStarts } from './histogram-bins.js';

const counts = { type: 'object' as const, additionalProperties: { type: 'integer' } };

export class BinView {
  @ApiProperty({ format: 'date-time' })
  start: string;

  @ApiProperty()
  total: number;

  @ApiProperty(counts)
  byType: Record<string, number>;
}

export class StatsView {
  @ApiProperty({ type: [BinView], description: 'Of equal width, oldest first.' })
  bins: readonly BinView[];

  @ApiProperty()
  total: number;

  @ApiProperty(counts)
  byType: Record<string, number>;

  @ApiProperty(counts)
  byStatus: Record<string, number>;
}

interface CountRow {
  readonly bin: number;
  readonly event_type: string;
  readonly status: string;
  readonly count: number;
}

const NOTHING: StatsView = { bins: [], total: 0, byType: {}, byStatus: {} };

/** Counts a filter's events over time. */
@Injectable()
export class EventStats {
  constructor(private readonly database: DataSource) {}

  /**
   * Where `from` or `to` is not given, the oldest or newest event of all sets that end: the axis stays the same while
   * other filters change. Without any event and without both ends there are no bins.
   */
  async count(filter: ResolvedFilter, bins: number): Promise<StatsView> {
    const span = await this.span(filter);
    if (span === undefined) return NOTHING;
    const starts = binStarts(span.from, span.to, bins);
    if (matchesNothing(filter)) return summarise(starts, []);
    const parameters = new Parameters();
    const thresholds = parameters.add(
      starts.map((start) => start.toISOString()),
      'timestamptz[]',
    );
    const sql = answeredByDays(filter)
      ? countByDays(filter, { starts, end: span.to, thresholds }, parameters)
      : countByEvents(filter, thresholds, parameters);
    const rows: CountRow[] = await this.database.query(sql, parameters.values);
    return summarise(starts, rows);
  }

  private async span({ from, to }: ResolvedFilter): Promise<{ from: Date; to: Date } | undefined> {
    if (from && to) return { from, to };
    const [known]: { oldest: Date | null; newest: Date | null }[] = await this.database.query(
      `select min(occurred_at) as oldest, max(occurred_at) as newest from change_event`,
    );
    const { oldest, newest } = known ?? {};
    if (!oldest || !newest) return undefined;
    // The end is exclusive, the newest event is not; an end given beyond all events leaves one short bin.
    const start = from ?? (to && to <= oldest ? new Date(to.getTime() - 1) : oldest);
    const end = to ?? new Date(Math.max(newest.getTime(), start.getTime()) + 1);
    return { from: start, to: end };
  }
}

function countByEvents(filter: ResolvedFilter, thresholds: string, parameters: Parameters): string {
  const conditions = [...contentConditions(filter, parameters), ...windowConditions(filter, parameters)];
  return `select width_bucket(occurred_at, ${thresholds}) as bin, event_type, status, count(*)::int as count
    from change_event ${where(conditions)} group by 1, 2, 3`;
}

function summarise(starts: readonly Date[], rows: readonly CountRow[]): StatsView {
  const bins = starts.map((start) => ({ start: start.toISOString(), total: 0, byType: emptyCounts() }));
  const byType = emptyCounts();
  const byStatus = emptyCounts();
  let total = 0;
  for (const { bin, event_type, status, count } of rows) {
    const place = bins[bin - 1];
    if (place) {
      place.total += count;
      add(place.byType, event_type, count);
    }
    total += count;
    add(byType, event_type, count);
    add(byStatus, status, count);
  }
  return { bins, total, byType, byStatus };
}

/** Keys come from remote systems: `__proto__` must be one like any other. */
function emptyCounts(): Record<string, number> {
  return Object.create(null) as Record<string, number>;
}

function add(counts: Record<string, number>, key: string, count: number): void {
  counts[key] = (counts[key] ?? 0) + count;
}
