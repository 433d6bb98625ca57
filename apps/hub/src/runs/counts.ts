/** What a run did; all keys always. `requests` counts repeats too. */
export interface RunCounts {
  fetched: number;
  stored: number;
  created: number;
  updated: number;
  skipped: number;
  conflicts: number;
  failed: number;
  requests: number;
}

export function noCounts(): RunCounts {
  return { fetched: 0, stored: 0, created: 0, updated: 0, skipped: 0, conflicts: 0, failed: 0, requests: 0 };
}
