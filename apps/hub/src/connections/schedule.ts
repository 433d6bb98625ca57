import { CronExpressionParser } from 'cron-parser';

/** When a connection runs by itself. `timeZone` is an IANA name, default UTC. */
export type Schedule = { readonly intervalMinutes: number } | { readonly cron: string; readonly timeZone?: string };

export const MAX_INTERVAL_MINUTES = 44_640;

export interface ScheduleProblem {
  /** JSON Pointer below the schedule, e.g. `/cron`. */
  readonly path: string;
  readonly message: string;
}

/**
 * The first time strictly after `after`; null for manual only. An interval counts from `after` (the end of the last
 * run). A cron time that a clock change skips runs at the clock's next moment; one that happens twice runs once.
 */
export function nextRunAt(schedule: Schedule | null, after: Date): Date | null {
  if (schedule === null) return null;
  if ('intervalMinutes' in schedule) return new Date(after.getTime() + schedule.intervalMinutes * 60_000);
  return CronExpressionParser.parse(schedule.cron, { currentDate: after, tz: schedule.timeZone ?? 'UTC' })
    .next()
    .toDate();
}

const shape = 'must be {"intervalMinutes": 5}, {"cron": "*/5 * * * *", "timeZone": "Europe/Berlin"} or null';

/** Parses what a client sent. */
export function parseSchedule(value: unknown): { schedule: Schedule | null } | { problem: ScheduleProblem } {
  if (value === null) return { schedule: null };
  if (typeof value !== 'object' || Array.isArray(value)) return { problem: { path: '', message: shape } };
  const fields = new Map<string, unknown>(Object.entries(value));
  const unknown = [...fields.keys()].find((key) => !['intervalMinutes', 'cron', 'timeZone'].includes(key));
  if (unknown !== undefined) return { problem: { path: `/${unknown}`, message: 'is not a field of a schedule' } };
  const hasInterval = fields.has('intervalMinutes');
  if (hasInterval === fields.has('cron')) return { problem: { path: '', message: shape } };
  return hasInterval ? parseInterval(fields) : parseCron(fields.get('cron'), fields.get('timeZone'));
}

function parseInterval(fields: ReadonlyMap<string, unknown>): ReturnType<typeof parseSchedule> {
  const minutes = fields.get('intervalMinutes');
  if (fields.has('timeZone')) return { problem: { path: '/timeZone', message: 'belongs to a cron schedule only' } };
  const fits = typeof minutes === 'number' && Number.isInteger(minutes) && minutes >= 1;
  if (!fits || minutes > MAX_INTERVAL_MINUTES) {
    const message = `must be a whole number of minutes from 1 to ${MAX_INTERVAL_MINUTES} (31 days)`;
    return { problem: { path: '/intervalMinutes', message } };
  }
  return { schedule: { intervalMinutes: minutes } };
}

function parseCron(cron: unknown, timeZone: unknown): ReturnType<typeof parseSchedule> {
  if (timeZone !== undefined && !(typeof timeZone === 'string' && isTimeZone(timeZone))) {
    return { problem: { path: '/timeZone', message: 'must be a time zone name such as Europe/Berlin or UTC' } };
  }
  const explained = 'must have five fields (minute hour day month weekday), e.g. "*/15 8-18 * * 1-5"';
  if (typeof cron !== 'string' || cron.trim().split(/\s+/).length !== 5) {
    return { problem: { path: '/cron', message: explained } };
  }
  try {
    CronExpressionParser.parse(cron, { currentDate: new Date(0), tz: 'UTC' }).next();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problem: { path: '/cron', message: `${explained}: ${reason}` } };
  }
  return { schedule: { cron: cron.trim(), ...(timeZone === undefined ? {} : { timeZone }) } };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
