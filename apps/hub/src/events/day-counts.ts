import { contentConditions, type Parameters, type ResolvedFilter, where } from './filter-sql.js';

const DAY_MS = 86_400_000;

/** Days are counted by connection, type and status; other questions must look at the events themselves. */
export function answeredByDays(filter: ResolvedFilter): boolean {
  return filter.authors.length === 0 && filter.projects.length === 0 && filter.search === undefined;
}

/** The days (UTC, as times) that a bin's start or the end falls into: their events belong to more than one place. */
export function cutDays(starts: readonly Date[], end: Date): Date[] {
  const days = new Set<number>();
  for (const time of [...starts.map((start) => start.getTime()), end.getTime()]) {
    if (time % DAY_MS !== 0) days.add(Math.floor(time / DAY_MS) * DAY_MS);
  }
  return [...days].map((day) => new Date(day));
}

/**
 * Counts by bin, type and status: whole days from their sums, cut ones from their events. One statement, so that both
 * see the same moment.
 */
export function countByDays(
  filter: ResolvedFilter,
  { starts, end, thresholds }: { starts: readonly Date[]; end: Date; thresholds: string },
  parameters: Parameters,
): string {
  const time = (value: Date | undefined) => parameters.add((value ?? end).toISOString(), 'timestamptz');
  const from = time(starts[0]);
  const to = time(end);
  const days = parameters.add(
    cutDays(starts, end).map((day) => day.toISOString()),
    'timestamptz[]',
  );
  const content = contentConditions(filter, parameters);
  const midnight = `(day::timestamp at time zone 'UTC')`;
  return `
    select bin, event_type, status, sum(n)::int as count from (
      select width_bucket(${midnight}, ${thresholds}) as bin, event_type, status, n
      from change_event_count
      ${where([`${midnight} >= ${from}`, `${midnight} < ${to}`, `${midnight} <> all(${days})`, ...content])}
      union all
      select width_bucket(occurred_at, ${thresholds}), event_type, status, 1
      from unnest(${days}) as cut (day)
      join change_event on occurred_at >= cut.day and occurred_at < cut.day + interval '24 hours'
      ${where([`occurred_at >= ${from}`, `occurred_at < ${to}`, ...content])}
    ) as counted
    group by 1, 2, 3
    having sum(n) <> 0`;
}
