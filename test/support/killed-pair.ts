import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type HttpFault, type HttpFaultKind, VirtualClock } from '@syncline/connector-testing';
import { PairWorld } from '../../connectors/gitlab-issues/src/testing/pair-world.js';
import { type Seen, seenByPeople } from '../../connectors/gitlab-issues/src/testing/seen.js';
import type { HubProcess } from '../bench/lib/hub.mjs';
import { prepare, scenarioConfig, work } from './pair-scenario.js';
import { until } from './until.js';

/** The nth request of a kind to one of the sides. */
export interface Place {
  readonly side: 'source' | 'target';
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly nth: number;
  /** Before it has an effect, or after. */
  readonly moment: 'before' | 'after';
}

interface Outcome {
  readonly seen: Readonly<Record<string, Seen>>;
  readonly conflicts: readonly unknown[];
}

/** Two GitLabs by the clock on the wall, and a hub of its own process that keeps them in step. */
export class KilledPair {
  private constructor(
    readonly world: PairWorld,
    private readonly connectionId: string,
  ) {}

  /** Linked and in step, with the scenario's work done and not yet seen by the hub. */
  static async start(hub: HubProcess): Promise<KilledPair> {
    const wall = { now: () => new Date() };
    const world = await PairWorld.start(new VirtualClock(wall.now()), { source: wall, target: wall });
    prepare(world);
    const instances = await Promise.all(
      [world.source, world.target].map(async ({ name, gitLab: { url }, token }) => {
        const instance = { name: `${name} ${randomUUID()}`, kind: 'gitlab', baseUrl: url, credentials: { token } };
        return (await hub.api<{ id: string }>('POST', '/api/instances', instance)).id;
      }),
    );
    const config = {
      ...scenarioConfig,
      source: { instance: instances[0], project: 'acme/source' },
      target: { instance: instances[1], project: 'acme/target' },
    };
    const connection = { name: randomUUID(), connectorId: 'gitlab-issues', enabled: true, schedule: null, config };
    const { id } = await hub.api<{ id: string }>('POST', '/api/connections', connection);
    const pair = new KilledPair(world, id);
    const { status } = await hub.sync(id);
    if (status !== 'succeeded') throw new Error(`the first run ended ${status}`);
    work(world);
    return pair;
  }

  /**
   * Begins the sync; at the place something happens to whoever asked. `reset`: the request is cut off there; `late`: its
   * effect and its answer come when what is returned is called.
   */
  async syncUntil(hub: HubProcess, place: Place, answer: 'reset' | 'late', happens: () => void): Promise<() => void> {
    const { side, method, nth, moment } = place;
    const kind: HttpFaultKind = answer === 'late' ? 'held' : `reset_${moment}`;
    const { faults } = this.world[side].gitLab;
    let fault: HttpFault | undefined;
    const struck = new Promise<void>((resolve) => {
      const hit = (): void => {
        happens();
        resolve();
      };
      fault = faults.add({ kind, match: { method, nth }, times: 1, struck: hit });
    });
    // What dies or stalls gives no answer, or none for long.
    const ended = hub.sync(this.connectionId).then(() => {
      throw new Error(`there is no ${method} number ${nth} to the ${side}`);
    });
    ended.catch(() => undefined);
    await Promise.race([struck, ended]);
    return () => fault?.remove();
  }

  /** Runs until a quick and a full one write nothing, and nothing waits any more. */
  async settle(hub: HubProcess): Promise<void> {
    const end = Date.now() + 60_000;
    for (let round = 0; round < 12;) {
      const writes = await this.writesOf(async () => {
        await this.sync(hub, 'incremental');
        await this.sync(hub, 'full');
      });
      const waiting = await this.waiting(hub);
      if (writes.length === 0 && waiting.length === 0) return;
      for (const { key, stream: side } of waiting) {
        const path = `/api/connections/${this.connectionId}/items`;
        const { runId } = await hub.api<{ runId: string }>('POST', path, { key, side });
        await hub.ended(runId);
      }
      // A creation whose answer was lost is held for half a minute before it is made again; such rounds do not count.
      if (waiting.length > 0) await setTimeout(3_000);
      if (waiting.length === 0 || Date.now() > end) round += 1;
    }
    throw new Error('the runs never came to rest');
  }

  async outcome(hub: HubProcess): Promise<Outcome> {
    const { items } = await hub.api<{ items: { field: string; left: unknown; right: unknown; state: string }[] }>(
      'GET',
      `/api/conflicts?connectionId=${this.connectionId}`,
    );
    const conflicts = items.map(({ field, left, right, state }) => ({ field, left, right, state }));
    return { seen: seenByPeople(this.world), conflicts };
  }

  /** What three further syncs write. */
  writesWhenSettled(hub: HubProcess): Promise<readonly string[]> {
    return this.writesOf(async () => {
      for (const mode of ['incremental', 'full', 'incremental'] as const) await this.sync(hub, mode);
    });
  }

  /** Waits until nothing of the connection runs or is queued any more. */
  async untilIdle(hub: HubProcess): Promise<void> {
    await until(async () => (await this.runs(hub)).every(({ finishedAt }) => finishedAt !== null));
  }

  /** Waits until another process has done what the silent one left, with what it had to put off for a moment. */
  async untilTakenOver(hub: HubProcess): Promise<void> {
    await until(async () => (await this.takeovers(hub)).some(({ finishedAt }) => finishedAt !== null));
    const path = `/api/connections/${this.connectionId}`;
    await until(async () => (await hub.api<{ nextRunAt: string | null }>('GET', path)).nextRunAt === null);
    await this.untilIdle(hub);
  }

  /** Runs that took over what a process left. */
  async takeovers(hub: HubProcess) {
    return (await this.runs(hub)).filter(({ trigger }) => trigger === 'takeover');
  }

  private async runs(hub: HubProcess) {
    type Run = { readonly status: string; readonly trigger: string; readonly finishedAt: string | null };
    return (await hub.api<{ items: Run[] }>('GET', `/api/runs?connectionId=${this.connectionId}`)).items;
  }

  private async sync(hub: HubProcess, mode: 'incremental' | 'full'): Promise<void> {
    const { status, error } = await hub.sync(this.connectionId, { mode });
    if (status !== 'succeeded' && status !== 'partial')
      throw new Error(`a run ended ${status}: ${JSON.stringify(error)}`);
  }

  private async writesOf(work: () => Promise<unknown>): Promise<readonly string[]> {
    const { asked } = await this.world.requestsOf(work);
    return asked.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
  }

  private async waiting(hub: HubProcess): Promise<readonly { key: string; stream: string }[]> {
    const { items } = await hub.api<{ items: { key: string; stream: string }[] }>(
      'GET',
      `/api/connections/${this.connectionId}/items`,
    );
    return items;
  }
}
