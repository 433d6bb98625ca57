import type { Commit, GitTag } from '../model/commit.js';
import type { User } from '../model/people.js';
import type { Project } from '../model/project.js';
import type { Users } from './people.js';
import type { WorldCore } from './world-core.js';
import { noSha, type PushedRef } from './world-event.js';

export interface NewCommit {
  readonly message?: string;
  readonly author?: User;
  /** When git says it was made; may lie long before the push. */
  readonly at?: Date | number;
  readonly offsetMinutes?: number;
  readonly additions?: number;
  readonly deletions?: number;
  /** Second parent and further ones. */
  readonly mergedShas?: readonly string[];
  /** Of a commit that exists in a real repository; made up where absent. */
  readonly sha?: string;
}

/** A ref that changed in a real repository; the shas are undefined where it was or is absent. */
export interface ReceivedRef {
  readonly refType: 'branch' | 'tag';
  readonly ref: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** The commit behind `after`; of an annotated tag another object. */
  readonly commit: string | undefined;
  readonly message?: string;
}

export interface ActedBy {
  readonly by?: User;
}

/** Pushes: the only way commits, branches and tags change. */
export class Git {
  private readonly pushListeners: ((event: PushedRef) => void)[] = [];

  constructor(
    private readonly core: WorldCore,
    private readonly users: Users,
  ) {}

  /** Runs inside the push, before hooks are told; merge requests follow their source branch this way. */
  onPush(listener: (event: PushedRef) => void): void {
    this.pushListeners.push(listener);
  }

  /** Adds commits to a branch, one after the other; makes the branch from the default branch if it is new. Newest last. */
  push(project: Project, branch: string, commits: number | readonly NewCommit[] = 1, options: ActedBy = {}): Commit[] {
    return this.pushMany(project, [branch], commits, options)[0] ?? [];
  }

  /** One push that changes several branches. More than three make GitLab send no hooks at all. */
  pushMany(
    project: Project,
    branches: readonly string[],
    commits: number | readonly NewCommit[] = 1,
    options: ActedBy = {},
  ): Commit[][] {
    const user = options.by ?? this.users.root;
    return branches.map((branch) => {
      const before = project.repository.branches.get(branch)?.sha;
      const start = before ?? project.repository.branches.get(project.defaultBranch)?.sha;
      const added = this.commitAll(project, start, commits, user);
      this.moveBranch(project, branch, added.at(-1)?.sha ?? start ?? noSha);
      this.announce({
        project,
        user,
        ref: branch,
        before: before ?? noSha,
        commits: added,
        refsInPush: branches.length,
      });
      return added;
    });
  }

  /** Rewrites the end of a branch: the last `drop` commits leave it, `add` new ones take their place. */
  forcePush(project: Project, branch: string, options: ActedBy & { drop?: number; add?: number } = {}): Commit[] {
    const user = options.by ?? this.users.root;
    const before = this.branchSha(project, branch);
    const kept = project.repository.history(before)[options.drop ?? 1]?.sha;
    const added = this.commitAll(project, kept, options.add ?? 1, user);
    this.moveBranch(project, branch, added.at(-1)?.sha ?? kept ?? noSha);
    this.announce({ project, user, ref: branch, before, commits: added, refsInPush: 1 });
    return added;
  }

  /** Moves a branch to a commit that exists already, as a merge does. */
  advance(project: Project, branch: string, sha: string, options: ActedBy = {}): void {
    const before = project.repository.branches.get(branch)?.sha ?? noSha;
    const commits = [...project.repository.between(before, sha)].reverse();
    this.moveBranch(project, branch, sha);
    this.announce({ project, user: options.by ?? this.users.root, ref: branch, before, commits, refsInPush: 1 });
  }

  createBranch(project: Project, name: string, from: string = project.defaultBranch, options: ActedBy = {}): void {
    const commit = project.repository.resolve(from);
    if (commit === undefined) throw new Error(`no such ref: ${from}`);
    const user = options.by ?? this.users.root;
    this.moveBranch(project, name, commit.sha);
    this.announce({ project, user, ref: name, before: noSha, commits: [], refsInPush: 1 });
  }

  deleteBranch(project: Project, name: string, options: ActedBy = {}): void {
    const user = options.by ?? this.users.root;
    const before = this.branchSha(project, name);
    project.repository.branches.delete(name);
    const event = { kind: 'push', project, user, refType: 'branch', ref: name, commits: [], refsInPush: 1 } as const;
    this.tell({ ...event, before, after: noSha });
  }

  /** An annotated tag where a message is given, else a lightweight one. */
  createTag(
    project: Project,
    name: string,
    options: ActedBy & { ref?: string; message?: string; createdAt?: number } = {},
  ): GitTag {
    const commit = project.repository.resolve(options.ref ?? project.defaultBranch);
    if (commit === undefined) throw new Error(`no such ref: ${options.ref ?? project.defaultBranch}`);
    const annotated = options.message !== undefined;
    const tag: GitTag = {
      name,
      sha: commit.sha,
      target: annotated ? this.core.random.sha() : commit.sha,
      message: options.message ?? '',
      createdAt: annotated ? (options.createdAt ?? this.core.clock.stamp()) : null,
    };
    project.repository.tags.set(name, tag);
    const user = options.by ?? this.users.root;
    const event = { kind: 'push', project, user, refType: 'tag', ref: name, refsInPush: 1 } as const;
    this.tell({ ...event, before: noSha, after: tag.target, commits: [commit], message: tag.message });
    return tag;
  }

  /** The release of the tag goes with it; `Releases` listens. */
  deleteTag(project: Project, name: string, options: ActedBy = {}): void {
    const tag = project.repository.tags.get(name);
    if (tag === undefined) throw new Error(`no such tag: ${name}`);
    project.repository.tags.delete(name);
    const user = options.by ?? this.users.root;
    const event = { kind: 'push', project, user, refType: 'tag', ref: name, commits: [], refsInPush: 1 } as const;
    this.tell({ ...event, before: tag.target, after: noSha });
  }

  /** One push that a real repository has taken. Its commits must be known already. */
  receive(project: Project, refs: readonly ReceivedRef[], options: ActedBy = {}): void {
    const { repository } = project;
    for (const { refType, ref, before = noSha, after = noSha, commit = noSha, message = '' } of refs) {
      if (refType === 'tag' && after === noSha) repository.tags.delete(ref);
      else if (refType === 'tag') {
        const createdAt = after === commit ? null : this.core.clock.stamp();
        repository.tags.set(ref, { name: ref, sha: commit, target: after, message, createdAt });
      } else if (after === noSha) repository.branches.delete(ref);
      else this.moveBranch(project, ref, after);
      const isUpdate = refType === 'branch' && before !== noSha && after !== noSha;
      this.tell({
        kind: 'push',
        project,
        user: options.by ?? this.users.root,
        refType,
        ref,
        before,
        after,
        commits: isUpdate ? [...repository.between(before, after)].reverse() : [],
        refsInPush: refs.filter((one) => one.refType === refType).length,
        message,
      });
    }
  }

  /** A commit that no branch shows yet. */
  commit(project: Project, parent: string | undefined, details: NewCommit = {}, by: User = this.users.root): Commit {
    const author = details.author ?? by;
    const at = details.at === undefined ? this.core.clock.stamp() : Number(details.at);
    const random = this.core.random;
    const sha = details.sha ?? random.sha();
    const commit: Commit = {
      sha,
      parents: [...(parent === undefined || parent === noSha ? [] : [parent]), ...(details.mergedShas ?? [])],
      message: details.message ?? `Change ${sha.slice(0, 8)}`,
      authorName: author.name,
      authorEmail: author.email,
      // Git knows seconds only.
      authoredAt: Math.floor(at / 1000) * 1000,
      committedAt: Math.floor(at / 1000) * 1000,
      offsetMinutes: details.offsetMinutes ?? 0,
      additions: details.additions ?? random.between(1, 120),
      deletions: details.deletions ?? random.between(0, 60),
    };
    project.repository.add(commit);
    return commit;
  }

  /** Sets a branch without telling anybody; for building a world. */
  moveBranch(project: Project, name: string, sha: string): void {
    const branch = project.repository.branches.get(name);
    if (branch === undefined) {
      project.repository.branches.set(name, { name, sha, protected: name === project.defaultBranch });
    } else {
      branch.sha = sha;
    }
  }

  private commitAll(
    project: Project,
    start: string | undefined,
    commits: number | readonly NewCommit[],
    user: User,
  ): Commit[] {
    const details = typeof commits === 'number' ? Array.from({ length: commits }, (): NewCommit => ({})) : commits;
    let parent = start;
    return details.map((one) => {
      const commit = this.commit(project, parent, one, user);
      parent = commit.sha;
      return commit;
    });
  }

  private branchSha(project: Project, name: string): string {
    const branch = project.repository.branches.get(name);
    if (branch === undefined) throw new Error(`no such branch: ${name}`);
    return branch.sha;
  }

  private announce(push: Pick<PushedRef, 'project' | 'user' | 'ref' | 'before' | 'commits' | 'refsInPush'>): void {
    this.tell({ kind: 'push', refType: 'branch', after: this.branchSha(push.project, push.ref), ...push });
  }

  private tell(event: PushedRef): void {
    const created = event.before === noSha;
    const removed = event.after === noSha;
    this.core.recordActivity(event.project, event.user, removed ? 'deleted' : created ? 'pushed new' : 'pushed to', {
      push: {
        action: removed ? 'removed' : created ? 'created' : 'pushed',
        refType: event.refType,
        ref: event.ref,
        from: created ? null : event.before,
        to: removed ? null : event.after,
        commitCount: event.commits.length,
        commitTitle: event.commits.at(-1)?.message.split('\n', 1)[0] ?? null,
      },
    });
    for (const listener of this.pushListeners) listener(event);
    this.core.publish(event);
  }
}
