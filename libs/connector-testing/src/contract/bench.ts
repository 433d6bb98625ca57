import assert from 'node:assert/strict';
import type { ConnectorMetadata, Instance } from '@syncline/connector-sdk';
import { MemoryHost, type RunOptions, type RunOutcome } from '../memory-host/memory-host.js';
import type { MemoryStore } from '../memory-host/memory-store.js';
import { instancesOf, mapInstances } from '../memory-host/secrets.js';
import { VirtualClock } from '../memory-host/virtual-clock.js';
import { FaultProxy, type Fault, type ProxiedRequest } from './fault-proxy.js';
import type { ContractFixture, ContractWorld } from './fixture.js';

/** One world with a proxy before each of its instances, and hosts on it: what each case works with. */
export class Bench<TConfig> {
  readonly metadata: ConnectorMetadata;

  private constructor(
    private readonly fixture: ContractFixture<TConfig>,
    readonly clock: VirtualClock,
    readonly world: ContractWorld<TConfig>,
    readonly proxies: readonly FaultProxy[],
    /** The world's config, with the proxies in the place of the remote systems. */
    readonly config: TConfig,
  ) {
    this.metadata = fixture.metadata as ConnectorMetadata;
  }

  /** Runs a case on a fresh world and takes the world down again. */
  static async use<TConfig>(
    fixture: ContractFixture<TConfig>,
    work: (bench: Bench<TConfig>) => Promise<void>,
  ): Promise<void> {
    const clock = new VirtualClock();
    const world = await fixture.makeWorld(clock);
    const proxies = new Map<string, FaultProxy>();
    try {
      for (const { baseUrl } of instancesOf(world.config)) {
        if (!proxies.has(baseUrl)) proxies.set(baseUrl, await FaultProxy.start(baseUrl, clock.now));
      }
      const config = mapInstances(world.config, (instance) => ({
        ...instance,
        baseUrl: proxies.get(instance.baseUrl)?.url ?? instance.baseUrl,
      }));
      await work(new Bench(fixture, clock, world, [...proxies.values()], config));
    } finally {
      for (const proxy of proxies.values()) await proxy.stop();
      await world.stop();
    }
  }

  /** Keeps two systems in step: what it reads ends in links and at the other system, not in events. */
  get isPair(): boolean {
    return this.metadata.capabilities.includes('links');
  }

  host(options: { readonly store?: MemoryStore; readonly config?: TConfig } = {}): MemoryHost<TConfig> {
    const { connector } = this.fixture;
    const config = options.config ?? this.config;
    return new MemoryHost({ connector, metadata: this.metadata, config, clock: this.clock, store: options.store });
  }

  /** The config with each instance changed, e.g. given a wrong token. */
  configWith(change: (instance: Instance) => Instance): TConfig {
    return mapInstances(this.config, change);
  }

  /** What all requests of all instances meet from now on; undefined lets them through. */
  misbehave(decide: (request: ProxiedRequest) => Fault | undefined): void {
    let count = 0;
    for (const proxy of this.proxies) {
      proxy.misbehave((request) => {
        count += 1;
        return decide({ ...request, number: count });
      });
    }
  }

  /** How many requests an undisturbed run makes, and what it stores. */
  async undisturbed(): Promise<{ readonly store: MemoryStore; readonly requests: number }> {
    this.misbehave(() => undefined);
    // The first sync of a pair makes things; all later hosts find them, as the one that is measured has to.
    if (this.isPair) await this.goodRun(this.host());
    this.misbehave(() => undefined);
    const host = this.host();
    await this.goodRun(host);
    return { store: host.store, requests: this.requests.length };
  }

  get requests(): readonly ProxiedRequest[] {
    return this.proxies.flatMap((proxy) => proxy.requests);
  }

  /** A run that must succeed; says why when it does not. */
  async goodRun(host: MemoryHost<TConfig>, options: RunOptions = {}): Promise<RunOutcome> {
    const outcome = await host.run(options);
    assert.equal(outcome.status, 'succeeded', `the run should have succeeded: ${describeOutcome(outcome)}`);
    return outcome;
  }
}

/** Whether a run stored anything but its place in a list. */
export function storedNews({ stored, pairCommits }: RunOutcome): boolean {
  const linked = pairCommits.some(({ links }) => (links ?? []).length > 0);
  return stored.created + stored.updated > 0 || linked;
}

/** The reasons of an outcome, for a failed assertion. */
export function describeOutcome(outcome: RunOutcome): string {
  const reasons = [
    outcome.error === undefined ? undefined : `${outcome.error.kind}: ${outcome.error.message}`,
    ...outcome.failures.map(({ stream, error }) => `${stream}: ${error.kind}: ${error.message}`),
    ...outcome.pairCommits.flatMap(({ setAside }) =>
      (setAside ?? []).map(({ stream, item, error }) => `${stream}/${item}: ${error.message}`),
    ),
    ...outcome.commits.flatMap(({ stream, records }) =>
      (records.setAside ?? []).map(({ item, error }) => `${stream}/${item}: ${error.message}`),
    ),
  ];
  return [outcome.status, ...reasons.filter((reason) => reason !== undefined)].join('\n  ');
}

/** Two stores hold the same; otherwise names what is missing, new or different. */
export function assertSameRows(actual: MemoryStore, expected: MemoryStore, when: string): void {
  const [is, should] = [actual.rows(), expected.rows()];
  const lines: string[] = [];
  for (const [key, row] of should) {
    if (!is.has(key)) lines.push(`lost: ${key}`);
    else if (is.get(key) !== row) lines.push(`different: ${key}\n    is     ${is.get(key)}\n    should ${row}`);
  }
  for (const key of is.keys()) if (!should.has(key)) lines.push(`not expected: ${key}`);
  assert.equal(
    lines.length,
    0,
    `${when}, the store differs from an undisturbed one:\n  ${lines.slice(0, 8).join('\n  ')}`,
  );
}
