import type { Run } from '../../api/types.js';
import { formatDuration } from '../../layout/format-time.js';

/** How long a run took, or takes by now; undefined while it is queued. */
export function runDuration(run: Run, now: number): string | undefined {
  if (!run.startedAt) return undefined;
  const end = run.finishedAt ? new Date(run.finishedAt).getTime() : now;
  return formatDuration(Math.max(0, end - new Date(run.startedAt).getTime()));
}

/** `120 fetched, 12 stored`: what a run did, without what it did not. */
export function countsText(run: Run): string {
  const told = ['fetched', 'stored', 'conflicts', 'failed'].filter((key) => (run.counts[key] ?? 0) > 0);
  if (told.length === 0) return run.finishedAt ? 'Nothing new' : '';
  return told.map((key) => `${(run.counts[key] ?? 0).toLocaleString()} ${key}`).join(', ');
}
