const minuteMs = 60_000;
const leastMinutes = 45;
const spreadMinutes = 31;

/** So long, at most, may pass until what nothing announces is looked at. */
export const mostMinutes = leastMinutes + spreadMinutes - 1;

/**
 * Is it time to look at what no list of changes and no other object announces? Each project has its own interval between 45
 * and 75 minutes, so that projects that were first read together are not all looked at in one poll.
 */
export function isOverdue(now: Date, since: string, project: { readonly id: number }, times = 1): boolean {
  const patienceMs = (leastMinutes + (project.id % spreadMinutes)) * times * minuteMs;
  return now.getTime() - Date.parse(since) >= patienceMs;
}

/**
 * A checkpoint where nothing happens is moved after so many intervals. GraphQL shows an empty list where a role does not
 * suffice, so it moves by REST alone, and that is a request for each list of each project.
 */
const stillIntervals = 3;

export function hasStoodStill(now: Date, mark: string, project: { readonly id: number }): boolean {
  return isOverdue(now, mark, project, stillIntervals);
}
