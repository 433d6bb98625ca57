import type { Schedule } from '../../api/types.js';

export function scheduleText(schedule: Schedule): string {
  if (schedule === null) return 'Manual only';
  if ('intervalMinutes' in schedule) {
    const minutes = schedule.intervalMinutes;
    if (minutes === 1) return 'Every minute';
    return minutes >= 60 && minutes % 60 === 0
      ? minutes === 60
        ? 'Every hour'
        : `Every ${minutes / 60} hours`
      : `Every ${minutes} minutes`;
  }
  return `Cron ${schedule.cron}${schedule.timeZone === undefined ? '' : ` (${schedule.timeZone})`}`;
}
