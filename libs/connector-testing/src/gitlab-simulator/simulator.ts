import type { Server } from 'node:http';
import { createRoutes } from './api/routes.js';
import type { Edition, Site } from './entities/site.js';
import { GraphQlEndpoint } from './graphql/endpoint.js';
import type { GraphQlSettings } from './graphql/settings.js';
import { HttpFaults } from './http/faults.js';
import { RequestLog } from './http/request-log.js';
import { createSimulatorServer, type GitDoor, type SideDoor } from './http/server.js';
import { Throttle, type RateLimit } from './http/throttle.js';
import { createSelfSigned, type SelfSigned } from './tls/self-signed.js';
import { HookSender } from './webhooks/hook-sender.js';
import { World } from './world/world.js';

export interface GitLabSimulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** A relative root such as `/gitlab`. Default: none. */
  readonly pathPrefix?: string;
  /** Waited before every answer. Default 0. */
  readonly latencyMs?: number;
  /** `ee` adds the fields of the paid editions. Default `free`. */
  readonly edition?: Edition;
  /** The instance's clock. */
  readonly now?: () => Date;
  /** What the instance believes its address to be; links in answers use it. Default: the real address. */
  readonly externalUrl?: string;
  /** Makes ids, shas and chances repeatable. Default 1. */
  readonly seed?: number | string;
  /** Turns the request throttle on, which self-managed instances have off. */
  readonly rateLimit?: RateLimit;
  readonly version?: string;
  /** Serves HTTPS with a certificate of an authority that only `gitlab.ca` tells. */
  readonly tls?: boolean;
  /** How long a hook's receiver may take. Default 10,000, as GitLab's. */
  readonly hookTimeoutMs?: number;
  /** Whether failing hooks are disabled, as on GitLab.com. Default true. */
  readonly hookAutoDisable?: boolean;
  /** What GraphQL lacks and how it fails at the start. Default: complete and well. */
  readonly graphql?: Partial<GraphQlSettings>;
}

/** A GitLab that lives in memory and answers over real HTTP on the loopback interface. */
export class GitLabSimulator {
  readonly requests = new RequestLog();
  readonly faults: HttpFaults;
  /** The way of hooks to their receivers: hold, release out of order, wait until all are delivered. */
  readonly hooks: HookSender;
  /** `POST /api/graphql`: what it lacks and how it fails, to be changed with `graphql.set`. */
  readonly graphql: GraphQlEndpoint;
  latencyMs: number;
  private skippedMs = 0;
  private current: World;
  private server: Server | undefined;
  private address = '';
  private door: SideDoor | undefined;
  private gitDoor: GitDoor | undefined;
  private readonly certificates: SelfSigned | undefined;

  private constructor(private readonly options: GitLabSimulatorOptions) {
    this.faults = new HttpFaults(options.seed ?? 1);
    this.latencyMs = options.latencyMs ?? 0;
    this.certificates = options.tls === true ? createSelfSigned() : undefined;
    this.hooks = new HookSender(() => this.site(), options.hookTimeoutMs ?? 10_000, options.hookAutoDisable ?? true);
    this.graphql = new GraphQlEndpoint(() => this.site(), options.graphql);
    this.current = this.newWorld();
  }

  static async start(options: GitLabSimulatorOptions = {}): Promise<GitLabSimulator> {
    const simulator = new GitLabSimulator(options);
    await simulator.listen();
    return simulator;
  }

  /** Base URL to give to clients, path prefix included, without a trailing slash. */
  get url(): string {
    return this.address;
  }

  /** PEM of the authority that signed the server's certificate; with `tls` only. */
  get ca(): string | undefined {
    return this.certificates?.ca;
  }

  /** The state of the instance, and the ways to change it. */
  get world(): World {
    return this.current;
  }

  /** Begins anew with an empty world; requests and faults stay as they are. */
  resetWorld(): World {
    this.current = this.newWorld();
    return this.current;
  }

  /** Moves the instance's clock forward, as if nobody had done anything for so long. */
  skip(ms: number): void {
    this.skippedMs += ms;
  }

  /** Lets somebody answer paths that begin with `/__`, outside of GitLab's own. */
  openSideDoor(door: SideDoor): void {
    this.door = door;
  }

  /** Lets somebody answer git's own requests, such as those to `/acme/web.git`. */
  openGitDoor(door: GitDoor): void {
    this.gitDoor = door;
  }

  /** Closes the port and cuts open connections. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    await this.hooks.stop();
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  }

  private async listen(): Promise<void> {
    const { options } = this;
    const pathPrefix = (options.pathPrefix ?? '').replace(/\/+$/, '');
    const throttle =
      options.rateLimit === undefined
        ? undefined
        : new Throttle(options.rateLimit, () => this.current.core.clock.read());
    const server = createSimulatorServer({
      site: () => this.site(),
      router: createRoutes(this.hooks),
      graphql: this.graphql,
      requests: this.requests,
      faults: this.faults,
      throttle,
      latencyMs: () => this.latencyMs,
      sideDoor: () => this.door,
      gitDoor: () => this.gitDoor,
      pathPrefix,
      tls: this.certificates,
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('the simulator has no port');
    this.server = server;
    this.address = `http${this.certificates === undefined ? '' : 's'}://127.0.0.1:${bound.port}${pathPrefix}`;
  }

  private newWorld(): World {
    const read = this.options.now ?? (() => new Date());
    const now = (): Date => new Date(read().getTime() + this.skippedMs);
    const world = new World({ ...this.options, now, siteUrl: () => this.site().url });
    world.core.onEvent((event) => {
      this.hooks.announce(event);
    });
    return world;
  }

  private site(): Site {
    const url = (this.options.externalUrl ?? this.address).replace(/\/+$/, '');
    return {
      url,
      host: new URL(url).hostname,
      edition: this.options.edition ?? 'free',
      version: this.options.version ?? '18.5.1-ee',
      world: this.current,
    };
  }
}
