import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectorMetadata, Instance, Link } from '@syncline/connector-sdk';
import {
  AzureSimulator,
  GitLabRepositories,
  GitLabSimulator,
  MemoryHost,
  readMetadata,
  VirtualClock,
  type AzureRepository,
  type AzureSimulatorOptions,
  type AzureUser,
  type BareRepository,
  type MemoryStore,
  type PersonalAccessToken,
  type Project,
  type RunOptions,
  type RunOutcome,
} from '@syncline/connector-testing';
import type { AzureDevOpsConfig } from '../config.js';
import { azureDevOps } from '../connector.js';

export const metadata = readMetadata(new URL('../../metadata.json', import.meta.url)) as ConnectorMetadata;

/** A GitLab project and an Azure DevOps repository, both real git, and hosts that sync from one to the other. */
export class CodeWorld {
  private constructor(
    readonly gitLab: GitLabSimulator,
    readonly repositories: GitLabRepositories,
    readonly project: Project,
    /** GitLab's side. */
    readonly left: BareRepository,
    readonly leftToken: string,
    readonly azure: AzureSimulator,
    readonly repository: AzureRepository,
    readonly robot: AzureUser,
    readonly pat: PersonalAccessToken,
    readonly clock: VirtualClock,
    readonly workDir: string,
  ) {}

  static async start(
    options: { readonly azure?: AzureSimulatorOptions; readonly clock?: VirtualClock; readonly tls?: boolean } = {},
  ): Promise<CodeWorld> {
    const clock = options.clock ?? new VirtualClock(new Date('2026-03-02T06:00:00.000Z'));
    const workDir = mkdtempSync(join(tmpdir(), 'azure-devops-'));
    process.env['WORK_DIR'] = workDir;
    const tls = options.tls ?? false;
    const gitLab = await GitLabSimulator.start({ now: clock.now, pathPrefix: '/gitlab', tls });
    const repositories = await GitLabRepositories.open(gitLab);
    const { world } = gitLab;
    const project = world.projects.create({ path: 'web', owner: world.groups.create({ path: 'acme' }) });
    const left = await repositories.of(project);
    const reader = world.users.create({ username: 'sync' });
    world.projects.setMember(project, reader, 'developer');
    const leftToken = world.tokens.create({ user: reader, scopes: ['read_api', 'read_repository'] }).value;
    const azure = await AzureSimulator.start({ now: clock.now, tls, ...options.azure });
    const repository = await azure.createProject('Web Shop');
    const robot = azure.world.createUser('Sync Robot');
    const pat = azure.world.createToken(robot);
    return new CodeWorld(gitLab, repositories, project, left, leftToken, azure, repository, robot, pat, clock, workDir);
  }

  /** Azure's side. */
  get right(): BareRepository {
    return this.repository.git;
  }

  get gitLabInstance(): Instance {
    const { url: baseUrl, ca } = this.gitLab;
    const trust = ca === undefined ? {} : { caCertificate: ca };
    return {
      id: 'gitlab-1',
      kind: 'gitlab',
      name: 'GitLab',
      baseUrl,
      credentials: { token: this.leftToken },
      ...trust,
    };
  }

  get azureInstance(): Instance {
    const { url: baseUrl, ca } = this.azure;
    const trust = ca === undefined ? {} : { caCertificate: ca };
    return {
      id: 'azure-1',
      kind: 'azure-devops',
      name: 'Azure',
      baseUrl,
      credentials: { token: this.pat.value },
      ...trust,
    };
  }

  config(more: Partial<AzureDevOpsConfig> = {}): AzureDevOpsConfig {
    return {
      gitlab: { instance: this.gitLabInstance, project: 'acme/web' },
      azure: { instance: this.azureInstance, project: 'Web Shop', repository: 'Web Shop' },
      ...more,
    };
  }

  host(config: Partial<AzureDevOpsConfig> = {}, store?: MemoryStore): MemoryHost<AzureDevOpsConfig> {
    return new MemoryHost({ connector: azureDevOps, metadata, config: this.config(config), clock: this.clock, store });
  }

  /** Lets GitLab see what its repository has, then runs a sync a minute later. */
  async sync(host: MemoryHost<AzureDevOpsConfig>, options: RunOptions = {}): Promise<RunOutcome> {
    await this.repositories.announce(this.project);
    this.clock.advance(60_000);
    return host.run(options);
  }

  /** Refs of both sides, by full name. */
  async refs(): Promise<{ left: Record<string, string>; right: Record<string, string> }> {
    return {
      left: Object.fromEntries(await this.left.refs()),
      right: Object.fromEntries(await this.right.refs()),
    };
  }

  /** Pushes by git that Azure has seen, as lists of refs. */
  get pushes(): string[][] {
    return this.azure.git.requests
      .filter(({ updates }) => updates.length > 0)
      .map(({ updates }) => updates.map(({ ref }) => ref));
  }

  async stop(): Promise<void> {
    await this.repositories.stop();
    await this.gitLab.stop();
    await this.azure.stop();
    await rm(this.workDir, { recursive: true, force: true });
  }
}

/** What was wrong with a run, with the secrets a test would show; empty where nothing was. */
export function complaints({ error, failures, logs }: RunOutcome): string[] {
  const warnings = logs.filter(({ level }) => level === 'warn' || level === 'error').map(({ message }) => message);
  return [...(error === undefined ? [] : [error.message]), ...failures.map((one) => one.error.message), ...warnings];
}

/** The shas a link holds for both sides. */
export function shasOf(link: Link | undefined): [unknown, unknown] {
  return [link?.baseline?.left?.['sha'], link?.baseline?.right?.['sha']];
}
