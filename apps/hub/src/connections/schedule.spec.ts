import { describe, expect, it } from '@jest/globals';
import { nextRunAt, parseSchedule } from './schedule.js';

describe('a schedule', () => {
  const next = (cron: string, timeZone: string, after: string) =>
    nextRunAt({ cron, timeZone }, new Date(after))?.toISOString();

  it('counts an interval from the end of the last run', () => {
    expect(nextRunAt({ intervalMinutes: 5 }, new Date('2026-01-01T00:00:30Z'))?.toISOString()).toBe(
      '2026-01-01T00:05:30.000Z',
    );
    expect(nextRunAt(null, new Date())).toBeNull();
  });

  it('reads cron in its time zone, strictly after the given moment', () => {
    expect(next('0 6 * * *', 'Europe/Berlin', '2026-01-10T05:00:00Z')).toBe('2026-01-11T05:00:00.000Z');
    expect(next('0 6 * * *', 'Europe/Berlin', '2026-07-10T05:00:00Z')).toBe('2026-07-11T04:00:00.000Z');
    expect(nextRunAt({ cron: '*/15 * * * *' }, new Date('2026-01-01T00:00:00Z'))?.toISOString()).toBe(
      '2026-01-01T00:15:00.000Z',
    );
  });

  it('survives the changes of the clock: one run a day, none lost', () => {
    // 02:30 does not exist on 2026-03-29 in Berlin and exists twice on 2026-10-25.
    for (const [from, to] of [
      ['2026-03-27T12:00:00Z', '2026-03-31T12:00:00Z'],
      ['2026-10-23T12:00:00Z', '2026-10-27T12:00:00Z'],
    ] as const) {
      const days: string[] = [];
      let at = nextRunAt({ cron: '30 2 * * *', timeZone: 'Europe/Berlin' }, new Date(from));
      while (at && at < new Date(to)) {
        days.push(at.toISOString().slice(0, 10));
        at = nextRunAt({ cron: '30 2 * * *', timeZone: 'Europe/Berlin' }, at);
      }
      expect(days).toHaveLength(4);
      expect(new Set(days).size).toBe(4);
    }
  });

  it('says where a schedule is wrong', () => {
    const path = (value: unknown) => {
      const parsed = parseSchedule(value);
      return 'problem' in parsed ? parsed.problem.path : parsed.schedule;
    };
    expect(path(null)).toBeNull();
    expect(path({ cron: ' 0 6 * * 1-5 ' })).toEqual({ cron: '0 6 * * 1-5' });
    expect(path({ intervalMinutes: 1.5 })).toBe('/intervalMinutes');
    expect(path({ intervalMinutes: 44_641 })).toBe('/intervalMinutes');
    expect(path({ intervalMinutes: 5, timeZone: 'UTC' })).toBe('/timeZone');
    expect(path({ cron: '* * * * * *' })).toBe('/cron');
    expect(path({ cron: '0 0 31 2 *' })).toBe('/cron');
    expect(path({ cron: '@daily' })).toBe('/cron');
    expect(path({ intervalMinutes: 5, cron: '* * * * *' })).toBe('');
    expect(path({ every: 5 })).toBe('/every');
    expect(path([])).toBe('');
  });
});
