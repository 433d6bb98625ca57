import { createHash } from 'node:crypto';
import type { ConnectorMetadata, PlanItem } from '@syncline/connector-sdk';
import {
  MemoryHost,
  MemoryHub,
  MemoryProject,
  MemoryStore,
  MemoryTracker,
  StepClock,
  VirtualClock,
  type MemoryTrackerOptions,
  type RunOptions,
  type RunOutcome,
} from '@syncline/connector-testing';
import { repairLinks, syncPair, type ItemRef, type PairOptions, type SyncPolicy, type UserPair } from '../src/index.js';

const start = new Date('2026-03-02T08:00:00.000Z');

const metadata: ConnectorMetadata = {
  id: 'pair',
  displayName: 'Pair',
  description: 'Two memory trackers.',
  color: '#000000',
  logo: 'logo.svg',
  version: '0.1.0',
  capabilities: ['links'],
  instanceKinds: [],
  configSchema: { type: 'object', properties: {} },
  eventTypes: [],
  defaultIntervalMinutes: 10,
  docs: '',
};

export const bothWays: SyncPolicy = {
  fields: {
    title: 'both',
    description: 'both',
    state: 'both',
    labels: 'both',
    assignees: 'both',
    milestone: 'both',
    dueDate: 'both',
    confidential: 'both',
    weight: 'both',
  },
  creates: 'both',
  comments: 'both',
  attachments: true,
  confidential: 'preserve',
  conflicts: 'ask',
  granularity: 'field',
  match: 'marker',
  onDelete: 'sever',
  onMove: 'follow',
  onCommentDelete: 'delete',
  unmappedUsers: 'unassigned',
};

/** Each place has a person or two of its own, and the account the hub writes with. */
const peopleOf: Readonly<Record<string, readonly string[]>> = {
  a: ['hub-a', 'nora', 'sam'],
  b: ['hub-b', 'norah', 'sammy', 'sam'],
  c: ['hub-c', 'nore'],
};

/** Several projects, one hub, and connections between pairs of them. */
export class World {
  readonly clock = new VirtualClock(start);
  readonly remoteClock = new StepClock(start.getTime());
  readonly hub = new MemoryHub('hub-1');
  private readonly projects = new Map<string, MemoryProject>();
  private made = 0;

  project(name: string): MemoryProject {
    const known = this.projects.get(name);
    if (known !== undefined) return known;
    const place = {
      instanceId: name,
      baseUrl: `https://${name}.example`,
      projectId: `${10 + name.charCodeAt(0)}`,
      path: `acme/${name}`,
    };
    const project = new MemoryProject({ place, clock: this.remoteClock, users: peopleOf[name] ?? [`hub-${name}`] });
    this.projects.set(name, project);
    return project;
  }

  /** In no order, as of real ids, and the same each time, so that a seed repeats a run exactly. */
  newId(): string {
    this.made += 1;
    const hex = createHash('sha256').update(`${this.made}`).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** Time passes, for us and for the remotes. */
  pass(ms: number): void {
    this.clock.advance(ms);
    this.remoteClock.pass(ms);
  }

  pair(left: string, right: string, options: PairSetup = {}): Pair {
    return new Pair(this, left, right, options);
  }
}

export interface PairSetup {
  readonly policy?: Partial<SyncPolicy>;
  readonly users?: readonly UserPair[];
  readonly left?: Partial<MemoryTrackerOptions>;
  readonly right?: Partial<MemoryTrackerOptions>;
  readonly concurrency?: number;
  /** Another hub's memory: a second hub, or one that lost its database. */
  readonly hub?: MemoryHub;
}

/** One connection: two trackers, and a memory between runs. */
export class Pair {
  readonly left: MemoryTracker;
  readonly right: MemoryTracker;
  readonly store: MemoryStore;
  policy: SyncPolicy;
  users: readonly UserPair[];

  constructor(
    private readonly world: World,
    left: string,
    right: string,
    private readonly setup: PairSetup,
  ) {
    this.left = new MemoryTracker(world.project(left), { account: `hub-${left}`, ...setup.left });
    this.right = new MemoryTracker(world.project(right), { account: `hub-${right}`, ...setup.right });
    this.store = new MemoryStore(setup.hub ?? world.hub, `${left}-${right}`);
    this.policy = { ...bothWays, ...setup.policy };
    this.users = setup.users ?? [{ left: 'nora', right: 'norah' }];
  }

  async run(options: RunOptions & { named?: readonly ItemRef[]; repair?: boolean } = {}): Promise<RunOutcome> {
    const { named, repair, ...run } = options;
    const host = new MemoryHost({
      connector: {
        check: () => Promise.resolve({ steps: [] }),
        sync: async (session) => {
          const pair: PairOptions = {
            left: this.left,
            right: this.right,
            policy: this.policy,
            users: this.users,
            wakes: named ?? [],
            newId: () => this.world.newId(),
            ...(this.setup.concurrency !== undefined && { concurrency: this.setup.concurrency }),
          };
          if (repair !== true) return syncPair(session, pair);
          const { linked } = await repairLinks(session, pair);
          return { fetched: 0, stored: linked };
        },
      },
      metadata,
      config: {},
      clock: this.world.clock,
      store: this.store,
    });
    return host.run(run);
  }

  /** A run that must go well. */
  async sync(options: RunOptions = {}): Promise<RunOutcome> {
    const outcome = await this.run(options);
    if (outcome.error !== undefined) throw outcome.error;
    return outcome;
  }

  async plan(options: RunOptions = {}): Promise<readonly PlanItem[]> {
    return (await this.sync({ kind: 'plan', ...options })).planned;
  }

  get writes(): number {
    return this.left.writes + this.right.writes;
  }

  /** Calls of both trackers, by name. */
  calls(): Record<string, number> {
    const sum: Record<string, number> = {};
    for (const tracker of [this.left, this.right]) {
      for (const [name, count] of tracker.calls) sum[name] = (sum[name] ?? 0) + count;
    }
    return sum;
  }

  forgetCalls(): void {
    this.left.calls.clear();
    this.right.calls.clear();
  }
}
