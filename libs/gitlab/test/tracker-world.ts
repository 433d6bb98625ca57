import type { Tracker } from '@syncline/connector-sdk';
import {
  GitLabSimulator,
  type GitLabSimulatorOptions,
  type Group,
  type LoggedRequest,
  type Project,
  type Role,
  type Scope,
  type User,
} from '../../connector-testing/src/gitlab-simulator/index.js';
import { createGitLabClient, createGitLabTracker, type GitLabTrackerOptions } from '../src/index.js';
import { httpFor, instanceAt } from './scripted-gitlab.js';

/** A private project `acme/web` of a GitLab below `/git`, a bot's token with the scope `api`, and a clock of the test's own. */
export class TrackerWorld {
  private constructor(
    private readonly clock: { now: number },
    readonly gitLab: GitLabSimulator,
    readonly group: Group,
    readonly project: Project,
    readonly bot: User,
    readonly nora: User,
  ) {}

  static async start(options: GitLabSimulatorOptions = {}): Promise<TrackerWorld> {
    const clock = { now: Date.parse('2026-03-04T05:06:07.000Z') };
    const gitLab = await GitLabSimulator.start({ pathPrefix: '/git', now: () => new Date(clock.now), ...options });
    const { world } = gitLab;
    const group = world.groups.create({ path: 'acme' });
    const project = world.projects.create({ path: 'web', owner: group });
    const [bot, nora] = [world.users.create({ username: 'sync-bot' }), world.users.create({ username: 'nora' })];
    world.projects.setMember(project, bot, 'developer');
    world.projects.setMember(project, nora, 'developer');
    return new TrackerWorld(clock, gitLab, group, project, bot, nora);
  }

  get world() {
    return this.gitLab.world;
  }

  pass(milliseconds = 1_000): void {
    this.clock.now += milliseconds;
  }

  member(username: string, role: Role | null): User {
    const user = this.world.users.create({ username });
    if (role !== null) this.world.projects.setMember(this.project, user, role);
    return user;
  }

  /** A tracker as one run has it. */
  tracker(
    as: User = this.bot,
    options: GitLabTrackerOptions = {},
    project: Project = this.project,
    scopes: readonly Scope[] = ['api'],
  ): Tracker {
    const token = this.world.tokens.create({ user: as, scopes }).value;
    const instance = instanceAt(this.gitLab.url, { credentials: { token } });
    const place = {
      instanceId: instance.id,
      baseUrl: this.gitLab.url,
      projectId: String(project.id),
      path: project.fullPath,
    };
    return createGitLabTracker(createGitLabClient(httpFor(instance), instance), place, options);
  }

  /** What was asked while the work was done, as `GET /projects/:id/issues`. */
  async requestsOf<T>(
    work: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly asked: readonly LoggedRequest[] }> {
    const mark = this.gitLab.requests.mark();
    const result = await work();
    return { result, asked: this.gitLab.requests.since(mark) };
  }
}

/** The endpoints of what was asked. */
export function endpoints(asked: readonly LoggedRequest[]): string[] {
  return asked.map(({ endpoint, method, path }) => endpoint ?? `${method} ${path}`);
}
