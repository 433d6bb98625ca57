/** What was seen of many code-sync connections due at once. */
export interface CodeFleet {
  readonly firstSeconds: number;
  readonly againSeconds: number;
  readonly hooks: { readonly sent: number; readonly refused: number; readonly stored: number; readonly done: number };
  readonly alone: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly meanwhile: { readonly p50: number; readonly p99: number; readonly max: number };
  /** How often two git processes were at work on one cache. */
  readonly overlaps: number;
  /** Git processes of each worker. */
  readonly runs: readonly number[];
  /** The most at once in each worker. */
  readonly most: readonly number[];
  readonly caches: number;
  readonly failedRuns: readonly string[];
  /** Projects whose refs differ between both sides at the end. */
  readonly differing: readonly string[];
  /** Of one connection that got hooks while a sync of it ran. */
  readonly repeats: { readonly sent: number; readonly stillRan: boolean; readonly runs: number };
}

export interface CodeFleetOptions {
  readonly databaseUrl: string;
  readonly connections: number;
  readonly workers?: number;
  readonly gitProcesses?: number;
  /** Runs of a worker at once. */
  readonly concurrency?: number;
  /** Whether, with one change in each, no git gets an answer before all workers have as many at work as they may. */
  readonly together?: boolean;
  /** Push hooks a second. */
  readonly hookRate: number;
  /** At least as long they are sent, each time all are due. */
  readonly seconds: number;
}

export function runCodeFleet(options: CodeFleetOptions): Promise<CodeFleet>;
