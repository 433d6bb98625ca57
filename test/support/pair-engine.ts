import { randomUUID } from 'node:crypto';
import type { ConnectionId } from '@syncline/connector-sdk';
import { ConnectionSource, createEngine, createHubLog, type ResolvedConnection } from '../../apps/hub/src/engine.js';
import type { TestDatabase } from '../../apps/hub/src/testing/test-database.js';
import { connector } from '../../connectors/gitlab-issues/src/connector.js';
import type { GitLabIssuesConfig } from '../../connectors/gitlab-issues/src/config.js';
import { metadata, type PairWorld } from '../../connectors/gitlab-issues/src/testing/pair-world.js';
import { Seam } from './seam.js';

type Database = TestDatabase['database'];

const log = createHubLog({ logLevel: 'silent' });

/** Runs of the issue connector between two simulated GitLabs as the hub executes them, on a real database. */
export class PairEngine {
  private constructor(
    private readonly database: Database,
    readonly pair: PairWorld,
    private readonly config: Partial<GitLabIssuesConfig>,
    private readonly connectionId: string,
  ) {}

  static async start(
    database: Database,
    pair: PairWorld,
    config: Partial<GitLabIssuesConfig> = {},
  ): Promise<PairEngine> {
    const rows: { id: string }[] = await database.query(
      `insert into connection (name, connector_id, schedule, config) values ($1, 'gitlab-issues', null, '{}') returning id`,
      [randomUUID()],
    );
    return new PairEngine(database, pair, config, rows[0]?.id ?? '');
  }

  /** One run, by an engine of its own: nothing is remembered but what is stored. Returns its status. */
  async run(mode: 'incremental' | 'full' = 'incremental', seam = new Seam(this.pair.clock.now)): Promise<string> {
    const engine = createEngine(this.database, new OnePair(this, seam), log);
    const { runId } = await engine.triggers.trigger(this.connectionId, { trigger: 'manual', mode });
    await engine.executor.drain(this.connectionId);
    const rows: { status: string }[] = await this.database.query('select status from sync_run where id = $1', [runId]);
    return rows[0]?.status ?? '';
  }

  /** Requests that changed anything while the work was done. */
  async writesOf(work: () => Promise<unknown>): Promise<readonly string[]> {
    const { asked } = await this.pair.requestsOf(work);
    return asked.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
  }

  /** Time goes by and runs follow, until a quick and a full one wrote nothing. */
  async settle(): Promise<void> {
    for (let quiet = 0, round = 0; quiet < 2; round += 1) {
      if (round === 20) throw new Error('the runs never came to rest');
      await this.pass();
      const writes = await this.writesOf(() => this.run(round % 2 === 0 ? 'incremental' : 'full'));
      quiet = writes.length === 0 ? quiet + 1 : 0;
    }
  }

  /** What three further syncs write: nothing, once all is settled. */
  async writesWhenSettled(): Promise<readonly string[]> {
    return this.writesOf(async () => {
      for (const mode of ['incremental', 'full', 'incremental'] as const) {
        this.pair.pass();
        const status = await this.run(mode);
        if (status !== 'succeeded') throw new Error(`the run ended ${status}`);
      }
    });
  }

  /** Open and settled conflicts, without ids. */
  async conflicts(): Promise<readonly unknown[]> {
    const rows: unknown[] = await this.database.query(
      `select field, base, left_value, right_value, state from conflict where connection_id = $1 order by field, state`,
      [this.connectionId],
    );
    return rows;
  }

  resolve(seam: Seam): ResolvedConnection {
    const { pair } = this;
    const config = pair.config(this.config);
    return {
      id: this.connectionId as ConnectionId,
      name: 'pair',
      connectorId: 'gitlab-issues',
      connector: {
        check: () => Promise.resolve({ steps: [] }),
        sync: (session, _config, id) => connector.sync(seam.around(session), config, id),
      },
      metadata,
      config: {},
      secrets: [],
      instances: [pair.source.instance, pair.target.instance],
      enabled: true,
      schedule: null,
      tags: [],
    };
  }

  /** Longer than a creation is held for, and what was set aside is due. */
  private async pass(): Promise<void> {
    this.pair.pass(31);
    await this.database.query(`update set_aside set next_try_at = now() where connection_id = $1`, [this.connectionId]);
  }
}

class OnePair extends ConnectionSource {
  constructor(
    private readonly engine: PairEngine,
    private readonly seam: Seam,
  ) {
    super();
  }

  override resolve(): Promise<ResolvedConnection> {
    // The hub continues at once what was interrupted: that is another process's run.
    const { seam } = this;
    return Promise.resolve(this.engine.resolve(seam.isDead ? seam.next() : seam));
  }
}
