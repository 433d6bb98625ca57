import type { RunView } from '../../../apps/hub/src/runs/run-view.js';

export interface HubProcess {
  readonly url: string;
  readonly token: string;
  readonly dataDir: string;
  readonly pid: number;
  api<T = unknown>(method: string, path: string, body?: object): Promise<T>;
  /** Waits for a run's end. */
  ended(runId: string): Promise<RunView>;
  connect(
    name: string,
    gitlab: { readonly url: string; readonly token: string },
    config?: object,
    schedule?: object | null,
  ): Promise<{ readonly id: string }>;
  sync(connectionId: string, body?: object): Promise<RunView>;
  output(): string;
  signal(name: NodeJS.Signals): void;
  /** Ends the process and waits for it; the folder stays where it was given. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface HubProcessOptions {
  readonly databaseUrl?: string;
  readonly dataDir?: string;
  readonly token?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
  /** Wait for `Ready` (default) or only until it listens. */
  readonly waitForDatabase?: boolean;
  /** Default 300 s. */
  readonly startTimeoutMs?: number;
}

export function startHub(options?: HubProcessOptions): Promise<HubProcess>;
