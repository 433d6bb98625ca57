const minuteMs = 60_000;
const leastMinutes = 45;
const spreadMinutes = 31;

/** So long, at most, may pass until what nothing announces is looked at. */
export const mostMinutes = leastMinutes + spreadMinutes - 1;

/**
 * Is it time to look at what no list of changes and no other object announces, and to move a checkpoint that stood still? Each
 * project has its own interval between 45 and 75 minutes, so that projects that were first read together are not all looked at
 * in one poll.
 */
export function isOverdue(now: Date, since: string, project: { readonly id: number }): boolean {
  const patienceMs = (leastMinutes + (project.id % spreadMinutes)) * minuteMs;
  return now.getTime() - Date.parse(since) >= patienceMs;
}
