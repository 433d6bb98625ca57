import type { User } from '../../model/people.js';
import type { ActedBy } from '../../world/git.js';
import type { IssueState, IssueType } from '../model/issue.js';
import type { Milestone } from '../model/milestone.js';

/** What a request may set. What the acting user may not set is dropped without a word, as GitLab does. */
export interface IssuePatch {
  readonly title?: string;
  /** Quick actions in it are executed and taken out. */
  readonly description?: string | null;
  readonly state?: IssueState;
  /** By name; replaces all. Unknown ones are made where the user may. */
  readonly labels?: readonly string[];
  readonly addLabels?: readonly string[];
  readonly removeLabels?: readonly string[];
  /** Free keeps the first only. Who has no access is left out. */
  readonly assignees?: readonly User[];
  readonly milestone?: Milestone | null;
  /** `YYYY-MM-DD`. */
  readonly dueDate?: string | null;
  readonly confidential?: boolean;
  readonly discussionLocked?: boolean | null;
  readonly issueType?: IssueType;
  /** Of the paid editions. */
  readonly weight?: number | null;
  /** Seconds. */
  readonly timeEstimate?: number;
  readonly totalTimeSpent?: number;
}

export interface NewIssue extends Omit<IssuePatch, 'title' | 'state'>, ActedBy {
  readonly title: string;
  /** For owners and administrators only. */
  readonly iid?: number;
  readonly createdAt?: number;
}

export interface UpdateOptions extends ActedBy {
  /** For owners and administrators only. */
  readonly updatedAt?: number;
}

export const titleLimit = 255;
export const descriptionLimit = 1_048_576;
export const noteLimit = 1_000_000;

/** An issue with that iid exists: 409 `Duplicated issue`. */
export class DuplicatedIssue extends Error {
  override readonly name = 'DuplicatedIssue';
}

/** Refused as spam. */
export class SpamDetected extends Error {
  override readonly name = 'SpamDetected';
}

/** Refused for its text: 422. */
export class Unprocessable extends Error {
  override readonly name = 'Unprocessable';
}

/** Why an issue cannot be moved. */
export class MoveRefused extends Error {
  override readonly name = 'MoveRefused';
}
