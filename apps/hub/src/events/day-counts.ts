import { contentConditions, type Parameters, type ResolvedFilter, where } from './filter-sql.js';

const DAY_MS = 86_400_000;

/** Days are counted by connection, type and status; other questions must look at the events themselves. */
export function answeredByDays(filter: ResolvedFilter): boolean {
  return filter.authors.length === 0 && filter.projects === undefined && filter.search === undefined;
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
  const from = parameters.add((starts[0] ?? end).toISOString(), 'timestamptz');
  const to = parameters.add(end.toISOString(), 'timestamptz');
  const cut = cutDays(starts, end).map((day) => day.toISOString());
  const cutTimes = parameters.add(cut, 'timestamptz[]');
  const cutDates = parameters.add(
    cut.map((day) => day.slice(0, 10)),
    'date[]',
  );
  const content = contentConditions(filter, parameters);
  const within = [`day >= (${from} at time zone 'UTC')::date`, `day <= (${to} at time zone 'UTC')::date`];
  // Each part is grouped before anything is computed of it; the lateral join reads day by day from the index of time,
  // where the planner would compare every event with every day.
  return `
    select bin, event_type, status, sum(n)::int as count from (
      select width_bucket(day::timestamp at time zone 'UTC', ${thresholds}) as bin, event_type, status, n
      from (
        select day, event_type, status, sum(n) as n from change_event_count
        ${where([...within, ...content])} group by 1, 2, 3
      ) as whole
      where day <> all(${cutDates}) and day::timestamp at time zone 'UTC' < ${to}
      union all
      select part.bin, part.event_type, part.status, part.n
      from unnest(${cutTimes}) as cut (day)
      cross join lateral (
        select width_bucket(occurred_at, ${thresholds}) as bin, event_type, status, count(*) as n
        from change_event
        ${where([
          `occurred_at >= greatest(cut.day, ${from})`,
          `occurred_at < least(cut.day + interval '24 hours', ${to})`,
          ...content,
        ])}
        group by 1, 2, 3
      ) as part
    ) as counted
    group by 1, 2, 3
    having sum(n) <> 0`;
}
