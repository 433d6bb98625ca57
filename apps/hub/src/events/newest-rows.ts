import type { EventRow, TransitionRow } from './event-row.js';

/**
 * One row per event of a page. Of several sightings the newest version stays, the later of equal or unknown ones; what
 * the others prove about past statuses is kept. In order of ids, so that two pages never lock the same rows crosswise.
 */
export function newestRows(rows: readonly EventRow[]): EventRow[] {
  const newest = new Map<string, EventRow>();
  for (const row of rows) {
    const known = newest.get(row.event_id);
    newest.set(row.event_id, known === undefined ? row : combine(known, row));
  }
  return [...newest.values()].sort((a, b) => (a.event_id < b.event_id ? -1 : 1));
}

function combine(known: EventRow, next: EventRow): EventRow {
  const older = known.version_at !== null && next.version_at !== null && next.version_at < known.version_at;
  const [kept, dropped] = older ? [known, next] : [next, known];
  return {
    ...kept,
    version_at: kept.version_at ?? dropped.version_at,
    transitions: [...dropped.transitions, ...proven(dropped), ...kept.transitions],
  };
}

function proven(row: EventRow): TransitionRow[] {
  return row.exact ? [{ status: row.status, at: row.occurred_at }] : [];
}
