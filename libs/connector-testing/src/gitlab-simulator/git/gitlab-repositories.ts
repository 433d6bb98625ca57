import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BareRepository, zeroSha } from '../../git-server/bare-repository.js';
import { GitHttp, type GitAccess, type GitRefusal } from '../../git-server/git-http.js';
import type { GitRequest } from '../../git-server/git-request.js';
import { accessLevels, type Scope, type User } from '../model/people.js';
import type { Project } from '../model/project.js';
import type { GitLabSimulator } from '../simulator.js';
import { readCommits } from './read-commits.js';

/**
 * Real repositories behind projects of a simulated GitLab, served under `/<full path>.git`. What happens in a repository
 * is told to the world, and so to the REST interface and the hooks, by `announce`; pushes over HTTP are told at once.
 */
export class GitLabRepositories {
  readonly git: GitHttp;
  private readonly byProject = new Map<number, BareRepository>();
  /** What the refs of a project pointed at when the world was last told. */
  private readonly announced = new Map<number, readonly string[]>();

  private constructor(
    private readonly gitLab: GitLabSimulator,
    private readonly folder: string,
  ) {
    this.git = new GitHttp({
      access: (request) => this.access(request),
      received: async ({ repository, user }) => {
        for (const [id, one] of this.byProject) {
          const project = this.gitLab.world.projects.byId.get(id);
          if (one === repository && project !== undefined) {
            await this.announce(project, this.gitLab.world.users.find(user));
          }
        }
      },
    });
    gitLab.openGitDoor((message, response) => this.git.serve(message, response));
  }

  static async open(gitLab: GitLabSimulator): Promise<GitLabRepositories> {
    return new GitLabRepositories(gitLab, await mkdtemp(join(tmpdir(), 'gitlab-simulator-')));
  }

  /** The repository of a project, empty at first. Commits that the world made up are not in it. */
  async of(project: Project): Promise<BareRepository> {
    const known = this.byProject.get(project.id);
    if (known !== undefined) return known;
    const repository = await BareRepository.create(join(this.folder, `${project.id}.git`), project.defaultBranch);
    this.byProject.set(project.id, repository);
    return repository;
  }

  /** The URL to clone a project from. */
  url(project: Project): string {
    return `${this.gitLab.url}/${project.fullPath}.git`;
  }

  /** Lets the world see what has changed in the repository since the last time, as one push. */
  async announce(project: Project, by?: User): Promise<void> {
    const repository = await this.of(project);
    const { world } = this.gitLab;
    const after = await repository.refs();
    for (const commit of await readCommits(repository, this.announced.get(project.id) ?? [])) {
      world.git.commit(project, commit.parents[0], { ...commit, mergedShas: commit.parents.slice(1) });
    }
    this.announced.set(project.id, [...new Set(after.values())]);
    const before = refsOf(project);
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
      (ref) => /^refs\/(?:heads|tags)\//.test(ref) && before.get(ref) !== after.get(ref),
    );
    const refs = await Promise.all(
      changed.map(async (name) => ({
        refType: name.startsWith('refs/tags/') ? ('tag' as const) : ('branch' as const),
        ref: name.replace(/^refs\/(?:heads|tags)\//, ''),
        before: before.get(name),
        after: after.get(name),
        commit: after.has(name) ? await repository.ref(`${name}^{commit}`) : undefined,
      })),
    );
    world.git.receive(project, refs, by === undefined ? {} : { by });
  }

  async stop(): Promise<void> {
    await this.git.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private access(request: GitRequest): GitAccess | GitRefusal {
    const { world } = this.gitLab;
    const secret = request.credentials?.kind === 'basic' ? request.credentials.password : request.credentials?.token;
    const token = secret === undefined ? undefined : world.tokens.find(secret);
    if (secret !== undefined && (token === undefined || token.revoked || world.tokens.expired(token))) return denied;
    const isPush = request.service === 'git-receive-pack';
    const needed: readonly Scope[] = isPush
      ? ['api', 'write_repository']
      : ['api', 'read_repository', 'write_repository'];
    const user = token?.user;
    const project = this.projectAt(request.repositoryPath);
    const repository = project === undefined ? undefined : this.byProject.get(project.id);
    if (project === undefined || repository === undefined) return token === undefined ? denied : missing;
    const level = user === undefined ? accessLevels.none : world.projects.accessLevel(project, user);
    const isMember = level >= accessLevels.reporter || token?.kind === 'deploy';
    if (project.visibility === 'private' && !isMember) return token === undefined ? denied : missing;
    if (token !== undefined && !needed.some((scope) => token.scopes.includes(scope))) return forbidden(isPush);
    if (isPush && (level < accessLevels.developer || project.archived)) return forbidden(isPush);
    if (project.features.repository === 'disabled') return forbidden(isPush);
    return { repository, user: user?.username ?? 'deploy-token', hiddenRefs: isPush ? internalRefs : [] };
  }

  /** By its present path, or by one it had before a rename or a move. */
  private projectAt(path: string): Project | undefined {
    const prefix = new URL(this.gitLab.url).pathname.replace(/\/$/, '');
    if (!path.startsWith(`${prefix}/`) || !path.endsWith('.git')) return undefined;
    const fullPath = path.slice(prefix.length + 1, -'.git'.length);
    const { projects } = this.gitLab.world;
    return projects.find(fullPath) ?? projects.findFormer(fullPath);
  }
}

/** Namespaces that are GitLab's own; they are shown to clients that ask for all refs, and nobody pushes to them. */
const internalRefs = ['refs/merge-requests', 'refs/keep-around', 'refs/pipelines', 'refs/environments'];

const denied: GitRefusal = {
  status: 401,
  headers: { 'WWW-Authenticate': 'Basic realm="GitLab"' },
  body: 'HTTP Basic: Access denied. If a password was provided for Git authentication, the password was incorrect or you are required to use a token instead of a password.\n',
};

const missing: GitRefusal = {
  status: 404,
  body: "The project you were looking for could not be found or you don't have permission to view it.\n",
};

function forbidden(isPush: boolean): GitRefusal {
  return {
    status: 403,
    body: `You are not allowed to ${isPush ? 'push code to' : 'download code from'} this project.\n`,
  };
}

function refsOf(project: Project): Map<string, string> {
  const { branches, tags } = project.repository;
  const refs = new Map<string, string>();
  for (const { name, sha } of branches.values()) if (sha !== zeroSha) refs.set(`refs/heads/${name}`, sha);
  for (const { name, target } of tags.values()) refs.set(`refs/tags/${name}`, target);
  return refs;
}
