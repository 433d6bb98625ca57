import type { ConnectorMetadata, Instance } from '@syncline/connector-sdk';
import {
  FaultProxy,
  GitLabSimulator,
  MemoryHost,
  readMetadata,
  VirtualClock,
  type AccessToken,
  type LoggedRequest,
  type MemoryStore,
  type Project,
  type RunOptions,
  type RunOutcome,
  type User,
  type World,
} from '@syncline/connector-testing';
import type { GitLabEventsConfig } from '../config.js';
import { createConnector } from '../connector.js';

export const metadata = readMetadata(new URL('../../metadata.json', import.meta.url)) as ConnectorMetadata;

/** Times of what happens in a world, an hour before the tests look at it. */
const beginning = new Date('2026-03-02T06:00:00.000Z');

/** A simulated GitLab with a group, a reader and the reader's token, and hosts that sync from it. */
export class GitLabWorld {
  /** Of this world alone: what a connector found out about an instance outlives its runs. */
  private readonly connector = createConnector();

  private constructor(
    readonly gitLab: GitLabSimulator,
    /** Dates answers by the clock of the test. */
    readonly proxy: FaultProxy,
    readonly clock: VirtualClock,
    readonly reader: User,
    readonly author: User,
    readonly token: AccessToken,
  ) {}

  static async start(clock = new VirtualClock(beginning)): Promise<GitLabWorld> {
    const gitLab = await GitLabSimulator.start({ now: clock.now });
    const { users, tokens } = gitLab.world;
    const reader = users.create({ username: 'reader' });
    const author = users.create({ username: 'nora', name: 'Nora Example' });
    const proxy = await FaultProxy.start(gitLab.url, clock.now);
    return new GitLabWorld(gitLab, proxy, clock, reader, author, tokens.create({ user: reader }));
  }

  get world(): World {
    return this.gitLab.world;
  }

  get instance(): Instance {
    return {
      id: '6f1c2d0e-1111-4222-8333-944455566677',
      kind: 'gitlab',
      name: 'GitLab',
      baseUrl: this.proxy.url,
      credentials: { token: this.token.value },
    };
  }

  /** A project the reader may read, with a first commit on `main`. */
  project(path: string, options?: Partial<Parameters<World['projects']['create']>[0]>): Project {
    const { world } = this;
    const group = world.groups.find('acme') ?? world.groups.create({ path: 'acme' });
    const project = world.projects.create({ owner: group, ...options, path });
    world.projects.setMember(project, this.reader, 'reporter');
    world.git.push(project, 'main', [{ message: 'Begin', author: this.author }]);
    this.pass();
    return project;
  }

  /** Lets time go by, so that what comes is later than what was. */
  pass(minutes = 5): void {
    this.clock.advance(minutes * 60_000);
  }

  /** `connector`: default the world's own; another one is another process. */
  host(
    config: Partial<GitLabEventsConfig> = {},
    store?: MemoryStore,
    connector = this.connector,
  ): MemoryHost<GitLabEventsConfig> {
    const whole: GitLabEventsConfig = { instance: this.instance, ...config };
    return new MemoryHost({ connector, metadata, config: whole, clock: this.clock, store });
  }

  /** Runs a sync and tells which requests it made, as `GET /projects/:id/releases`. */
  async requestsOf(
    host: MemoryHost<GitLabEventsConfig>,
    options: RunOptions = {},
  ): Promise<{
    readonly outcome: RunOutcome;
    readonly endpoints: readonly string[];
    readonly all: readonly LoggedRequest[];
  }> {
    const mark = this.gitLab.requests.mark();
    const outcome = await host.run(options);
    const all = this.gitLab.requests.since(mark);
    return { outcome, all, endpoints: all.map(({ endpoint, method, path }) => endpoint ?? `? ${method} ${path}`) };
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    await this.gitLab.stop();
  }
}
