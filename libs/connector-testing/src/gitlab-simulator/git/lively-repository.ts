import type { BareRepository } from '../../git-server/bare-repository.js';
import type { User } from '../model/people.js';
import type { Project } from '../model/project.js';
import { subject } from '../seeding/seed-repository.js';
import { Random } from '../world/random.js';
import type { GitLabRepositories } from './gitlab-repositories.js';

/** A team that really pushes: commits, branches, merges and tags in a real repository, one push at a time. */
export class LivelyRepository {
  readonly random: Random;
  private topic: string | undefined;
  private topics = 0;
  private releases = 0;
  private working: Promise<unknown> = Promise.resolve();
  private timer: ReturnType<typeof setInterval> | undefined;

  private constructor(
    private readonly repositories: GitLabRepositories,
    private readonly project: Project,
    private readonly git: BareRepository,
    private readonly people: readonly User[],
    seed: number | string,
  ) {
    this.random = new Random(`${seed}/lively repository`);
  }

  /** A project that has some history already. */
  static async begin(
    repositories: GitLabRepositories,
    project: Project,
    { people, seed = 1 }: { readonly people: readonly User[]; readonly seed?: number | string },
  ): Promise<LivelyRepository> {
    const git = await repositories.of(project);
    const lively = new LivelyRepository(repositories, project, git, people, seed);
    for (let commit = 0; commit < 12; commit += 1) await lively.commit('main', lively.random.pick(people));
    await git.commit('release/1.0', 1, { from: 'refs/heads/main~4' });
    await git.tag('v1.0.0', 'release/1.0', { message: 'First release' });
    await repositories.announce(project);
    return lively;
  }

  start(tickMs: number): void {
    this.timer ??= setInterval(() => {
      this.working = this.working.then(() => this.step());
    }, tickMs);
  }

  /** Ends after the push that is under way. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.working;
  }

  /** Pushes once, and says what. */
  async step(): Promise<string> {
    const by = this.random.pick(this.people);
    const done = await this.push(by);
    await this.repositories.announce(this.project, by);
    return done;
  }

  private async push(by: User): Promise<string> {
    if (this.topic !== undefined)
      return this.random.chance(0.4) ? this.merge(this.topic, by) : this.workOn(this.topic, by);
    if (this.random.chance(0.4)) {
      this.topics += 1;
      this.topic = `feature/${this.topics}-${this.random.pick(['search', 'login', 'export', 'cache'])}`;
      return this.workOn(this.topic, by);
    }
    if (this.random.chance(0.25)) {
      this.releases += 1;
      await this.git.tag(`v1.${this.releases}.0`, 'refs/heads/main', { message: `Release 1.${this.releases}` });
      return `tagged v1.${this.releases}.0`;
    }
    return this.workOn('main', by);
  }

  private async workOn(branch: string, by: User): Promise<string> {
    const count = this.random.between(1, 3);
    for (let commit = 0; commit < count; commit += 1) await this.commit(branch, by);
    return `pushed ${count} commits to ${branch}`;
  }

  private async merge(topic: string, by: User): Promise<string> {
    this.topic = undefined;
    const tip = await this.git.ref(`refs/heads/${topic}`);
    await this.commit('main', by, {
      message: `Merge branch '${topic}' into 'main'\n`,
      merges: tip === undefined ? [] : [tip],
    });
    await this.git.setRef(`refs/heads/${topic}`, undefined);
    return `merged ${topic}`;
  }

  private async commit(
    branch: string,
    by: User,
    more: { readonly message?: string; readonly merges?: readonly string[] } = {},
  ): Promise<void> {
    const author = { name: by.name, email: `${by.username}@example.com` };
    const isNew = (await this.git.ref(`refs/heads/${branch}`)) === undefined && branch !== 'main';
    const commit = { message: `${subject(this)}\n`, author, at: new Date(), ...more };
    await this.git.commit(branch, [commit], isNew ? { from: 'refs/heads/main' } : {});
  }
}
