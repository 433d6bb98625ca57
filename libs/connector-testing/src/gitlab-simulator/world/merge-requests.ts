import type { Milestone } from '../issues/model/milestone.js';
import type { TrackerContext } from '../issues/world/tracker-context.js';
import type { MergeRequest } from '../model/merge-request.js';
import type { User } from '../model/people.js';
import type { Project } from '../model/project.js';
import type { ActedBy, Git } from './git.js';
import { changesOf } from './merge-request-changes.js';
import type { Users } from './people.js';
import type { WorldCore } from './world-core.js';
import { noSha, type FieldChanges, type MergeRequestAction, type PushedRef } from './world-event.js';

export interface NewMergeRequest {
  readonly title?: string;
  readonly description?: string | null;
  readonly sourceBranch?: string;
  readonly targetBranch?: string;
  /** Null: the account is missing from the answers. */
  readonly author?: User | null;
  readonly assignees?: readonly User[];
  readonly reviewers?: readonly User[];
  readonly labels?: readonly string[];
  readonly milestone?: Milestone | null;
  readonly draft?: boolean;
  readonly changedFiles?: readonly string[];
  /** Where the source branch does not exist: whether to make it (default), or only its commit, as after a removal. */
  readonly keepBranch?: boolean;
  /** What the source branch was cut from. Default: the head of the target branch. */
  readonly baseSha?: string;
}

export type MergeRequestPatch = Partial<
  Pick<
    MergeRequest,
    | 'title'
    | 'description'
    | 'labels'
    | 'assignees'
    | 'reviewers'
    | 'milestone'
    | 'draft'
    | 'targetBranch'
    | 'hasConflicts'
  >
>;

export interface MergeOptions extends ActedBy {
  /** `merge` (default) makes a merge commit, `fast-forward` none, `squash` one commit besides. */
  readonly method?: 'merge' | 'fast-forward' | 'squash';
  readonly removeSourceBranch?: boolean;
}

/** Merge requests. Each change moves `updated_at` where GitLab's does and tells the hooks what GitLab tells. */
export class MergeRequests {
  constructor(
    private readonly core: WorldCore,
    private readonly users: Users,
    private readonly git: Git,
    private readonly tracker: Pick<TrackerContext, 'labels' | 'milestones'>,
  ) {
    git.onPush((event) => {
      this.followSourceBranch(event);
    });
  }

  create(project: Project, options: NewMergeRequest = {}): MergeRequest {
    const iid = project.nextIid('merge_request');
    const author = options.author === undefined ? this.users.root : options.author;
    const targetBranch = options.targetBranch ?? project.defaultBranch;
    const sourceBranch = options.sourceBranch ?? `change-${iid}`;
    const baseSha = options.baseSha ?? project.repository.branches.get(targetBranch)?.sha ?? noSha;
    const sha = this.sourceSha(project, sourceBranch, baseSha, options, author ?? this.users.root);
    const at = this.core.clock.stamp();
    const mergeRequest: MergeRequest = {
      id: this.core.nextId('merge_request'),
      iid,
      project,
      title: options.title ?? `Change number ${iid}`,
      description: options.description ?? null,
      state: 'opened',
      createdAt: at,
      updatedAt: at,
      mergedAt: null,
      mergeUser: null,
      closedAt: null,
      closedBy: null,
      targetBranch,
      sourceBranch,
      author,
      assignees: options.assignees ?? [],
      reviewers: options.reviewers ?? [],
      labels: [...(options.labels ?? [])].sort(),
      milestone: options.milestone ?? null,
      draft: options.draft ?? false,
      sha,
      baseSha,
      mergeCommitSha: null,
      squashCommitSha: null,
      userNotesCount: 0,
      approvals: [],
      changedFiles: options.changedFiles ?? ['src/main.ts', 'README.md'],
      detailedMergeStatus: options.draft === true ? 'draft_status' : 'mergeable',
      hasConflicts: false,
    };
    this.rememberLabels(project, mergeRequest.labels);
    project.mergeRequests.set(iid, mergeRequest);
    project.mergeRequestsByCreation.add(mergeRequest);
    project.mergeRequestsByUpdate.add(mergeRequest);
    this.tell(mergeRequest, 'open', author ?? this.users.root, {});
    return mergeRequest;
  }

  update(mergeRequest: MergeRequest, patch: MergeRequestPatch, options: ActedBy = {}): void {
    const before = { ...mergeRequest };
    this.touch(mergeRequest, () => {
      Object.assign(mergeRequest, patch, patch.labels === undefined ? {} : { labels: [...patch.labels].sort() });
    });
    this.rememberLabels(mergeRequest.project, mergeRequest.labels);
    this.tell(mergeRequest, 'update', options.by, changesOf(before, mergeRequest));
  }

  label(
    mergeRequest: MergeRequest,
    change: { add?: readonly string[]; remove?: readonly string[] },
    options: ActedBy = {},
  ): void {
    const kept = mergeRequest.labels.filter((label) => change.remove?.includes(label) !== true);
    this.update(mergeRequest, { labels: [...new Set([...kept, ...(change.add ?? [])])] }, options);
  }

  merge(mergeRequest: MergeRequest, options: MergeOptions = {}): void {
    const { project } = mergeRequest;
    const user = options.by ?? this.users.root;
    const method = options.method ?? 'merge';
    const target = project.repository.branches.get(mergeRequest.targetBranch);
    const squashed =
      method === 'squash' ? this.git.commit(project, target?.sha, { message: mergeRequest.title }, user) : undefined;
    const merged = squashed?.sha ?? mergeRequest.sha;
    const message = `Merge branch '${mergeRequest.sourceBranch}' into '${mergeRequest.targetBranch}'\n\n${mergeRequest.title}\n\nSee merge request ${project.fullPath}!${mergeRequest.iid}`;
    const mergeCommit =
      method === 'fast-forward'
        ? undefined
        : this.git.commit(project, target?.sha, { message, mergedShas: [merged], additions: 0, deletions: 0 }, user);
    const before = { ...mergeRequest };
    this.touch(mergeRequest, (at) => {
      Object.assign(mergeRequest, { state: 'merged', mergedAt: at, mergeUser: user, detailedMergeStatus: 'not_open' });
      mergeRequest.mergeCommitSha = mergeCommit?.sha ?? null;
      mergeRequest.squashCommitSha = squashed?.sha ?? null;
    });
    this.core.recordActivity(project, user, 'accepted', activityTarget(mergeRequest));
    this.tell(mergeRequest, 'merge', user, changesOf(before, mergeRequest));
    this.git.advance(project, mergeRequest.targetBranch, mergeCommit?.sha ?? merged, { by: user });
    if (options.removeSourceBranch === true && project.repository.branches.has(mergeRequest.sourceBranch)) {
      this.git.deleteBranch(project, mergeRequest.sourceBranch, { by: user });
    }
  }

  close(mergeRequest: MergeRequest, options: ActedBy = {}): void {
    const user = options.by ?? this.users.root;
    const before = { ...mergeRequest };
    this.touch(mergeRequest, (at) => {
      Object.assign(mergeRequest, { state: 'closed', closedAt: at, closedBy: user, detailedMergeStatus: 'not_open' });
    });
    this.core.recordActivity(mergeRequest.project, user, 'closed', activityTarget(mergeRequest));
    this.tell(mergeRequest, 'close', user, changesOf(before, mergeRequest));
  }

  reopen(mergeRequest: MergeRequest, options: ActedBy = {}): void {
    const before = { ...mergeRequest };
    this.touch(mergeRequest, () => {
      Object.assign(mergeRequest, {
        state: 'opened',
        closedAt: null,
        closedBy: null,
        detailedMergeStatus: 'mergeable',
      });
    });
    this.tell(mergeRequest, 'reopen', options.by, changesOf(before, mergeRequest));
  }

  /** The system note that moves `updated_at` is written after the hook was built, so the hook carries the old value. */
  approve(mergeRequest: MergeRequest, options: ActedBy = {}): void {
    const user = options.by ?? this.users.root;
    if (mergeRequest.approvals.some((approval) => approval.user === user)) return;
    mergeRequest.approvals = [...mergeRequest.approvals, { user, at: this.core.clock.stamp() }];
    this.tell(mergeRequest, 'approved', user, {});
    this.touch(mergeRequest, () => undefined);
  }

  unapprove(mergeRequest: MergeRequest, options: ActedBy = {}): void {
    const user = options.by ?? this.users.root;
    mergeRequest.approvals = mergeRequest.approvals.filter((approval) => approval.user !== user);
    this.tell(mergeRequest, 'unapproved', user, {});
    this.touch(mergeRequest, () => undefined);
  }

  /** A person's comment: the count and `updated_at` move, the state does not. */
  comment(mergeRequest: MergeRequest): void {
    this.touch(mergeRequest, () => {
      mergeRequest.userNotesCount += 1;
    });
  }

  /** Puts it into a state without telling anybody; for building a world. */
  set(mergeRequest: MergeRequest, state: Partial<Omit<MergeRequest, 'id' | 'iid' | 'project'>>): void {
    this.touch(mergeRequest, () => {
      Object.assign(mergeRequest, state);
    });
  }

  /** Deleted objects vanish: no hook, no tombstone. */
  delete(mergeRequest: MergeRequest): void {
    mergeRequest.project.mergeRequests.delete(mergeRequest.iid);
    mergeRequest.project.mergeRequestsByCreation.remove(mergeRequest);
    mergeRequest.project.mergeRequestsByUpdate.remove(mergeRequest);
  }

  createMilestone(project: Project, options: { title: string; dueDate?: string }): Milestone {
    return this.tracker.milestones.create(project, options);
  }

  private touch(mergeRequest: MergeRequest, change: (at: number) => void): void {
    const at = this.core.clock.stamp();
    mergeRequest.project.mergeRequestsByUpdate.move(mergeRequest, () => {
      change(at);
      mergeRequest.updatedAt = at;
    });
    mergeRequest.json = undefined;
  }

  private followSourceBranch(event: PushedRef): void {
    if (event.refType !== 'branch' || event.after === noSha || event.before === noSha) return;
    for (const mergeRequest of event.project.mergeRequests.values()) {
      if (mergeRequest.state !== 'opened' || mergeRequest.sourceBranch !== event.ref) continue;
      const oldrev = mergeRequest.sha;
      this.touch(mergeRequest, () => {
        mergeRequest.sha = event.after;
      });
      this.core.publish({
        kind: 'merge_request',
        project: event.project,
        user: event.user,
        action: 'update',
        mergeRequest,
        changes: {},
        oldrev,
      });
    }
  }

  private sourceSha(project: Project, branch: string, baseSha: string, options: NewMergeRequest, author: User): string {
    const existing = project.repository.branches.get(branch);
    if (existing !== undefined) return existing.sha;
    const message = `${options.title ?? `Work on ${branch}`}\n`;
    if (options.keepBranch !== false && !project.repository.empty) {
      return this.git.push(project, branch, [{ message }], { by: author }).at(-1)?.sha ?? baseSha;
    }
    return this.git.commit(project, baseSha, { message }, author).sha;
  }

  private rememberLabels(project: Project, names: readonly string[]): void {
    for (const name of names) this.tracker.labels.ensure(project, name);
  }

  private tell(
    mergeRequest: MergeRequest,
    action: MergeRequestAction,
    by: User | undefined,
    changes: FieldChanges,
  ): void {
    const user = by ?? this.users.root;
    const { project } = mergeRequest;
    if (action === 'open') this.core.recordActivity(project, user, 'opened', activityTarget(mergeRequest));
    if (action === 'reopen') this.core.recordActivity(project, user, 'reopened', activityTarget(mergeRequest));
    this.core.publish({ kind: 'merge_request', project, user, action, mergeRequest, changes });
  }
}

function activityTarget(mergeRequest: MergeRequest) {
  const { id, iid, title } = mergeRequest;
  return { targetType: 'MergeRequest', targetId: id, targetIid: iid, targetTitle: title };
}
