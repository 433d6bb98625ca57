import type { Milestone } from '../issues/model/milestone.js';
import type { CachedJson } from './cached-json.js';
import type { User } from './people.js';
import type { Project } from './project.js';

export type MergeRequestState = 'opened' | 'closed' | 'merged' | 'locked';

/** Numbers that hooks use for the states. */
export const mergeRequestStateIds: Readonly<Record<MergeRequestState, number>> = {
  opened: 1,
  closed: 2,
  merged: 3,
  locked: 4,
};

export interface Approval {
  readonly user: User;
  readonly at: number;
}

export interface MergeRequest extends CachedJson {
  readonly id: number;
  readonly iid: number;
  readonly project: Project;
  title: string;
  description: string | null;
  state: MergeRequestState;
  readonly createdAt: number;
  updatedAt: number;
  mergedAt: number | null;
  mergeUser: User | null;
  closedAt: number | null;
  closedBy: User | null;
  targetBranch: string;
  readonly sourceBranch: string;
  /** Null where the author's account is gone from the answer, which real data shows. */
  author: User | null;
  assignees: readonly User[];
  reviewers: readonly User[];
  labels: readonly string[];
  milestone: Milestone | null;
  draft: boolean;
  /** Head of the source branch. */
  sha: string;
  /** What the source branch was cut from. */
  baseSha: string;
  mergeCommitSha: string | null;
  squashCommitSha: string | null;
  userNotesCount: number;
  approvals: readonly Approval[];
  changedFiles: readonly string[];
  detailedMergeStatus: string;
  hasConflicts: boolean;
}
