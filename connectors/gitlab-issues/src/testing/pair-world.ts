import type { ConnectorMetadata, Instance } from '@syncline/connector-sdk';
import {
  GitLabSimulator,
  type GitLabSimulatorOptions,
  type LoggedRequest,
  MemoryHost,
  type MemoryStore,
  type Project,
  readMetadata,
  type Role,
  type RunOptions,
  type RunOutcome,
  type Scope,
  type User,
  VirtualClock,
  type World,
} from '@syncline/connector-testing';
import type { GitLabIssuesConfig } from '../config.js';
import { connector } from '../connector.js';

type Issue = ReturnType<World['issues']['create']>;

export const metadata = readMetadata(new URL('../../metadata.json', import.meta.url)) as ConnectorMetadata;

/** Times of what happens in a world, an hour before the tests look at it. */
const beginning = new Date('2026-03-02T06:00:00.000Z');

/** One simulated GitLab with a bot that syncs, a person and a project `acme/<name>`. */
export class SimulatedSide {
  private constructor(
    readonly name: string,
    readonly gitLab: GitLabSimulator,
    readonly bot: User,
    readonly nora: User,
    readonly project: Project,
    readonly token: string,
  ) {}

  static async start(name: string, clock: VirtualClock, options: GitLabSimulatorOptions = {}): Promise<SimulatedSide> {
    const gitLab = await GitLabSimulator.start({ now: clock.now, seed: name, ...options });
    const { groups, projects, tokens, users } = gitLab.world;
    const group = groups.create({ path: 'acme' });
    // Numbers differ from side to side, as they do between instances.
    if (name === 'target') projects.create({ path: 'other', owner: group });
    const project = projects.create({ path: name, owner: group });
    const [bot, nora] = [users.create({ username: 'sync-bot' }), users.create({ username: 'nora', name: 'Nora Q' })];
    for (const user of [bot, nora]) projects.setMember(project, user, 'developer');
    const token = tokens.create({ user: bot, scopes: ['api'] }).value;
    return new SimulatedSide(name, gitLab, bot, nora, project, token);
  }

  get world(): World {
    return this.gitLab.world;
  }

  get instance(): Instance {
    return {
      id: `6f1c2d0e-1111-4222-8333-${this.name.padEnd(12, '0').slice(0, 12)}`,
      kind: 'gitlab',
      name: this.name,
      baseUrl: this.gitLab.url,
      credentials: { token: this.token },
    };
  }

  /** The instance with another user's token. */
  instanceAs(user: User, scopes: readonly Scope[] = ['api']): Instance {
    return { ...this.instance, credentials: { token: this.world.tokens.create({ user, scopes }).value } };
  }

  create(title: string, more: Partial<Parameters<World['issues']['create']>[1]> = {}): Issue {
    return this.world.issues.create(this.project, { title, by: this.nora, ...more });
  }

  /** An issue by its number. */
  issue(iid: number): Issue {
    const found = this.project.issues.byIid.get(iid);
    if (found === undefined) throw new Error(`${this.name} has no issue ${iid}`);
    return found;
  }

  get issues(): readonly Issue[] {
    return [...this.project.issues.byIid.values()];
  }

  /** What people see of an issue. */
  view(iid: number) {
    const issue = this.issue(iid);
    return {
      title: issue.title,
      state: issue.state,
      labels: issue.labels.map(({ name }) => name),
      assignees: issue.assignees.map(({ username }) => username),
      milestone: issue.milestone?.title ?? null,
      dueDate: issue.dueDate,
      confidential: issue.confidential,
      text: shown(issue.description ?? ''),
      comments: this.comments(iid).map(({ body, internal }) => ({ body: shown(body), internal })),
    };
  }

  comments(iid: number): Issue['notes'] {
    return this.issue(iid).notes.filter(({ system }) => !system);
  }

  url(iid: number): string {
    return `${this.gitLab.url}/${this.project.fullPath}/-/issues/${iid}`;
  }

  member(username: string, role: Role | null): User {
    const user = this.world.users.create({ username });
    if (role !== null) this.world.projects.setMember(this.project, user, role);
    return user;
  }

  async stop(): Promise<void> {
    await this.gitLab.stop();
  }
}

/** Without what a browser does not show. */
function shown(text: string): string {
  return text.replace(/<!--[\s\S]*?-->/g, '').trim();
}

/** Two GitLabs with a project each, and configs that keep these in step. */
export class PairWorld {
  private constructor(
    readonly clock: VirtualClock,
    readonly source: SimulatedSide,
    readonly target: SimulatedSide,
  ) {}

  static async start(
    clock = new VirtualClock(beginning),
    options: { readonly source?: GitLabSimulatorOptions; readonly target?: GitLabSimulatorOptions } = {},
  ): Promise<PairWorld> {
    const source = await SimulatedSide.start('source', clock, options.source);
    const target = await SimulatedSide.start('target', clock, options.target);
    return new PairWorld(clock, source, target);
  }

  config(more: Partial<GitLabIssuesConfig> = {}): GitLabIssuesConfig {
    return {
      source: { instance: this.source.instance, project: 'acme/source' },
      target: { instance: this.target.instance, project: 'acme/target' },
      ...more,
    };
  }

  host(config: Partial<GitLabIssuesConfig> = {}, store?: MemoryStore): MemoryHost<GitLabIssuesConfig> {
    return new MemoryHost({ connector, metadata, config: this.config(config), clock: this.clock, store });
  }

  /** Lets time go by and syncs; the run has to succeed. */
  async sync(host: MemoryHost<GitLabIssuesConfig>, options: RunOptions = {}): Promise<RunOutcome> {
    this.pass();
    const outcome = await host.run(options);
    if (outcome.status !== 'succeeded') {
      const aside = host.store.setAsides.map(({ item, error }) => `${item}: ${error.message}`);
      throw new Error(`the run ended ${outcome.status}: ${outcome.error?.message ?? aside.join('; ')}`);
    }
    return outcome;
  }

  /** Requests that change anything, of three further syncs: none, once all is settled. */
  async writesWhenSettled(host: MemoryHost<GitLabIssuesConfig>): Promise<readonly string[]> {
    const { asked } = await this.requestsOf(async () => {
      for (const mode of ['incremental', 'full', 'incremental'] as const) await this.sync(host, { mode });
    });
    return asked.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
  }

  /** Lets time go by, so that what comes is later than what was. */
  pass(minutes = 5): void {
    this.clock.advance(minutes * 60_000);
  }

  /** What both were asked while the work was done. */
  async requestsOf<T>(
    work: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly asked: readonly LoggedRequest[] }> {
    const logs = [this.source.gitLab.requests, this.target.gitLab.requests];
    const marks = logs.map((log) => log.mark());
    const result = await work();
    return { result, asked: logs.flatMap((log, at) => log.since(marks[at] ?? 0)) };
  }

  async stop(): Promise<void> {
    await this.source.stop();
    await this.target.stop();
  }
}
