import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitHttp } from '../git-server/git-http.js';
import { HttpFaults } from '../gitlab-simulator/http/faults.js';
import { RequestLog } from '../gitlab-simulator/http/request-log.js';
import { createSelfSigned, type SelfSigned } from '../gitlab-simulator/tls/self-signed.js';
import { buildLocations } from './api/builds.js';
import { instanceLocations } from './api/instance.js';
import { policyLocations } from './api/policies.js';
import { repositoryLocations } from './api/repositories.js';
import { azureGitAccess } from './git-access.js';
import type { BadTokenAnswer } from './http/azure-auth.js';
import type { AzureSite } from './http/azure-call.js';
import { AzureRouter } from './http/azure-router.js';
import { createAzureListener } from './http/azure-server.js';
import type { AzureUser } from './model/identity.js';
import type { AzureRepository } from './model/repository.js';
import { AzureWorld } from './world/azure-world.js';
import { afterPush } from './world/pushes.js';

export interface AzureSimulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** `services` is the hosted product, `server` the one people run themselves. Default `services`. */
  readonly layout?: 'services' | 'server';
  /** Of a server, e.g. `/tfs`. Default: none. */
  readonly virtualDirectory?: string;
  /** The organisation, or a server's collection. Default `acme`. */
  readonly collection?: string;
  /** The newest version the interface speaks. Default `7.2`; a server of 2020 has `6.0`. */
  readonly apiVersion?: string;
  readonly now?: () => Date;
  /** Serves HTTPS with a certificate of an authority that only `azure.ca` tells. */
  readonly tls?: boolean;
}

/** An Azure DevOps on the loopback interface: REST from memory, git from real repositories in a temporary folder. */
export class AzureSimulator {
  readonly requests = new RequestLog();
  /** Of the REST interface; `git.faults` has those of fetches and pushes. */
  readonly faults = new HttpFaults(1);
  readonly git: GitHttp;
  readonly world: AzureWorld;
  /** How a token that does not work is answered. Default: as the client's headers ask for. */
  badToken: BadTokenAnswer | undefined;
  latencyMs = 0;
  private readonly server: Server;
  private readonly certificates: SelfSigned | undefined;
  private readonly virtualDirectory: string;

  private constructor(
    private readonly options: AzureSimulatorOptions,
    private readonly folder: string,
  ) {
    this.world = new AzureWorld({ now: options.now ?? (() => new Date()), folder });
    this.virtualDirectory = (options.virtualDirectory ?? '').replace(/\/+$/, '');
    this.git = new GitHttp({
      access: (request) => azureGitAccess(this.world, this.virtualDirectory, request),
      received: async ({ repository, user }, updates) => {
        const owner = this.repositoryOf(repository.path);
        if (owner !== undefined) await afterPush(this.world, owner, this.userCalled(user), updates);
      },
    });
    this.certificates = options.tls === true ? createSelfSigned() : undefined;
    const listener = createAzureListener({
      site: () => this.site(),
      virtualDirectory: this.virtualDirectory,
      router: new AzureRouter([...instanceLocations, ...repositoryLocations, ...buildLocations, ...policyLocations]),
      git: this.git,
      requests: this.requests,
      faults: this.faults,
      badToken: () => this.badToken,
      latencyMs: () => this.latencyMs,
    });
    this.server =
      this.certificates === undefined ? createHttpServer(listener) : createHttpsServer(this.certificates, listener);
    // Longer than any client keeps an idle connection, or a request may meet a closing one.
    this.server.keepAliveTimeout = 75_000;
  }

  static async start(options: AzureSimulatorOptions = {}): Promise<AzureSimulator> {
    const simulator = new AzureSimulator(options, await mkdtemp(join(tmpdir(), 'azure-simulator-')));
    simulator.server.listen(options.port ?? 0, '127.0.0.1');
    await once(simulator.server, 'listening');
    return simulator;
  }

  /** PEM of the authority that signed the server's certificate; with `tls` only. */
  get ca(): string | undefined {
    return this.certificates?.ca;
  }

  get collection(): string {
    return this.options.collection ?? 'acme';
  }

  /** Address of the organisation or collection: what people enter as base URL. */
  get url(): string {
    return `${this.siteUrl}/${encodeURIComponent(this.collection)}`;
  }

  /** A project in the simulator's collection with one empty repository of the same name. */
  async createProject(name: string): Promise<AzureRepository> {
    return this.world.createRepository(this.world.createProject(this.collection, name), name);
  }

  /** Closes the port, ends what still runs and removes the repositories. */
  async stop(): Promise<void> {
    await this.git.stop();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
    await rm(this.folder, { recursive: true, force: true });
  }

  private get siteUrl(): string {
    const bound = this.server.address();
    if (bound === null || typeof bound === 'string') throw new Error('the simulator has no port');
    return `http${this.certificates === undefined ? '' : 's'}://127.0.0.1:${bound.port}${this.virtualDirectory}`;
  }

  private site(): AzureSite {
    const { layout = 'services', apiVersion = '7.2' } = this.options;
    return { url: this.siteUrl, layout, apiVersion, world: this.world };
  }

  private repositoryOf(path: string): AzureRepository | undefined {
    for (const projects of this.world.collections.values()) {
      for (const { repositories } of projects) {
        for (const repository of repositories.values()) if (repository.git.path === path) return repository;
      }
    }
    return undefined;
  }

  private userCalled(displayName: string): AzureUser {
    const user = this.world.users.find((one) => one.displayName === displayName);
    if (user === undefined) throw new Error(`nobody is called ${displayName}`);
    return user;
  }
}
