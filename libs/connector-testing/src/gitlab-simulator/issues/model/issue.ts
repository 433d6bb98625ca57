import type { CachedJson } from '../../model/cached-json.js';
import type { User } from '../../model/people.js';
import type { Project } from '../../model/project.js';
import type { Label } from './label.js';
import type { Milestone } from './milestone.js';
import type { Note } from './note.js';

export type IssueState = 'opened' | 'closed';
export type IssueType = 'issue' | 'incident' | 'task' | 'test_case';

/** Changes that GitLab keeps as events, not as notes. */
export type ResourceEvent = { readonly id: number; readonly user: User; readonly createdAt: number } & (
  | { readonly kind: 'label'; readonly label: Label; readonly action: 'add' | 'remove' }
  | { readonly kind: 'state'; readonly state: 'closed' | 'reopened' }
  | { readonly kind: 'weight'; readonly weight: number | null }
  | { readonly kind: 'milestone'; readonly milestone: Milestone; readonly action: 'add' | 'remove' }
);

export interface Issue extends CachedJson {
  readonly id: number;
  readonly iid: number;
  readonly project: Project;
  title: string;
  /** Null where none was ever set. */
  description: string | null;
  state: IssueState;
  readonly createdAt: number;
  updatedAt: number;
  updatedBy: User | null;
  lastEditedAt: number | null;
  lastEditedBy: User | null;
  closedAt: number | null;
  closedBy: User | null;
  readonly author: User;
  assignees: readonly User[];
  /** In the order of their names. */
  labels: readonly Label[];
  milestone: Milestone | null;
  /** `YYYY-MM-DD`. */
  dueDate: string | null;
  confidential: boolean;
  discussionLocked: boolean | null;
  issueType: IssueType;
  /** Of the paid editions. */
  weight: number | null;
  movedTo: Issue | null;
  duplicatedTo: Issue | null;
  /** Seconds. */
  timeEstimate: number;
  totalTimeSpent: number;
  /** Oldest first. */
  notes: Note[];
  readonly events: ResourceEvent[];
  readonly subscribers: Set<User>;
}

/** Numbers that hooks use for the states. */
export const issueStateIds: Readonly<Record<IssueState, number>> = { opened: 1, closed: 2 };
