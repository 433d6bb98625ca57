import type { Issue } from '../issues/model/issue.js';
import type { Note } from '../issues/model/note.js';
import type { Commit } from '../model/commit.js';
import type { Deployment } from '../model/deployment.js';
import type { MergeRequest } from '../model/merge-request.js';
import type { User } from '../model/people.js';
import type { Job, Pipeline } from '../model/pipeline.js';
import type { Project } from '../model/project.js';
import type { Release } from '../model/release.js';

/** Before and after of one field, as a hook's `changes` names it. */
export type FieldChanges = Readonly<Record<string, { readonly previous: unknown; readonly current: unknown }>>;

export interface PushedRef {
  readonly kind: 'push';
  readonly project: Project;
  readonly user: User;
  readonly refType: 'branch' | 'tag';
  readonly ref: string;
  /** 40 zeros where the ref is new. */
  readonly before: string;
  /** 40 zeros where the ref was deleted. */
  readonly after: string;
  /** Oldest first. */
  readonly commits: readonly Commit[];
  /** How many refs of this type the same push changed. */
  readonly refsInPush: number;
  readonly message?: string;
}

export type IssueAction = 'open' | 'close' | 'reopen' | 'update';
export type MergeRequestAction = 'open' | 'close' | 'reopen' | 'update' | 'approved' | 'unapproved' | 'merge';

/** Something that happened in the world and that a hook may tell about. Sent before the caller gets control back. */
export type WorldEvent =
  | PushedRef
  | {
      readonly kind: 'merge_request';
      readonly project: Project;
      readonly user: User;
      readonly action: MergeRequestAction;
      readonly mergeRequest: MergeRequest;
      readonly changes: FieldChanges;
      readonly oldrev?: string;
    }
  | {
      readonly kind: 'issue';
      readonly project: Project;
      readonly user: User;
      readonly action: IssueAction;
      readonly issue: Issue;
      readonly changes: FieldChanges;
    }
  | {
      readonly kind: 'note';
      readonly project: Project;
      readonly user: User;
      readonly action: 'create' | 'update';
      readonly note: Note;
    }
  | { readonly kind: 'pipeline'; readonly project: Project; readonly pipeline: Pipeline }
  | { readonly kind: 'job'; readonly project: Project; readonly job: Job }
  | {
      readonly kind: 'release';
      readonly project: Project;
      readonly action: 'create' | 'update' | 'delete';
      readonly release: Release;
    }
  | { readonly kind: 'deployment'; readonly project: Project; readonly deployment: Deployment };

export const noSha = '0'.repeat(40);
