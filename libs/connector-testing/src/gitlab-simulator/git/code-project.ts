import type { SeededWorld } from '../seeding/seed-world.js';
import type { Project } from '../model/project.js';
import type { GitLabSimulator } from '../simulator.js';
import { GitLabRepositories } from './gitlab-repositories.js';
import { LivelyRepository } from './lively-repository.js';

/** A project of a seeded world that has a real repository and people who push to it. */
export class CodeProject {
  private constructor(
    private readonly repositories: GitLabRepositories,
    private readonly lively: LivelyRepository,
    readonly project: Project,
    /** Of the reader, who may fetch. */
    private readonly token: string,
  ) {}

  static async open(
    gitLab: GitLabSimulator,
    { group, people, reader, writer }: SeededWorld,
    { seed, tickMs }: { readonly seed: string; readonly tickMs: number },
  ): Promise<CodeProject> {
    const { world } = gitLab;
    const repositories = await GitLabRepositories.open(gitLab);
    const project = world.projects.create({ path: 'shop', owner: group, description: 'With a real repository' });
    // Hooks are for maintainers.
    world.projects.setMember(project, writer, 'maintainer');
    const scopes = ['read_api', 'read_repository'] as const;
    const token = world.tokens.create({ user: reader, name: 'code', scopes, value: 'glpat-simulated-code' });
    const lively = await LivelyRepository.begin(repositories, project, { people, seed });
    lively.start(tickMs);
    return new CodeProject(repositories, lively, project, token.value);
  }

  get shown(): { readonly project: { readonly id: number; readonly path: string }; readonly token: string } {
    return { project: { id: this.project.id, path: this.project.fullPath }, token: this.token };
  }

  async stop(): Promise<void> {
    await this.lively.stop();
    await this.repositories.stop();
  }
}
