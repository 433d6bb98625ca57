import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import { connector } from '@syncline/connector-gitlab-events';
import type { Connector, ConnectorMetadata } from '@syncline/connector-sdk';
import {
  createEngine,
  createHubLog,
  type Engine,
  FolderLock,
  keepFirstKey,
  openDatabase,
  type RunView,
  toRunView,
} from '@syncline/hub/engine';
import { PollerConnection } from './poller-connection.js';
import type { PollerSettings } from './settings.js';

type Database = Awaited<ReturnType<typeof openDatabase>>;

/** Runs the connector's sync in a loop, on the same engine as the hub: resumable, fenced, nothing twice. */
export class Poller {
  private readonly stopping = new AbortController();

  private constructor(
    private readonly settings: PollerSettings,
    private readonly print: (line: string) => void,
    private readonly database: Database,
    private readonly lock: FolderLock | undefined,
    private readonly connection: PollerConnection,
    private readonly connectionId: string,
    private readonly engine: Engine,
  ) {}

  static async open(settings: PollerSettings, print: (line: string) => void): Promise<Poller> {
    const lock = settings.embedded ? await FolderLock.acquire(settings.dataDir) : undefined;
    if (settings.embedded) keepFirstKey({ ...settings, secretKey: undefined });
    const database = await openDatabase(settings.database);
    const connection = new PollerConnection(settings, anyConfig(connector), readMetadata());
    const connectionId = await connection.ensureRow(database);
    const engine = createEngine(database, connection, createHubLog({ logLevel: settings.logLevel }));
    if (settings.embedded) await engine.leases.voidAll();
    return new Poller(settings, print, database, lock, connection, connectionId, engine);
  }

  /** Prints the connection's status, step by step. */
  async check(): Promise<boolean> {
    const session = this.engine.sessions.forCall([this.settings.token], this.stopping.signal);
    const { steps: all, account } = await connector.check(session, this.connection.config as never);
    // Nobody sends webhooks to a poller.
    const steps = all.filter(({ id }) => id !== 'webhook');
    for (const step of steps)
      this.print(`${step.ok ? 'ok    ' : 'FAILED'} ${step.label}${step.hint ? `: ${step.hint}` : ''}`);
    const ok = steps.every((step) => step.ok);
    const who = account ? ` as ${account.username}` : '';
    this.print(
      ok ? `Connected to ${this.settings.url}${who}.` : `ERROR: cannot use ${this.settings.url}; see the steps above.`,
    );
    return ok;
  }

  /** One cycle and its line. True when it was whole. */
  async cycle(printEvents: boolean): Promise<boolean> {
    const since = await this.lastChange();
    await this.engine.triggers.trigger(this.connectionId, { trigger: 'schedule' });
    await this.engine.executor.drain(this.connectionId);
    const [row] = await this.engine.queries.list(
      { connectionIds: [this.connectionId], statuses: [], triggers: [] },
      { limit: 1 },
    );
    if (row === undefined) return false;
    const run = toRunView(row);
    if (printEvents) await this.printSince(since);
    this.print(line(run));
    return run.status === 'succeeded';
  }

  /** Cycles until told to stop. */
  async run(printEvents: boolean): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.cycle(printEvents);
      await Promise.race([
        setTimeout(this.settings.pollIntervalSeconds * 1_000, undefined, { signal }).catch(() => undefined),
        once(signal, 'abort').catch(() => undefined),
      ]);
    }
    this.print('Stopped.');
  }

  /** The running cycle ends at its next page; the next start continues there. */
  stop(): void {
    this.stopping.abort();
    void this.engine.executor.stopAll();
  }

  async close(): Promise<void> {
    await this.engine.executor.stopAll();
    await this.database.destroy();
    this.lock?.release();
  }

  private async lastChange(): Promise<string> {
    const rows: { last: string }[] = await this.database.query(
      'select coalesce(max(change_seq), 0) as last from change_event where connection_id = $1',
      [this.connectionId],
    );
    return rows[0]?.last ?? '0';
  }

  private async printSince(last: string): Promise<void> {
    const rows: Record<string, unknown>[] = await this.database.query(
      `select event_id as "eventId", event_type as "eventType", title, status, author, project_path as project, url,
              occurred_at as "occurredAt", revision, metadata
       from change_event where connection_id = $1 and change_seq > $2 order by change_seq`,
      [this.connectionId, last],
    );
    for (const row of rows) this.print(JSON.stringify(row));
  }
}

/** As hosts hold connectors: their config's type is known to them alone. What the poller passes is made to fit it. */
const anyConfig = (typed: object): Connector => typed as Connector;

/** One line a cycle, as the script it replaces. */
function line(run: RunView): string {
  const seconds =
    run.startedAt && run.finishedAt ? (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1_000 : 0;
  const { fetched, stored, failed, requests } = run.counts;
  const counts = `fetched=${fetched} stored=${stored} failed=${failed} requests=${requests} seconds=${seconds.toFixed(1)}`;
  const why = run.error ? ` ${run.error.kind}: ${run.error.message}${run.error.hint ? ` ${run.error.hint}` : ''}` : '';
  return `${run.finishedAt ?? run.queuedAt} ${run.status} ${counts}${why}`;
}

function readMetadata(): ConnectorMetadata {
  const file = createRequire(import.meta.url).resolve('@syncline/connector-gitlab-events/metadata.json');
  return JSON.parse(readFileSync(file, 'utf8')) as ConnectorMetadata;
}
